"""Equipment comes, is serviced, breaks and is repaired; each step stays on record."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.supplies import queries
from spean.supplies.actions.refusals import DayToCome
from spean.supplies.actions.units import WordUnknown
from spean.supplies.models import Equipment, EquipmentEvent, EquipmentKind, EquipmentState, Unit
from spean.supplies.queries import MANAGE, RECORD

Kind = EquipmentEvent.Kind
BECOMES: Mapping[str, str] = {
    Kind.BROKE: EquipmentState.BROKEN,
    Kind.SENT_OFF: EquipmentState.IN_REPAIR,
    Kind.REPAIRED: EquipmentState.WORKING,
    Kind.RETIRED: EquipmentState.RETIRED,
}


class EquipmentKnown(Conflict):
    """Refuse a serial number a second time."""

    code = "supplies.equipment_known"
    message = N_("Equipment of this kind with the serial number “%(serial)s” is on record already.")
    field = "serial"


class SerialMissing(SpeanError):
    """Ask for the serial number."""

    code = "supplies.serial_missing"
    message = N_("Write the serial number, or a number that you have put on it.")
    field = "serial"


class EquipmentRetired(Conflict):
    """Refuse to note anything of what is gone."""

    code = "supplies.equipment_retired"
    message = N_("This equipment is retired.")


class UnitElsewhere(SpeanError):
    """Refuse a unit of another facility."""

    code = "supplies.unit_elsewhere"
    message = N_("This unit is not of this facility.")
    field = "unit"


@transaction.atomic
def add_equipment(
    *, facility: str, kind: str, serial: str, day: date, by: Actor, on: date, model: str = "",
    unit_id: int | None = None, service_due: date | None = None,
) -> Equipment:  # fmt: skip
    """Put equipment on record that came on a day.

    Raises NotAllowed, UnknownFacility, WordUnknown, SerialMissing, EquipmentKnown, UnitElsewhere,
    DayToCome.
    """
    at = queries.facility_for(facility, by=by, on=on, permission=MANAGE)
    if kind not in EquipmentKind.values:
        raise WordUnknown(word=kind[:20])
    if not serial.strip():
        raise SerialMissing
    made = Equipment(
        facility=at, kind=kind, serial=serial.strip()[:60], model=model.strip()[:120],
        unit=_unit(unit_id, at.pk), service_due=service_due,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise EquipmentKnown(serial=made.serial) from error
    _note(made, Kind.CAME, day, by, on)
    return made


@transaction.atomic
def note_equipment(
    *, equipment_id: UUID, kind: str, day: date, by: Actor, on: date, note: str = "",
    cost: int | None = None, unit_id: int | None = None, service_due: date | None = None,
) -> Equipment:  # fmt: skip
    """Write down what happened to equipment: serviced (and next due), broken, repaired, moved.

    Raises NotFound, NotAllowed, WordUnknown, EquipmentRetired, UnitElsewhere, DayToCome.
    """
    found = queries.equipment_for(equipment_id, lock=True)
    access.require(by, RECORD, area=found.facility.place.code)
    if kind not in Kind.values or kind == Kind.CAME:
        raise WordUnknown(word=kind[:20])
    if found.state == EquipmentState.RETIRED:
        raise EquipmentRetired
    found.state = BECOMES.get(kind, found.state)
    if kind == Kind.SERVICED:
        found.service_due = service_due
    if kind == Kind.MOVED:
        found.unit = _unit(unit_id, found.facility_id)
    found.save(update_fields=["state", "service_due", "unit"])
    _note(found, kind, day, by, on, note=note, cost=cost)
    return found


def _unit(unit_id: int | None, facility_id: int) -> Unit | None:
    if unit_id is None:
        return None
    unit = queries.unit_for(unit_id)
    if unit.facility_id != facility_id:
        raise UnitElsewhere
    return unit


def _note(
    found: Equipment, kind: str, day: date, by: Actor, on: date, *, note: str = "",
    cost: int | None = None,
) -> None:  # fmt: skip
    if day > on:
        raise DayToCome
    EquipmentEvent.objects.create(
        equipment=found, kind=kind, day=day, note=note.strip()[:300], cost=cost,
        recorded_by=by.name,
    )  # fmt: skip
    audit.write(by=by, action="supplies.note_equipment", subject=found, kind=kind,
                area=found.facility.place.code)  # fmt: skip
