"""The rows that one new member becomes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spean.registry.models import (
    FunctionAssessment,
    Household,
    Identifier,
    Membership,
    Person,
    Pregnancy,
)
from spean.registry.rules import names
from spean.registry.rules.people import NewMember

NAMES = ("family_name_km", "given_name_km", "family_name_latin", "given_name_latin")


@dataclass(slots=True)
class Rows:
    """Unsaved rows of one or more people, in the order in which they can be saved."""

    people: list[Person] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    functions: list[FunctionAssessment] = field(default_factory=list)
    pregnancies: list[Pregnancy] = field(default_factory=list)


def searchable(person: Person) -> dict[str, Any]:
    """Give what search finds a person by, from their names."""
    spelt = [getattr(person, name) for name in NAMES]
    return {"search_text": names.search_text(*spelt), "search_keys": names.search_keys(*spelt)}


def rows_of(member: NewMember, household: Household, on: date, rows: Rows) -> Person:
    """Add the rows of one member, living in the household from the day on."""
    person = Person(
        **{name: getattr(member, name) for name in NAMES},
        sex=member.sex,
        birth_date=member.birth_date,
        birth_date_precision=member.birth_date_precision,
        phone=member.phone,
        since=on,
    )
    for name, value in searchable(person).items():
        setattr(person, name, value)
    rows.people.append(person)
    rows.memberships.append(
        Membership(household=household, person=person, relation=member.relation, start=on)
    )
    rows.identifiers += [
        Identifier(kind=kind, value=value, person=person, start=on)
        for kind, value in member.identifiers.items()
    ]
    if member.functioning is not None:
        rows.functions.append(FunctionAssessment(person=person, start=on, **member.functioning))
    if member.pregnant:
        rows.pregnancies.append(Pregnancy(person=person, start=on))
    return person
