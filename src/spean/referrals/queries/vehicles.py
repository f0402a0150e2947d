"""Vehicles of an area; which of them could fetch a patient, and how far a trip is."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.locations.queries import Point
from spean.referrals.models import CrewMember, Referral, Trip, Vehicle
from spean.referrals.queries.access import DISPATCH, referral_for, require_either
from spean.referrals.rules import (
    WAY_OF,
    Candidate,
    Proposal,
    Urgency,
    VehicleKind,
    VehicleState,
    proposals,
    way_km,
)

VIEW_VEHICLES = "referrals.view_vehicles"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A vehicle, and how it was judged for one referral."""

    vehicle: Vehicle
    proposal: Proposal


def vehicles(*, by: Actor, on: date, permission: str = VIEW_VEHICLES) -> QuerySet[Vehicle]:
    """Give the vehicles of the actor's areas by number, each with `out` and its crew of a day.

    `out` is its open trip (one or none), `crew_now` who is on it.
    """
    rows = access.within(Vehicle.objects.all(), by, permission, code="area")
    return _as_they_are(rows, on).order_by("number")


def vehicle(vehicle_id: UUID, *, by: Actor, on: date) -> Vehicle:
    """Give one vehicle with its standings, newest first. Raises NotFound, NotAllowed."""
    rows = _as_they_are(Vehicle.objects.filter(pk=vehicle_id), on)
    found = only(rows.prefetch_related("standings__facility", "crew"))
    access.require(by, VIEW_VEHICLES, area=found.area)
    return found


def _as_they_are(rows: QuerySet[Vehicle], on: date) -> QuerySet[Vehicle]:
    out = Trip.objects.filter(ended_at__isnull=True).select_related("referral")
    crew = CrewMember.objects.filter(locations.valid(on)).order_by("job", "name")
    return rows.select_related("facility__place").prefetch_related(
        Prefetch("trips", out, to_attr="out"), Prefetch("crew", crew, to_attr="crew_now")
    )


def could_go(referral_id: UUID, *, by: Actor, on: date) -> list[Proposed]:
    """Judge each of the dispatcher's vehicles for a referral: who fits first, the nearest first.

    Raises NotFound, NotAllowed, NotInForce.
    """
    found = referral_for(referral_id)
    require_either(found, DISPATCH, by=by)
    rows = {one.pk: one for one in vehicles(by=by, on=on, permission=DISPATCH)
            if one.state != VehicleState.WITHDRAWN}  # fmt: skip
    known = locations.points([found.from_area, *(one.area for one in rows.values())])
    candidates = [
        _candidate(one, known.get(one.area), known.get(found.from_area)) for one in rows.values()
    ]
    judged = proposals(candidates, urgency=Urgency(found.urgency), ways=found.ways, on=on)
    return [Proposed(rows[one.candidate.vehicle], one) for one in judged]


def _candidate(one: Vehicle, stands: Point | None, patient: Point | None) -> Candidate:
    out: list[Trip] = getattr(one, "out", [])
    known = stands is not None and patient is not None
    return Candidate(
        vehicle=one.pk, kind=VehicleKind(one.kind), state=VehicleState(one.state),
        lying=one.lying, crew=len(getattr(one, "crew_now", [])),
        crow_km=locations.km_between(stands, patient) if known else None,  # type: ignore[arg-type]
        trip=out[0].referral.number if out else "",
    )  # fmt: skip


def trip_km(vehicle: Vehicle, referral: Referral, *, on: date) -> int | None:
    """Give how far a trip is: to the patient, on to care or home; None where a place is unknown."""
    home = referral.direction == "back"
    goal = referral.village.code if home else referral.to_area
    stops = [vehicle.area, referral.from_area, goal]
    known = locations.points(stops)
    if not all(code in known for code in stops):
        return None
    way = WAY_OF[VehicleKind(vehicle.kind)]
    legs = pairwise(known[code] for code in stops)
    return sum(way_km(locations.km_between(*leg), way, on) for leg in legs)


def crew_of(vehicle: Vehicle, *, on: date) -> str:
    """Give who is on a vehicle on a day, as a trip keeps it."""
    members = vehicle.crew.filter(locations.valid(on)).order_by("job", "name")
    return ", ".join(f"{one.name} {one.phone}".strip() for one in members)[:300]
