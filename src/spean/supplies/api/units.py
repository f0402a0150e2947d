"""Units, beds and staff over the API."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.supplies import actions, queries
from spean.supplies.models import Duty

router = Router(tags=["supplies"])
READS = (Purpose.CARE, Purpose.OVERSIGHT)


class UnitIn(StrictSchema):
    """A unit that opens."""

    facility: str
    kind: str
    since: date


class UnitOut(Schema):
    """A unit with its beds, patients, who is on duty now and who is missing this week."""

    id: int
    kind: str
    beds: int | None
    patients: int | None
    census_on: date | None
    on_duty: list[str]
    missing: list[str]


class BedsIn(StrictSchema):
    """How many beds, from a day on."""

    number: int
    since: date


class CensusIn(StrictSchema):
    """How many patients at midnight."""

    patients: int
    day: date


class StaffIn(StrictSchema):
    """Somebody who works at a facility."""

    facility: str
    name: str = Field(max_length=120)
    cadre: str
    phone: str = Field(default="", max_length=20)
    since: date


class DutyIn(StrictSchema):
    """Somebody on duty at a shift."""

    unit_id: int
    staff_id: int
    day: date
    shift: str


class DutyOut(Schema):
    """A duty of the roster."""

    id: int
    unit_id: int
    staff_id: int
    name: str
    cadre: str
    day: date
    shift: str


class UnitMadeOut(Schema):
    """What was put on record."""

    id: int


def _duty(one: Duty) -> DutyOut:
    return DutyOut(
        id=one.pk, unit_id=one.unit_id, staff_id=one.staff_id, name=one.staff.name,
        cadre=one.staff.cadre, day=one.day, shift=one.shift,
    )  # fmt: skip


@router.get("/units", response={200: list[UnitOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def units(request: WithActor, facility: str) -> Any:
    """List the units of a facility, who is there now and who is missing this week."""
    now = timezone.localtime()
    found = queries.facility_for(facility, by=request.actor, on=now.date())
    return [
        UnitOut(
            id=one.unit.pk, kind=one.unit.kind, beds=one.beds,
            patients=one.census.patients if one.census else None,
            census_on=one.census.day if one.census else None,
            on_duty=[who.name for who in one.now],
            missing=[f"{gap.day} {gap.shift} {gap.cadre}" for gap in one.missing],
        )
        for one in queries.in_units(facility=found, moment=now)
    ]  # fmt: skip


@router.post("/units", response={201: UnitMadeOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def open_unit(request: WithActor, told: UnitIn) -> Status[UnitMadeOut]:
    """Open a unit."""
    made = actions.open_unit(by=request.actor, on=timezone.localdate(), **told.model_dump())
    return Status(201, UnitMadeOut(id=made.pk))


@router.post("/units/{unit_id}/beds", response={201: UnitMadeOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def beds(request: WithActor, unit_id: int, told: BedsIn) -> Status[UnitMadeOut]:
    """Say how many beds a unit has."""
    made = actions.set_beds(unit_id=unit_id, by=request.actor, **told.model_dump())
    return Status(201, UnitMadeOut(id=made.pk))


@router.post("/units/{unit_id}/census", response={201: UnitMadeOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def census(request: WithActor, unit_id: int, told: CensusIn) -> Status[UnitMadeOut]:
    """Write down the patients of a midnight."""
    made = actions.record_census(
        unit_id=unit_id, by=request.actor, on=timezone.localdate(), **told.model_dump()
    )
    return Status(201, UnitMadeOut(id=made.pk))


@router.post("/staff", response={201: UnitMadeOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def enter_staff(request: WithActor, told: StaffIn) -> Status[UnitMadeOut]:
    """Say that somebody works at a facility."""
    made = actions.enter_staff(by=request.actor, on=timezone.localdate(), **told.model_dump())
    return Status(201, UnitMadeOut(id=made.pk))


@router.get("/duties", response={200: list[DutyOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def duties(request: WithActor, facility: str, since: date) -> Any:
    """List who is on duty at a facility in the week from a day on."""
    found = queries.facility_for(facility, by=request.actor, on=timezone.localdate())
    rows = queries.roster(facility=found, since=since, until=since + timedelta(days=6))
    return [_duty(one) for one in rows]


@router.post("/duties", response={201: DutyOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def put_on_duty(request: WithActor, told: DutyIn) -> Status[DutyOut]:
    """Plan somebody for a shift."""
    return Status(201, _duty(actions.put_on_duty(by=request.actor, **told.model_dump())))
