"""A step of a referral is added to those before it; a trip ends with the step that ends it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, Conflict, NotAllowed, SpeanError
from spean.kernel.rows import only
from spean.referrals.actions.checking import (
    BeforeTheLastStep,
    ReasonNeeded,
    VehicleOut,
    VehicleSentAlready,
    clock,
    happened,
)
from spean.referrals.events import TripCompleted
from spean.referrals.models import Direction, Referral, ReferralStep, StepName, Trip, Vehicle
from spean.referrals.queries import (
    DISPATCH,
    RECEIVE,
    REQUEST,
    crew_of,
    day_of,
    referral_for,
    require_either,
    trip_km,
)
from spean.referrals.rules import (
    NEED_A_REASON,
    State,
    Step,
    StepNotPossible,
    VehicleKind,
    following,
    trip_cost,
)

# Which permission a step takes where the patient is from, and where they go to.
FROM = {
    Step.PICKED_UP: (DISPATCH, REQUEST),
    Step.CALLED_BACK: (DISPATCH,),
    Step.ARRIVED: (DISPATCH,),
    Step.CANCELLED: (DISPATCH, REQUEST),
    Step.DID_NOT_COME: (DISPATCH,),
}
TO = {
    Step.ACCEPTED: (RECEIVE,),
    Step.DECLINED: (RECEIVE,),
    Step.PICKED_UP: (DISPATCH,),
    Step.CALLED_BACK: (DISPATCH,),
    Step.ARRIVED: (RECEIVE, DISPATCH),
    Step.HANDED_OVER: (RECEIVE,),
    Step.CANCELLED: (DISPATCH,),
    Step.DID_NOT_COME: (RECEIVE, DISPATCH),
}
MOST_KM = 2000


class VehicleNotReady(Conflict):
    """Refuse to send a vehicle that is not in use."""

    code = "referrals.vehicle_not_ready"
    message = N_("%(vehicle)s is not ready: %(state)s. Choose another.")


class VehicleOutThen(Conflict):
    """Refuse to send a vehicle at a time at which it was elsewhere."""

    code = "referrals.vehicle_out_then"
    message = N_("%(vehicle)s was on another trip at that time. Correct the time.")
    field = "time"


class NoVehicleAsked(SpeanError):
    """Refuse to send a vehicle where none was asked for."""

    code = "referrals.no_vehicle_asked"
    message = N_("No vehicle was asked for: the patient comes on their own.")


class KmImpossible(SpeanError):
    """Refuse a distance that no trip has."""

    code = "referrals.km_impossible"
    message = N_("Write the kilometres of the whole trip, from 1 to %(most)s.")
    field = "km"


class CostedAlready(Conflict):
    """Refuse to write down the kilometres of a trip twice."""

    code = "referrals.costed_already"
    message = N_("The kilometres of this trip are on record. What was recorded stands.")


def may_take(referral: Referral, step: Step, *, by: Actor) -> bool:
    """Say whether an actor may take a step of a referral."""
    return any(
        access.allows(by, permission, area=area)
        for table, area in ((FROM, referral.from_area), (TO, referral.to_area))
        for permission in table.get(step, ())
    )


@transaction.atomic
def take_step(
    *,
    referral_id: UUID,
    step: str,
    at: datetime,
    reason: str = "",
    km: int | None = None,
    by: Actor,
    now: datetime,
) -> Referral:
    """Add a step that happened at a moment; `km` of the trip may come with the arrival.

    A vehicle is sent by `dispatch`. Raises NotFound, NotAllowed, StepNotPossible, ReasonNeeded,
    MomentToCome, BeforeTheLastStep, KmImpossible.
    """
    at = happened(at, now=now)
    found = referral_for(referral_id, lock=True)
    if step not in StepName.values or step in (Step.REQUESTED, Step.DISPATCHED):
        raise StepNotPossible
    if not may_take(found, Step(step), by=by):
        raise NotAllowed(permission=RECEIVE, area=found.to_area)
    trip = found.trips.select_related("vehicle").filter(ended_at__isnull=True).first()
    _add(found, Step(step), at=at, reason=reason, trip=trip, by=by)
    if trip is not None and step in (Step.ARRIVED, Step.CALLED_BACK):
        _end(trip, found, Step(step), at=at, km=km, by=by)
    return found


@transaction.atomic
def dispatch(
    *, referral_id: UUID, vehicle_id: UUID, at: datetime, by: Actor, now: datetime
) -> Trip:
    """Send a vehicle to a patient. One vehicle is on one trip, and a patient is sent one vehicle.

    Raises NotFound, NotAllowed, NoVehicleAsked, VehicleNotReady, VehicleOut, VehicleOutThen,
    VehicleSentAlready, StepNotPossible, MomentToCome, BeforeTheLastStep.
    """
    at = happened(at, now=now)
    found = referral_for(referral_id, lock=True)
    require_either(found, DISPATCH, by=by)
    vehicle = only(Vehicle.objects.filter(pk=vehicle_id), lock=True)
    access.require(by, DISPATCH, area=vehicle.area)
    if not found.transport:
        raise NoVehicleAsked
    _require_free(found, vehicle, at)
    trip = Trip(referral=found, vehicle=vehicle, started_at=at, sent_by=by.name,
                crew=crew_of(vehicle, on=day_of(at)))  # fmt: skip
    _add(found, Step.DISPATCHED, at=at, reason="", trip=trip, by=by)
    return trip


def _require_free(found: Referral, vehicle: Vehicle, at: datetime) -> None:
    sent = found.trips.select_related("vehicle").filter(ended_at__isnull=True).first()
    if sent is not None:
        raise VehicleSentAlready(vehicle=sent.vehicle.number, time=clock(sent.started_at))
    out = vehicle.trips.select_related("referral").filter(ended_at__isnull=True).first()
    if out is not None:
        raise VehicleOut(
            vehicle=vehicle.number, number=out.referral.number, time=clock(out.started_at)
        )
    if vehicle.state != "ready":
        raise VehicleNotReady(vehicle=vehicle.number, state=vehicle.get_state_display())
    if vehicle.trips.filter(ended_at__gt=at).exists():
        raise VehicleOutThen(vehicle=vehicle.number)


def _add(
    found: Referral, step: Step, *, at: datetime, reason: str, trip: Trip | None, by: Actor
) -> None:  # fmt: skip
    taken = list(found.steps.all())
    state = following(State(found.state), step, [one.kind for one in taken])
    why = reason.strip()[:300]
    if step in NEED_A_REASON and not why:
        raise ReasonNeeded
    last = taken[-1]
    if at < last.at:
        raise BeforeTheLastStep(
            step=last.get_kind_display(), time=clock(last.at), day=day_of(last.at).isoformat()
        )
    if trip is not None and trip._state.adding:
        trip.save(force_insert=True)
    ReferralStep.objects.create(
        referral=found, kind=step, at=at, reason=why, trip=trip, written_by=by.name
    )
    found.state = state
    found.save(update_fields=["state"])
    audit.write(by=by, action="referrals.step", subject=found, area=found.from_area, step=step)


def _end(
    trip: Trip, found: Referral, step: Step, *, at: datetime, km: int | None, by: Actor
) -> None:
    trip.ended_at, trip.outcome, trip.ended_by = at, str(step), by.name
    if step is Step.ARRIVED:
        trip.measured = km is not None
        on = day_of(trip.started_at)
        _cost(trip, trip_km(trip.vehicle, found, on=on) if km is None else km, by)
    trip.save()
    if trip.cost is not None:
        _tell(trip, found)


@transaction.atomic
def measure_trip(*, trip_id: UUID, km: int, by: Actor) -> Trip:
    """Write down the km of a trip whose places are not known, and what it costs by them.

    Raises NotFound, NotAllowed, CostedAlready, KmImpossible.
    """
    trip = only(Trip.objects.select_related("vehicle").filter(pk=trip_id), lock=True)
    found = referral_for(trip.referral_id, lock=True)
    require_either(found, DISPATCH, by=by)
    if trip.km is not None or trip.outcome != Trip.Outcome.ARRIVED:
        raise CostedAlready
    trip.measured = True
    _cost(trip, km, by)
    trip.save()
    audit.write(by=by, action="referrals.trip_measured", subject=trip, area=found.from_area, km=km)
    _tell(trip, found)
    return trip


def _cost(trip: Trip, km: int | None, by: Actor) -> None:
    """Work out what a trip costs, where its distance is known. Raises KmImpossible."""
    if km is None:
        return
    if trip.measured and not 1 <= km <= MOST_KM:
        raise KmImpossible(most=MOST_KM)
    cost, decision = trip_cost(VehicleKind(trip.vehicle.kind), km, on=day_of(trip.started_at))
    trip.km, trip.cost = km, cost
    trip.decision = store_decision(decision, subject=trip, by=by)


def _tell(trip: Trip, found: Referral) -> None:
    home = found.direction == Direction.BACK
    care = found.from_facility if home and found.from_facility else found.to_facility
    outbox.announce(TripCompleted(
        trip=trip.pk, referral=found.pk, person=found.person_id, household=found.household_id,
        facility=care.code, day=day_of(trip.ended_at or trip.started_at), km=trip.km or 0,
        cost=trip.cost or Decimal(0),
    ))  # fmt: skip
