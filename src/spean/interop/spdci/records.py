"""Rows of ours written as the standard's records, with its JSON-LD names.

Each writes only what the receiver is shown (`attributes.FIELDS`). What we don't record is left out,
never sent empty. A page of any size costs a fixed number of queries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import override

from spean.interop.spdci.codes import ENROLMENTS, UNITS
from spean.interop.spdci.people import (
    Page,
    Record,
    impairments,
    member,
    moment,
    numbers_of,
    person,
    place,
)
from spean.programmes.queries.words import programme_name
from spean.registry import queries as registry

SCHEMAS = "https://schema.spdci.org"
SOCIAL = f"{SCHEMAS}/extensions/social/v1/data"


@dataclass(frozen=True, slots=True)
class Released:
    """A record, and whose it is."""

    record: Record
    household: UUID | None
    person: UUID | None


def groups(rows: Sequence[Any], page: Page) -> list[Released]:
    """Give households as groups, with their head and members."""
    homes = registry.people_in(row.pk for row in rows)
    people = [member.person_id for members in homes.values() for member in members]
    page.read(people=people, homes=[row.pk for row in rows])
    return [Released(_group(row, homes.get(row.pk, []), page), row.pk, None) for row in rows]


def members(rows: Sequence[Any], page: Page) -> list[Released]:
    """Give people who live in households as members."""
    page.read(people=[row.person_id for row in rows])
    heads = _heads(rows)
    return [
        Released(member(row, heads.get(row.household_id), page), row.household_id, row.person_id)
        for row in rows
    ]


def civil_people(rows: Sequence[Any], page: Page) -> list[Released]:
    """Give everybody on record as the civil registry describes a person."""
    page.read(people=[row.pk for row in rows])
    found = []
    for row in rows:
        record = {
            "@context": f"{SCHEMAS}/extensions/crvs/v1/data/CRVSPerson.jsonld",
            "@type": "CRVSPerson",
            **person(row, page),
        }
        if "death_date" in page.shown and row.death_date:
            record["death_date"] = moment(row.death_date)
        found.append(Released(record, row.home, row.pk))
    return found


def disabled_people(rows: Sequence[Any], page: Page) -> list[Released]:
    """Give people with difficulties in functioning, as the Washington Group's questions found."""
    found = []
    heads = _heads(rows)
    page.read(people=[row.person_id for row in rows])
    for row in rows:
        record: Record = {
            "@context": f"{SCHEMAS}/extensions/dr/v1/data/PWDPerson.jsonld",
            "@type": "DisabledPerson",
            "personal_details": member(row, heads.get(row.household_id), page),
        }
        if "disability" in page.shown:
            record["disability_details"] = impairments(page.functions.get(row.person_id))
        found.append(Released(record, row.household_id, row.person_id))
    return found


def beneficiaries(rows: Sequence[Any], page: Page) -> list[Released]:
    """Give households in programmes as beneficiaries."""
    found = []
    for row in rows:
        record: Record = {
            "@context": f"{SCHEMAS}/extensions/ibr/v1/data/Beneficiary.jsonld",
            "@type": "Beneficiary",
            "assistance_unit": UNITS["household"],
            **(_benefit(row, page) if "programmes" in page.shown else {}),
        }
        found.append((row, record))
    homes = {
        one.household: one.record
        for one in groups(_households([row.household for row in rows]), page)
    }
    for row, record in found:
        record["group"] = homes[row.household_id]
    return [Released(record, row.household_id, None) for row, record in found]


WRITERS: Mapping[str, Callable[[Sequence[Any], Page], list[Released]]] = {
    "Group": groups,
    "Member": members,
    "Person": civil_people,
    "DisabledPerson": disabled_people,
    "Beneficiary": beneficiaries,
}


def _group(row: Any, people: Sequence[Any], page: Page) -> Record:
    head = people[0] if people and people[0].relation == "head" else None
    record = {
        "@context": f"{SOCIAL}/Group.jsonld",
        "@type": "Group",
        **page.only(
            {
                "identifier": lambda: {"group_identifier": numbers_of(row.pk, page)},
                "group": lambda: {"group_type": UNITS["household"], "group_size": len(people)},
                "place": lambda: place(row.village, page),
                "poverty": lambda: _poverty(row),
                "dates": lambda: {
                    "registration_date": moment(row.registered_on),
                    "last_updated": moment(row.since),
                },
            }
        ),
    }
    if "members" in page.shown:
        if head is not None:
            record["group_head_info"] = member(head, head, page)
        record["member_list"] = [member(one, head, page) for one in people]
    return record


def _poverty(row: Any) -> Record:
    if getattr(row, "level", None) is None:
        return {}
    scored = {} if row.points is None else {"poverty_score": float(row.points)}
    return {
        **scored,
        "poverty_score_type": "IDPoor",
        "additional_attributes": [{"poverty_level": row.level}],
    }


def _benefit(row: Any, page: Page) -> Record:
    with override("km" if page.locale == "khm" else "en"):
        name = str(programme_name(row.programme))
    return {
        "programme_identifier": [
            {"@type": "Programme", "programme_identifier": row.programme, "programme_name": name}
        ],
        "enrollment_date": moment(row.since),
        "enrollment_status": ENROLMENTS[row.state],
    }


def _households(rows: Sequence[Any]) -> list[Any]:
    return list({row.pk: row for row in rows}.values())


def _heads(rows: Sequence[Any]) -> dict[UUID, Any]:
    homes = registry.people_in(row.household_id for row in rows)
    return {home: people[0] for home, people in homes.items() if people[0].relation == "head"}
