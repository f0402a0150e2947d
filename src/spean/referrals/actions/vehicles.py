"""Vehicles: taken into the fleet, moved, out of repair, withdrawn; who is on them."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.referrals.actions.checking import ReasonNeeded, VehicleOut, clock, happened, minute
from spean.referrals.actions.requests import ChoiceUnknown
from spean.referrals.models import CrewMember, Job, Vehicle, VehicleKindName, VehicleStateName
from spean.referrals.queries import DISPATCH, MANAGE, day_of
from spean.referrals.rules import VehicleState

MOST_LYING, MOST_SEATS = 10, 60


class NumberTaken(Conflict):
    """Refuse a second vehicle of one number."""

    code = "referrals.number_taken"
    message = N_("A vehicle of the number “%(number)s” is on record. Look at the list.")
    field = "number"


class CarriesNobody(SpeanError):
    """Refuse a vehicle without room."""

    code = "referrals.carries_nobody"
    message = N_("Say how many patients can lie (at most 10) and how many people sit (at most 60).")
    field = "lying"


class OnIt(Conflict):
    """Refuse to put somebody twice on a vehicle."""

    code = "referrals.on_it"
    message = N_("%(name)s is on this vehicle at that time already.")
    field = "name"


class NotOnIt(Conflict):
    """Refuse to take somebody off who left, or is not on it yet."""

    code = "referrals.not_on_it"
    message = N_("This person has left the vehicle already, or came on it today.")


class BeforeTheLastReport(SpeanError):
    """Refuse a report on a vehicle from before the last one."""

    code = "referrals.before_the_last_report"
    message = N_("There is a later report on this vehicle. Correct the time.")
    field = "time"


@transaction.atomic
def register_vehicle(
    *, number: str, kind: str, facility: str, lying: int, seats: int, by: Actor, now: datetime
) -> Vehicle:
    """Take a vehicle into the fleet, ready, at a facility.

    Raises NotAllowed, UnknownFacility, ChoiceUnknown, CarriesNobody, NumberTaken.
    """
    place = locations.facility(facility, day_of(now))
    access.require(by, MANAGE, area=place.place.code)
    if kind not in VehicleKindName.values or not number.strip():
        raise ChoiceUnknown(answer=kind[:30])
    if not (0 <= lying <= MOST_LYING and 0 <= seats <= MOST_SEATS and lying + seats):
        raise CarriesNobody
    made = Vehicle(
        number=number.strip()[:30], kind=kind, facility=place, area=place.place.code, lying=lying,
        seats=seats, registered_by=by.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise NumberTaken(number=made.number) from error
    _stand(made, "", at=now, by=by)
    return made


@transaction.atomic
def report_vehicle(
    *,
    vehicle_id: UUID,
    state: str,
    facility: str = "",
    reason: str = "",
    at: datetime,
    by: Actor,
    now: datetime,
) -> Vehicle:
    """Say how a vehicle is from a moment on, and where it stands, if elsewhere than before.

    Withdrawing one, and moving it, is for who manages vehicles. Raises NotFound, NotAllowed,
    ChoiceUnknown, ReasonNeeded, BeforeTheLastReport, VehicleOut, UnknownFacility.
    """
    at = happened(at, now=now)
    found = only(Vehicle.objects.select_related("facility").filter(pk=vehicle_id), lock=True)
    if state not in VehicleStateName.values:
        raise ChoiceUnknown(answer=state[:30])
    moves = facility not in ("", found.facility.code)
    permission = MANAGE if moves or VehicleState.WITHDRAWN in (state, found.state) else DISPATCH
    access.require(by, permission, area=found.area)
    out = found.trips.select_related("referral").filter(ended_at__isnull=True).first()
    if out is not None:
        raise VehicleOut(
            vehicle=found.number, number=out.referral.number, time=clock(out.started_at)
        )
    if moves:
        found.facility = locations.facility(facility, day_of(at))
        access.require(by, MANAGE, area=found.facility.place.code)
    found.state = state
    _check_report(found, reason, at)
    _stand(found, reason.strip()[:300], at=at, by=by)
    return found


def _check_report(found: Vehicle, reason: str, at: datetime) -> None:
    if found.state != VehicleState.READY and not reason.strip():
        raise ReasonNeeded
    if found.standings.filter(at__gt=at).exists():
        raise BeforeTheLastReport


def _stand(found: Vehicle, reason: str, *, at: datetime, by: Actor) -> None:
    found.area = found.facility.place.code
    found.save(update_fields=["facility", "area", "state"])
    found.standings.create(
        facility=found.facility, state=found.state, at=minute(at), reason=reason, said_by=by.name
    )
    audit.write(by=by, action="referrals.vehicle_stands", subject=found, area=found.area,
                state=found.state, facility=found.facility.code)  # fmt: skip


@transaction.atomic
def add_crew(
    *, vehicle_id: UUID, name: str, job: str, phone: str = "", by: Actor, on: date
) -> CrewMember:
    """Put somebody on a vehicle from a day on. Raises NotFound, NotAllowed, ChoiceUnknown, OnIt."""
    found = only(Vehicle.objects.filter(pk=vehicle_id), lock=True)
    access.require(by, MANAGE, area=found.area)
    if job not in Job.values or not name.strip():
        raise ChoiceUnknown(answer=job[:30])
    made = CrewMember(vehicle=found, name=name.strip()[:120], job=job, phone=phone.strip()[:20],
                      start=on, added_by=by.name)  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise OnIt(name=made.name) from error
    audit.write(by=by, action="referrals.crew_added", subject=found, area=found.area, job=job)
    return made


@transaction.atomic
def end_crew(*, member_id: UUID, by: Actor, on: date) -> CrewMember:
    """Take somebody off a vehicle from a day on; that they were on it stays on record.

    Raises NotFound, NotAllowed, NotOnIt.
    """
    rows = CrewMember.objects.select_related("vehicle").filter(pk=member_id)
    made = only(rows, lock=True)
    access.require(by, MANAGE, area=made.vehicle.area)
    if made.end is not None or made.start >= on:
        raise NotOnIt
    made.end, made.ended_by = on, by.name
    made.save(update_fields=["end", "ended_by"])
    audit.write(by=by, action="referrals.crew_ended", subject=made.vehicle, area=made.vehicle.area)
    return made
