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


def person_of(record_id: UUID) -> UUID:
    """Give the person whom a record is about: itself, or the one that it was merged into."""
    into = Person.objects.filter(pk=record_id).values_list("merged_into_id", flat=True).first()
    return record_id if into is None else person_of(into)


def records_of(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Give each record that is one of these people, or was merged into them, with the person.

    One query where nothing was merged, and one more for each merge after another.
    """
    return _with_merged({one: one for one in person_ids})


def merged_living_in(area: str) -> dict[UUID, UUID]:
    """Give each record that was merged into somebody who lives in an area, with that person.

    The caller has already been allowed to see the people of the area.
    """
    rows = Person.objects.filter(
        merged_into__memberships__end__isnull=True,
        merged_into__memberships__household__village__code__startswith=area,
        merged_into__isnull=False,
    )
    return _with_merged(dict(rows.values_list("pk", "merged_into_id")))


def _with_merged(found: dict[UUID, UUID]) -> dict[UUID, UUID]:
    """Add the records that were merged into these."""
    layer = found
    while layer:
        rows = Person.objects.filter(merged_into__in=list(layer))
        layer = {pk: found[into] for pk, into in rows.values_list("pk", "merged_into_id") if into}
        found = found | layer
    return found
