"""Vehicles over the API: the fleet, who could go, sending one."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from ninja import Schema, Status
from pydantic import AwareDatetime

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.referrals import actions, queries
from spean.referrals.api.referrals import ReferralOut, shown
from spean.referrals.models import CrewMember, Trip, Vehicle
from spean.referrals.queries import Proposed

router = Router(tags=["referrals"])


class VehicleOut(Schema):
    """A vehicle as it stands; `out` is the number of the referral it is on its way for."""

    id: UUID
    number: str
    kind: str
    facility: str
    state: str
    lying: int
    seats: int
    crew: list[str]
    out: str


class VehicleIn(StrictSchema):
    """A vehicle that joins the fleet at a facility (a code)."""

    number: str
    kind: str
    facility: str
    lying: int
    seats: int


class VehicleReportIn(StrictSchema):
    """How a vehicle is and where it stands; `at` is now unless said."""

    state: str
    facility: str = ""
    reason: str = ""
    at: AwareDatetime | None = None


class CrewIn(StrictSchema):
    """Somebody who is on a vehicle from today."""

    name: str
    job: str
    phone: str = ""


class CrewOut(Schema):
    """Somebody on a vehicle."""

    id: UUID
    name: str
    job: str
    phone: str
    start: date
    end: date | None


class ProposalOut(Schema):
    """A vehicle that could fetch the patient, or could not: `against` says why by code."""

    vehicle_id: UUID
    number: str
    fits: bool
    km: int | None
    minutes: int | None
    against: list[str]


class DispatchIn(StrictSchema):
    """Which vehicle is sent, and when it set out (now)."""

    vehicle_id: UUID
    at: AwareDatetime | None = None


class KmIn(StrictSchema):
    """The km of a whole trip."""

    km: int


def _out(one: Vehicle) -> VehicleOut:
    out: list[Trip] = getattr(one, "out", [])
    crew: list[CrewMember] = getattr(one, "crew_now", [])
    return VehicleOut(
        id=one.pk, number=one.number, kind=one.kind, facility=one.facility.code, state=one.state,
        lying=one.lying, seats=one.seats, crew=[member.name for member in crew],
        out=out[0].referral.number if out else "",
    )  # fmt: skip


@router.get("/vehicles", response={200: Page[VehicleOut], **PROBLEMS})
@access.declared(queries.VIEW_VEHICLES, purpose=Purpose.CARE)
def vehicles(request: WithActor, cursor: str | None = None, limit: int = 25) -> Page[VehicleOut]:
    """List the vehicles of the caller's areas."""
    found = queries.vehicles(by=request.actor, on=timezone.localdate())
    rows, following = page_of(found, cursor=cursor, limit=limit)
    return Page[VehicleOut](items=[_out(one) for one in rows], next=following)


@router.get("/vehicles/{vehicle_id}", response={200: VehicleOut, **PROBLEMS})
@access.declared(queries.VIEW_VEHICLES, purpose=Purpose.CARE)
def vehicle(request: WithActor, vehicle_id: UUID) -> VehicleOut:
    """Give one vehicle."""
    return _out(queries.vehicle(vehicle_id, by=request.actor, on=timezone.localdate()))


@router.post("/vehicles", response={201: VehicleOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def register_vehicle(request: WithActor, body: VehicleIn) -> Status[VehicleOut]:
    """Take a vehicle into the fleet."""
    made = actions.register_vehicle(
        **body.model_dump(), by=request.actor, now=timezone.now()
    )  # fmt: skip
    return Status(201, _out(made))


@router.post("/vehicles/{vehicle_id}/reports", response={201: VehicleOut, **PROBLEMS})
@idempotent
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def report_vehicle(
    request: WithActor, vehicle_id: UUID, body: VehicleReportIn
) -> Status[VehicleOut]:
    """Say how a vehicle is, and where it stands."""
    now = timezone.now()
    made = actions.report_vehicle(
        vehicle_id=vehicle_id, state=body.state, facility=body.facility, reason=body.reason,
        at=body.at or now, by=request.actor, now=now,
    )  # fmt: skip
    return Status(201, _out(made))


@router.post("/vehicles/{vehicle_id}/crew", response={201: CrewOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def add_crew(request: WithActor, vehicle_id: UUID, body: CrewIn) -> Status[CrewOut]:
    """Put somebody on a vehicle."""
    made = actions.add_crew(
        vehicle_id=vehicle_id, **body.model_dump(), by=request.actor, on=timezone.localdate()
    )
    return Status(201, CrewOut.from_orm(made))


@router.post("/crew/{member_id}/end", response={201: CrewOut, **PROBLEMS})
@idempotent
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def end_crew(request: WithActor, member_id: UUID) -> Status[CrewOut]:
    """Take somebody off a vehicle from today."""
    made = actions.end_crew(member_id=member_id, by=request.actor, on=timezone.localdate())
    return Status(201, CrewOut.from_orm(made))


@router.get("/referrals/{referral_id}/vehicles", response={200: list[ProposalOut], **PROBLEMS})
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def could_go(request: WithActor, referral_id: UUID) -> list[ProposalOut]:
    """Judge each of the caller's vehicles for a referral: who fits first, the nearest first."""
    found = queries.could_go(referral_id, by=request.actor, on=timezone.localdate())
    return [_proposal(one) for one in found]


def _proposal(one: Proposed) -> ProposalOut:
    judged = one.proposal
    return ProposalOut(
        vehicle_id=one.vehicle.pk, number=one.vehicle.number, fits=judged.fits, km=judged.km,
        minutes=judged.minutes, against=[test.name for test in judged.criteria if not test.held],
    )  # fmt: skip


@router.post("/referrals/{referral_id}/dispatch", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def dispatch(request: WithActor, referral_id: UUID, body: DispatchIn) -> Status[ReferralOut]:
    """Send a vehicle to a patient."""
    now = timezone.now()
    made = actions.dispatch(
        referral_id=referral_id, vehicle_id=body.vehicle_id, at=body.at or now, by=request.actor,
        now=now,
    )  # fmt: skip
    return Status(201, shown(request, made.referral_id))


@router.post("/trips/{trip_id}/km", response={201: ReferralOut, **PROBLEMS})
@idempotent
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def measure_trip(request: WithActor, trip_id: UUID, body: KmIn) -> Status[ReferralOut]:
    """Write down the km of a trip whose places are not known."""
    made = actions.measure_trip(trip_id=trip_id, km=body.km, by=request.actor)
    return Status(201, shown(request, made.referral_id))
