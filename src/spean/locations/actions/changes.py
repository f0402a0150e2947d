"""Dated changes by a legal act: the class of an area, the level of a facility."""

from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.locations.models import AreaClass, Facility, FacilityLevel, Place

T = TypeVar("T", AreaClass, FacilityLevel)


class AlreadySo(SpeanError):
    """Refuse a change to what already holds."""

    code = "locations.already_so"
    message = N_("This already holds since %(start)s, by “%(act)s”. Nothing was changed.")


class LaterChangeExists(Conflict):
    """Refuse a change that would slip in before, or on the day of, another one."""

    code = "locations.later_change_exists"
    message = N_("Another change is recorded on %(start)s, by “%(act)s”. Choose a later day.")
    field = "on"


@transaction.atomic
def classify_area(*, place: Place, kind: str, act: str, by: Actor, on: date) -> AreaClass:
    """Count a place as Phnom Penh urban, other urban or rural from a day on.

    Raises NotAllowed, AlreadySo, LaterChangeExists.
    """
    access.require(by, "locations.amend", area=place.code)
    before = _end_current(AreaClass.objects.filter(place=place), kind, on)
    made = AreaClass.objects.create(place=place, kind=kind, act=act, start=on)
    audit.write(
        by=by, action="locations.classify_area", subject=made, area=place.code,
        before=before, kind=kind, act=act, on=on.isoformat(),
    )  # fmt: skip
    return made


@transaction.atomic
def set_facility_level(
    *, facility: Facility, kind: str, act: str, by: Actor, on: date
) -> FacilityLevel:
    """Let a facility work at a level from a day on.

    Raises NotAllowed, AlreadySo, LaterChangeExists.
    """
    area = facility.place.code
    access.require(by, "locations.amend", area=area)
    before = _end_current(FacilityLevel.objects.filter(facility=facility), kind, on)
    made = FacilityLevel.objects.create(facility=facility, kind=kind, act=act, start=on)
    audit.write(
        by=by, action="locations.set_facility_level", subject=made, area=area,
        before=before, kind=kind, act=act, on=on.isoformat(),
    )  # fmt: skip
    return made


def _end_current(rows: QuerySet[T], kind: str, on: date) -> str:
    """End what holds on the day, and give its kind ("" for none)."""
    later = rows.filter(start__gte=on).order_by("start").first()
    if later is not None:
        raise LaterChangeExists(start=later.start.isoformat(), act=later.act)
    current = rows.select_for_update().filter(Q(end__isnull=True) | Q(end__gt=on)).first()
    if current is None:
        return ""
    if current.kind == kind:
        raise AlreadySo(start=current.start.isoformat(), act=current.act)
    current.end = on
    current.save(update_fields=["end"])
    return current.kind
