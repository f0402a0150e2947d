"""Equipment, temperatures and batches held back over the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.supplies import actions, queries
from spean.supplies.models import Equipment, Quarantine, Reading

router = Router(tags=["supplies"])
READS = (Purpose.CARE, Purpose.OVERSIGHT)


class EquipmentIn(StrictSchema):
    """A piece of equipment that came."""

    facility: str
    kind: str
    serial: str = Field(max_length=60)
    model: str = Field(default="", max_length=120)
    unit_id: int | None = None
    day: date
    service_due: date | None = None


class EquipmentEventIn(StrictSchema):
    """What happened to a piece of equipment."""

    kind: str
    day: date
    note: str = Field(default="", max_length=300)
    cost: int | None = Field(default=None, ge=0, le=2_000_000_000)
    unit_id: int | None = None
    service_due: date | None = None


class EquipmentOut(Schema):
    """A piece of equipment."""

    id: UUID
    facility: str
    kind: str
    serial: str
    model: str
    unit_id: int | None
    state: str
    service_due: date | None


class ReadingIn(StrictSchema):
    """A temperature."""

    at: datetime
    celsius: Decimal = Field(ge=-90, le=90)


class ReadingOut(Schema):
    """A temperature on record."""

    at: datetime
    celsius: Decimal
    logged: bool


class QuarantineOut(Schema):
    """A batch that is held back, and the temperature for which it is."""

    id: UUID
    facility: str
    item: str
    batch: str
    since: date
    celsius: Decimal
    decision: str


class QuarantineDecisionIn(StrictSchema):
    """Released or discarded, and why."""

    decision: str
    reason: str = Field(max_length=300)


def _equipment(one: Equipment) -> EquipmentOut:
    return EquipmentOut(
        id=one.pk, facility=one.facility.code, kind=one.kind, serial=one.serial, model=one.model,
        unit_id=one.unit_id, state=one.state, service_due=one.service_due,
    )  # fmt: skip


def _reading(one: Reading) -> ReadingOut:
    return ReadingOut(at=one.at, celsius=one.celsius, logged=one.logged)


def _quarantine(one: Quarantine) -> QuarantineOut:
    return QuarantineOut(
        id=one.pk, facility=one.facility.code, item=one.batch.item.code, batch=one.batch.number,
        since=one.since, celsius=one.reading.celsius, decision=one.decision,
    )  # fmt: skip


@router.get("/equipment", response={200: list[EquipmentOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def equipment(request: WithActor, facility: str) -> Any:
    """List the equipment of a facility."""
    found = queries.facility_for(facility, by=request.actor, on=timezone.localdate())
    return [_equipment(one) for one in queries.equipment(facility=found)]


@router.post("/equipment", response={201: EquipmentOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def add(request: WithActor, told: EquipmentIn) -> Status[EquipmentOut]:
    """Put equipment on record."""
    made = actions.add_equipment(by=request.actor, on=timezone.localdate(), **told.model_dump())
    return Status(201, _equipment(made))


@router.post("/equipment/{equipment_id}/events", response={200: EquipmentOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def note(request: WithActor, equipment_id: UUID, told: EquipmentEventIn) -> EquipmentOut:
    """Write down what happened to a piece of equipment."""
    return _equipment(actions.note_equipment(
        equipment_id=equipment_id, by=request.actor, on=timezone.localdate(), **told.model_dump()
    ))  # fmt: skip


@router.get("/equipment/{equipment_id}/readings", response={200: list[ReadingOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def readings(request: WithActor, equipment_id: UUID) -> Any:
    """List the temperatures of the last months, the newest first."""
    found = queries.one_equipment(equipment_id, by=request.actor)
    return [_reading(one) for one in queries.readings(found, until=timezone.localdate())]


@router.post("/equipment/{equipment_id}/readings", response={201: ReadingOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def read(request: WithActor, equipment_id: UUID, told: ReadingIn) -> Status[ReadingOut]:
    """Write a temperature down."""
    made = actions.record_reading(
        equipment_id=equipment_id, by=request.actor, now=timezone.now(), celsius=told.celsius,
        at=told.at if timezone.is_aware(told.at) else timezone.make_aware(told.at),
    )  # fmt: skip
    return Status(201, _reading(made))


@router.get("/quarantines", response={200: list[QuarantineOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def quarantines(request: WithActor) -> Any:
    """List the batches that are held back, at most 500."""
    return [_quarantine(one) for one in queries.quarantines(by=request.actor)[:500]]


@router.post("/quarantines/{quarantine_id}/decide", response={200: QuarantineOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def decide(request: WithActor, quarantine_id: UUID, told: QuarantineDecisionIn) -> QuarantineOut:
    """Release a batch that was held back, or discard it."""
    return _quarantine(actions.decide_quarantine(
        quarantine_id=quarantine_id, by=request.actor, on=timezone.localdate(),
        **told.model_dump(),
    ))  # fmt: skip
