"""A household as it was recorded for any day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotFound
from spean.kernel.periods import age_on
from spean.locations.queries import Place, valid
from spean.registry.models import (
    EquityCard,
    FunctionAssessment,
    Household,
    HouseholdPast,
    Identifier,
    Membership,
    Person,
    PersonPast,
    Pregnancy,
)
from spean.registry.queries.households import IN_ORDER


class NotYetRegistered(NotFound):
    """Say that the household was not in the registry on the day."""

    code = "registry.not_yet_registered"
    message = N_("This household is recorded since %(since)s. Choose that day or a later one.")
    field = "on"


@dataclass(frozen=True, slots=True)
class MemberState:
    """A member on the day, with the names and facts recorded for that day."""

    person_id: UUID
    facts: Person | PersonPast
    relation: str
    since: date
    age: int
    pregnant: bool
    disabled: bool
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """A household on a day. A dissolved one has no members."""

    household: Household
    on: date
    village: Place
    address: str
    phone: str
    dissolved: bool
    members: tuple[MemberState, ...]
    cards: tuple[EquityCard, ...]
    identifiers: tuple[Identifier, ...]


def household_as_of(household_id: UUID, *, by: Actor, on: date) -> HouseholdState:
    """Give a household as its dated rows say it was on a day. Seven queries whatever its size.

    Access is decided by where the household is now. Raises NotFound, NotYetRegistered, NotAllowed.
    """
    household = Household.objects.select_related("village").filter(pk=household_id).first()
    if household is None:
        raise NotFound
    area = household.village.code
    access.require(by, "registry.view_household", area=area)
    if on < household.registered_on:
        raise NotYetRegistered(since=household.registered_on.isoformat())
    audit.read(
        by=by, action="registry.read_household_as_of", subject=household, area=area,
        on=on.isoformat(),
    )  # fmt: skip
    past = HouseholdPast.objects.filter(valid(on), household=household).select_related("village")
    facts = past.first() or household
    members, numbers = _members(household, on)
    return HouseholdState(
        household=household,
        on=on,
        village=facts.village,
        address=facts.address,
        phone=facts.phone,
        dissolved=facts.dissolved_on is not None and facts.dissolved_on <= on,
        members=members,
        cards=tuple(_cards(household, on)),
        identifiers=numbers,
    )


def _members(
    household: Household, on: date
) -> tuple[tuple[MemberState, ...], tuple[Identifier, ...]]:
    rows = list(
        Membership.objects.filter(valid(on), household=household)
        .select_related("person")
        .annotate(pregnant=Exists(Pregnancy.objects.filter(valid(on), person=OuterRef("person"))))
        .annotate(
            disabled=Exists(
                FunctionAssessment.objects.filter(
                    valid(on), person=OuterRef("person"), disabled=True
                )
            )
        )
        .order_by(IN_ORDER, "person__birth_date", "person_id")
    )
    people = [row.person_id for row in rows]
    past = {r.person_id: r for r in PersonPast.objects.filter(valid(on), person__in=people)}
    numbers = list(_identifiers(household, people, on))
    states = tuple(_state(row, past.get(row.person_id), numbers, on) for row in rows)
    return states, tuple(n for n in numbers if n.household_id == household.pk)


def _state(row: Any, past: PersonPast | None, numbers: list[Identifier], on: date) -> MemberState:
    """Give a member from an annotated membership, and the person's past row of the day, if any."""
    facts = past or row.person
    return MemberState(
        person_id=row.person_id,
        facts=facts,
        relation=row.relation,
        since=row.start,
        age=age_on(facts.birth_date, on),
        pregnant=row.pregnant,
        disabled=row.disabled,
        identifiers=tuple(n for n in numbers if n.person_id == row.person_id),
    )


def _identifiers(household: Household, people: list[UUID], on: date) -> QuerySet[Identifier]:
    held = Identifier.objects.filter(valid(on), withdrawn=False).order_by("kind", "value")
    return held.filter(person__in=people) | held.filter(household=household)


def _cards(household: Household, on: date) -> QuerySet[EquityCard]:
    cards = EquityCard.objects.filter(valid(on), household=household)
    return cards.exclude(revoked_on__lte=on).order_by("start")
