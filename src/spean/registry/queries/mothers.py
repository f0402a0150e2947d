"""Pregnant women and small children of an area, for those who look after them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.locations.queries import valid
from spean.registry.models import Membership, Pregnancy


@dataclass(frozen=True, slots=True)
class MotherOrChild:
    """A pregnant woman (`pregnant_since`), or a child born lately, and where they live."""

    person_id: UUID
    household_id: UUID
    village_id: int
    birth_date: date
    pregnant_since: date | None = None
    expected_on: date | None = None


def pregnancies_and_births(area: str, *, born_since: date, on: date) -> list[MotherOrChild]:
    """Give the pregnancies known on a day and the children born since another, in two queries.

    The caller has already been allowed to see the people of the area.
    """
    lives = Membership.objects.filter(
        end__isnull=True, household__village__code__startswith=area, person__death_date=None
    ).select_related("person", "household")
    pregnancies = {
        row.person_id: row
        for row in Pregnancy.objects.filter(
            valid(on),
            person__memberships__end__isnull=True,
            person__memberships__household__village__code__startswith=area,
        )
    }
    born = Q(person__birth_date__range=(born_since, on), person__birth_date_precision="exact")
    found = []
    for row in lives.filter(born | Q(person__in=list(pregnancies))).order_by("id"):
        pregnancy = pregnancies.get(row.person_id)
        found.append(
            MotherOrChild(
                person_id=row.person_id,
                household_id=row.household_id,
                village_id=row.household.village_id,
                birth_date=row.person.birth_date,
                pregnant_since=pregnancy.start if pregnancy else None,
                expected_on=pregnancy.expected_on if pregnancy else None,
            )
        )
    return found


def living_in(area: str, *, born_since: date) -> QuerySet[Membership]:
    """Give who of an area was born since a day and lives, with the person and the village.

    The caller has already been allowed to see the people of the area.
    """
    return Membership.objects.filter(
        end__isnull=True, household__village__code__startswith=area, person__death_date=None,
        person__birth_date__gte=born_since,
    ).select_related("person", "household__village")  # fmt: skip
