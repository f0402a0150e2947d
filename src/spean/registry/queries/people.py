"""Reads of people: where each lives, and each one's record."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Case, F, IntegerField, Prefetch, Value, When

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.locations.queries import valid
from spean.registry.models import Household, Identifier, Membership, Person, Pregnancy


def villages_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give the code of the village where each person lives, or lived last."""
    rows = (
        Membership.objects.filter(person__in=set(person_ids))
        .order_by("person_id", F("end").desc(nulls_first=True), "-start")
        .distinct("person_id")
    )
    return dict(rows.values_list("person_id", "household__village__code"))


def last_home(person_id: UUID) -> Household | None:
    """Give the household where a person lives, or lived last, with its village."""
    row = (
        Membership.objects.filter(person=person_id)
        .select_related("household__village")
        .order_by(F("end").desc(nulls_first=True), "-start")
        .first()
    )
    return row.household if row else None


def person(person_id: UUID, *, by: Actor, log_read: bool = True) -> Person:
    """Give a person with memberships (newest first), identifiers and dated facts.

    Raises NotFound; NotAllowed outside the actor's area.
    """
    rows = Person.objects.prefetch_related(
        Prefetch(
            "memberships",
            Membership.objects.select_related("household__village").order_by("-start"),
        ),
        Prefetch("identifiers", Identifier.objects.filter(withdrawn=False).order_by("kind")),
        "pregnancies",
        "functions",
    )
    found = rows.filter(pk=person_id).first()
    if found is None:
        raise NotFound
    area = villages_of([found.pk]).get(found.pk, "")
    access.require(by, "registry.view_household", area=area)
    if log_read:
        audit.read(by=by, action="registry.read_person", subject=found, area=area)
    return found


def homes_of(person_ids: Iterable[UUID]) -> dict[UUID, Household]:
    """Give the household where each person lives, or lived last, with its village."""
    rows = (
        Membership.objects.filter(person__in=set(person_ids))
        .select_related("household__village")
        .order_by("person_id", F("end").desc(nulls_first=True), "-start")
        .distinct("person_id")
    )
    return {row.person_id: row.household for row in rows}


def lived_on(person_ids: Iterable[UUID], *, on: date) -> dict[UUID, Membership]:
    """Give where each person lived on a day, with the person and the village.

    Else where they live, or lived last: a child is often seen before it is registered.
    """
    then = Case(When(valid(on), then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = (
        Membership.objects.filter(person__in=set(person_ids))
        .select_related("person", "household__village")
        .order_by("person_id", then, F("end").desc(nulls_first=True), "-start")
        .distinct("person_id")
    )
    return {row.person_id: row for row in rows}


def pregnant_among(person_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """Give those of these people who are recorded as pregnant on a day.

    The caller has already been allowed to see them.
    """
    rows = Pregnancy.objects.filter(valid(on), person__in=set(person_ids))
    return set(rows.values_list("person_id", flat=True))
