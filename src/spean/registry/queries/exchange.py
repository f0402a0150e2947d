"""Rows of the registry for other systems, whose edge decides on access and writes the audit line.

Each gives open querysets, to be narrowed there by what was asked and by the areas of who asks.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from spean.registry.models import FunctionAssessment, Household, Identifier, Membership, Person

A_YEAR = timedelta(days=365)
PLACE = "household__village__parent__parent__parent"


def homes() -> QuerySet[Household]:
    """Give the households that exist now, with `size`, the number of their members."""
    counted = (
        Membership.objects.filter(household=OuterRef("pk"), end__isnull=True)
        .order_by()
        .values("household")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Household.objects.filter(dissolved_on__isnull=True, merged_into__isnull=True)
        .select_related(PLACE.removeprefix("household__"))
        .annotate(size=Coalesce(Subquery(counted), 0))
    )


def residents() -> QuerySet[Membership]:
    """Give who lives in a household now, with `disabled`, as last assessed."""
    return (
        Membership.objects.filter(end__isnull=True, person__merged_into__isnull=True)
        .select_related("person", PLACE)
        .annotate(disabled=Exists(_assessed().filter(disabled=True)))
    )


def recorded_people() -> QuerySet[Person]:
    """Give everybody on record, the dead too, with `home` and `area`: where they lived last."""
    last = Membership.objects.filter(person=OuterRef("pk")).order_by(
        F("end").desc(nulls_first=True), "-start"
    )
    return Person.objects.filter(merged_into__isnull=True).annotate(
        home=Subquery(last.values("household")[:1]),
        area=Subquery(last.values("household__village__code")[:1]),
    )


def is_newborn(person_id: UUID, *, on: date) -> bool:
    """Say whether somebody came into a first household on a day, not yet a year old."""
    rows = Membership.objects.filter(person=person_id, person__birth_date__gt=on - A_YEAR)
    return rows.filter(start=on).exists() and not rows.filter(start__lt=on).exists()


def holders(values: Iterable[str], *, kind: str = "") -> QuerySet[Identifier]:
    """Give the numbers of these values that people or households hold; of one kind, or of any."""
    found = Identifier.objects.filter(value__in=list(values), withdrawn=False)
    return found.filter(kind=kind) if kind else found


def numbers_of(
    *, people: Iterable[UUID] = (), homes: Iterable[UUID] = ()
) -> dict[UUID, list[Identifier]]:
    """Give the numbers that people and households hold, by holder."""
    kept = Identifier.objects.filter(withdrawn=False)
    found: dict[UUID, list[Identifier]] = defaultdict(list)
    rows = kept.filter(person__in=set(people)) | kept.filter(household__in=set(homes))
    for one in rows.order_by("kind", "value"):
        found[one.person_id or one.household_id].append(one)  # type: ignore[index]
    return dict(found)


def assessments_of(people: Iterable[UUID]) -> dict[UUID, FunctionAssessment]:
    """Give each person's last answers about functioning."""
    rows = FunctionAssessment.objects.filter(person__in=set(people), end__isnull=True)
    return {row.person_id: row for row in rows}


def _assessed() -> QuerySet[FunctionAssessment]:
    return FunctionAssessment.objects.filter(person=OuterRef("person"), end__isnull=True)
