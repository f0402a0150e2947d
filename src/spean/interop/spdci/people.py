"""A person written as the standard's records, and what every record of a page shares.

Each writes only what the receiver is shown (`attributes.FIELDS`). What we don't record is left out,
never sent empty.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from spean.interop.spdci.codes import (
    IDENTIFIERS,
    IMPAIRMENT_LEVELS,
    IMPAIRMENTS,
    LIMITATIONS,
    RELATIONS,
    SEVERITIES,
    SEXES,
)
from spean.registry import queries as registry

Record = dict[str, Any]


@dataclass(slots=True)
class Page:
    """What the records of one page share: fields shown, the language, numbers and answers read."""

    shown: frozenset[str]
    locale: str
    numbers: Mapping[UUID, Sequence[Any]] = field(default_factory=dict)
    functions: Mapping[UUID, Any] = field(default_factory=dict)

    def read(self, *, people: Sequence[UUID], homes: Sequence[UUID] = ()) -> None:
        """Read the numbers and the answers about functioning, each in one query."""
        if "identifier" in self.shown:
            self.numbers = registry.numbers_of(people=people, homes=homes)
        if "disability" in self.shown:
            self.functions = registry.assessments_of(people)

    def only(self, fields: Mapping[str, Callable[[], Record]]) -> Record:
        """Put together what the shown fields give; the others are not even worked out."""
        record: Record = {}
        for name, make in fields.items():
            if name in self.shown:
                record |= make()
        return record


def impairments(answers: Any) -> list[Record]:
    """Give the domains with a difficulty, as impairments of a level."""
    return [
        {
            "@type": "DisabilityDetails",
            "impairment_type": code,
            "impairment_level": IMPAIRMENT_LEVELS[getattr(answers, domain)],
        }
        for domain, code in IMPAIRMENTS.items()
        if answers is not None and getattr(answers, domain) in IMPAIRMENT_LEVELS
    ]


def member(row: Any, head: Any, page: Page) -> Record:
    """Write a membership as a member, related to the head of the household."""
    answers = page.functions.get(row.person_id)
    return {
        "@type": "Member",
        **page.only(
            {
                "identifier": lambda: {"member_identifier": numbers_of(row.person_id, page)},
                "relationship": lambda: {"related_person": [_related(row, head, page)]},
                "disability": lambda: _disability(answers),
                "dates": lambda: {
                    "registration_date": moment(row.start),
                    "last_updated": moment(row.person.since),
                },
            }
        ),
        "demographic_info": {"@type": "SRPerson", **person(row.person, page)},
    }


def person(row: Any, page: Page) -> Record:
    """Write who somebody is."""
    return page.only(
        {
            "identifier": lambda: {"identifier": numbers_of(row.pk, page)},
            "name": lambda: {"name": _name(row, page)},
            "sex": lambda: {"sex": SEXES[row.sex]},
            "birth_date": lambda: {"birth_date": moment(row.birth_date)},
            "phone_number": lambda: {"phone_number": [row.phone]} if row.phone else {},
        }
    )


def _name(person: Any, page: Page) -> Record:
    """Write a name in the reader's script, or in the only one in which it is known."""
    first, second = ("km", "latin") if page.locale == "khm" else ("latin", "km")
    parts = {"surname": "family_name", "given_name": "given_name"}
    known = {
        name: getattr(person, f"{column}_{first}") or getattr(person, f"{column}_{second}")
        for name, column in parts.items()
    }
    return {"@type": "Name", **{name: value for name, value in known.items() if value}}


def _related(row: Any, head: Any, page: Page) -> Record:
    record: Record = {"@type": "RelatedPerson", "relationship_type": RELATIONS[row.relation]}
    numbers = numbers_of(head.person_id, page) if head is not None else []
    if numbers:
        record["related_member"] = numbers[0]["identifier_value"]
    return record


def _disability(answers: Any) -> Record:
    if answers is None:
        return {}
    return {
        "is_disabled": answers.disabled,
        "disability_info": [
            {
                "@type": "DisabilityInfo",
                "disability_limitation_type": code,
                "functional_severity": SEVERITIES[getattr(answers, domain)],
            }
            for domain, code in LIMITATIONS.items()
        ],
    }


def numbers_of(holder: UUID, page: Page) -> list[Record]:
    """Write the numbers that somebody holds."""
    return [
        {
            "@type": "Identifier",
            "identifier_type": IDENTIFIERS[one.kind],
            "identifier_value": one.value,
        }
        for one in page.numbers.get(holder, ())
    ]


def place(village: Any, page: Page) -> Record:
    """Write the village and what holds it as nested places; each name with its official code."""
    place: Record = {}
    for one in [*reversed(village.holders), village]:
        name = one.name_km if page.locale == "khm" else one.name_en
        inner: Record = {"@type": "Place", "@id": one.code, "name": name}
        place = inner | ({"contained_in_place": place} if place else {})
    return {"geographical_location": place, "place_address": True}


def moment(day: date) -> str:
    """Write a day as the moment at which it begins in Cambodia: the standard has no bare days."""
    return f"{day.isoformat()}T00:00:00+07:00"
