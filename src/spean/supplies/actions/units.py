"""Units open and close, beds are set and counted, staff come, go and are put on duty."""

from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.supplies import queries
from spean.supplies.actions.refusals import DayToCome
from spean.supplies.models import Beds, Cadre, Census, Duty, Shift, Staff, Unit, UnitKind
from spean.supplies.queries import MANAGE, RECORD

M = TypeVar("M", bound=Model)
U = TypeVar("U", Unit, Staff)


class UnitOpen(Conflict):
    """Refuse a second unit of one kind."""

    code = "supplies.unit_open"
    message = N_("The facility has an open unit of this kind already.")
    field = "kind"


class WordUnknown(SpeanError):
    """Refuse a word that is not on the list."""

    code = "supplies.word_unknown"
    message = N_("“%(word)s” is not on the list. Choose one of it.")


class BedsWrong(SpeanError):
    """Refuse a number of beds or patients that cannot be."""

    code = "supplies.beds_wrong"
    message = N_("Write a whole number from 0 to 1,000.")
    field = "number"


class BedsDated(Conflict):
    """Refuse beds for days that are said already."""

    code = "supplies.beds_dated"
    message = N_("Beds are on record from this day or later. Choose a later day.")
    field = "since"


class NotOfUnit(SpeanError):
    """Refuse to put on duty who works elsewhere, or no longer, or when the unit is closed."""

    code = "supplies.not_of_unit"
    message = N_("%(name)s does not work here on this day, or the unit is closed.")
    field = "staff"


class OnDutyAlready(Conflict):
    """Refuse to put somebody in two places at once."""

    code = "supplies.on_duty_already"
    message = N_("%(name)s is on duty at this shift already.")
    field = "staff"


class NameMissing(SpeanError):
    """Ask for a name."""

    code = "supplies.name_missing"
    message = N_("Write the name.")
    field = "name"


class EndsTooEarly(SpeanError):
    """Refuse an end before the start."""

    code = "supplies.ends_too_early"
    message = N_("It must end after it began, on %(start)s.")
    field = "end"


@transaction.atomic
def open_unit(*, facility: str, kind: str, since: date, by: Actor, on: date) -> Unit:
    """Open a unit of a facility. Raises NotAllowed, UnknownFacility, WordUnknown, UnitOpen."""
    at = queries.facility_for(facility, by=by, on=on, permission=MANAGE)
    made = Unit(facility=at, kind=_known(kind, UnitKind), start=since)
    _save(made, UnitOpen())
    return _noted("supplies.open_unit", made, at.place.code, by)


@transaction.atomic
def close_unit(*, unit_id: int, end: date, by: Actor) -> Unit:
    """Close a unit from a day on. Raises NotFound, NotAllowed, EndsTooEarly."""
    found = queries.unit_for(unit_id)
    return _end(found, end, found.facility.place.code, by, "supplies.close_unit")


@transaction.atomic
def set_beds(*, unit_id: int, number: int, since: date, by: Actor) -> Beds:
    """Say how many beds a unit has from a day on.

    Raises NotFound, NotAllowed, BedsWrong, BedsDated.
    """
    found = queries.unit_for(unit_id)
    access.require(by, MANAGE, area=found.facility.place.code)
    if not 0 <= number <= 1000:
        raise BedsWrong
    before = Beds.objects.select_for_update().filter(unit=found, end=None).first()
    if before is not None:
        if before.start >= since:
            raise BedsDated
        before.end = since
        before.save(update_fields=["end"])
    made = Beds(unit=found, number=number, start=since)
    _save(made, BedsDated())
    return _noted("supplies.set_beds", made, found.facility.place.code, by, number=number)


@transaction.atomic
def record_census(*, unit_id: int, patients: int, day: date, by: Actor, on: date) -> Census:
    """Write down how many patients lay in a unit at midnight; a second count replaces the first.

    Raises NotFound, NotAllowed, BedsWrong, DayToCome.
    """
    found = queries.unit_for(unit_id)
    access.require(by, RECORD, area=found.facility.place.code)
    if not 0 <= patients <= 1000:
        raise BedsWrong
    if day > on:
        raise DayToCome
    made, _ = Census.objects.update_or_create(
        unit=found, day=day, defaults={"patients": patients, "recorded_by": by.name}
    )
    return _noted("supplies.record_census", made, found.facility.place.code, by,
                  patients=patients)  # fmt: skip


@transaction.atomic
def enter_staff(
    *, facility: str, name: str, cadre: str, since: date, by: Actor, on: date, phone: str = ""
) -> Staff:
    """Say that somebody works at a facility from a day on.

    Raises NotAllowed, UnknownFacility, WordUnknown, NameMissing.
    """
    at = queries.facility_for(facility, by=by, on=on, permission=MANAGE)
    if not name.strip():
        raise NameMissing
    made = Staff.objects.create(
        facility=at, name=name.strip()[:120], cadre=_known(cadre, Cadre), start=since,
        phone=phone.strip()[:20],
    )  # fmt: skip
    return _noted("supplies.enter_staff", made, at.place.code, by, cadre=cadre)


@transaction.atomic
def end_staff(*, staff_id: int, end: date, by: Actor) -> Staff:
    """Say that somebody works here no longer; their duties from then on are taken off.

    Raises NotFound, NotAllowed, EndsTooEarly.
    """
    found = queries.staff_for(staff_id)
    ended = _end(found, end, found.facility.place.code, by, "supplies.end_staff")
    found.duties.filter(day__gte=end).delete()
    return ended


@transaction.atomic
def put_on_duty(*, unit_id: int, staff_id: int, day: date, shift: str, by: Actor) -> Duty:
    """Plan somebody for a shift.

    Raises NotFound, NotAllowed, WordUnknown, NotOfUnit, OnDutyAlready.
    """
    unit, who = queries.unit_for(unit_id), queries.staff_for(staff_id)
    access.require(by, MANAGE, area=unit.facility.place.code)
    here = who.facility_id == unit.facility_id
    if not (here and _holds(who, day) and _holds(unit, day)):
        raise NotOfUnit(name=who.name)
    made = Duty(unit=unit, staff=who, day=day, shift=_known(shift, Shift), planned_by=by.name)
    _save(made, OnDutyAlready(name=who.name))
    return _noted("supplies.put_on_duty", made, unit.facility.place.code, by)


@transaction.atomic
def take_off_duty(*, duty_id: int, by: Actor) -> None:
    """Take somebody off a shift. Raises NotFound, NotAllowed."""
    found = queries.duty_for(duty_id)
    access.require(by, MANAGE, area=found.unit.facility.place.code)
    _noted("supplies.take_off_duty", found, found.unit.facility.place.code, by)
    found.delete()


def _holds(dated: Unit | Staff, day: date) -> bool:
    return dated.start <= day and (dated.end is None or day < dated.end)


def _known(word: str, words: Any) -> str:
    if word not in words.values:
        raise WordUnknown(word=word[:20])
    return word


def _save(made: Model, refusal: SpeanError) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise refusal from error


def _end(found: U, end: date, area: str, by: Actor, action: str) -> U:
    access.require(by, MANAGE, area=area)
    if end <= found.start:
        raise EndsTooEarly(start=found.start.isoformat())
    found.end = end
    found.save(update_fields=["end"])
    return _noted(action, found, area, by, end=end.isoformat())


def _noted(action: str, made: M, area: str, by: Actor, **detail: object) -> M:
    audit.write(by=by, action=action, subject=made, area=area, **detail)
    return made
