"""A visit: the patient comes, is treated, and leaves; who pays is decided when they come."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from spean.health_equity.actions.beginning import Came, begin_visit, lock_person
from spean.health_equity.events import VisitClosed
from spean.health_equity.models import DIAGNOSIS, Document, Visit, VisitOutcome, VisitService
from spean.health_equity.queries import asked_of_patients, patient, visit_for
from spean.health_equity.queries.visits import RECORD
from spean.health_equity.rules import SERVICES
from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.locations import queries as locations

MOST_DAYS, MOST_KM, MOST_SERVICES = 366, 1000, 30


class DayImpossible(SpeanError):
    """Refuse a day that has not come, or lies outside the visit or the patient's life."""

    code = "health_equity.day_impossible"
    message = N_("This day can't be: it has not come yet, or lies outside the visit. Correct it.")
    field = "on"


class ServiceUnknown(SpeanError):
    """Refuse a service that nobody knows."""

    code = "health_equity.service_unknown"
    message = N_("Choose a service from the list.")
    field = "service"


class QuantityImpossible(SpeanError):
    """Refuse a number of days or km that can't be."""

    code = "health_equity.quantity_impossible"
    message = N_("Write a number from 1 to %(most)s.")
    field = "quantity"


class GivenAlready(Conflict):
    """Refuse the same service twice on a day."""

    code = "health_equity.given_already"
    message = N_(
        "This service is on record for this day already. Remove it, then record the new number."
    )
    field = "service"


class DiagnosisUnknown(SpeanError):
    """Refuse what is no code of a diagnosis."""

    code = "health_equity.diagnosis_unknown"
    message = N_("“%(given)s” is not a code of ICD-10. Write it as A09 or O80.0.")
    field = "diagnoses"


class VisitOver(Conflict):
    """Refuse to change a visit that has ended."""

    code = "health_equity.visit_over"
    message = N_("This visit has ended. What was recorded stands.")


class NothingDone(SpeanError):
    """Ask what was done before a visit ends."""

    code = "health_equity.nothing_done"
    message = N_("Record at least one service before the visit ends.")


class ReferralNeeded(SpeanError):
    """Ask to which facility a patient was referred."""

    code = "health_equity.referral_needed"
    message = N_("Say to which facility the patient was referred.")
    field = "referred_to"


class OutcomeUnknown(SpeanError):
    """Ask how a visit ended."""

    code = "health_equity.outcome_unknown"
    message = N_("Say how the visit ended.")
    field = "outcome"


@dataclass(frozen=True, slots=True)
class Left:
    """How a visit ended; `referred_to` is a facility's code where the outcome is so."""

    left_on: date
    outcome: str
    diagnoses: Sequence[str] = ()
    documents: Sequence[str] = ()
    referred_to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A service on a day: how many days, km, or once."""

    service: str
    on: date
    quantity: int = 1


@transaction.atomic
def open_visit(*, handle: str, facility: str, came: Came, by: Actor, on: date) -> Visit:
    """Begin a visit of a patient who was looked up, and decide who pays.

    A patient who has an open visit there gets that one again; one that care reported of another day
    is left to be completed. Raises NotAllowed, PatientGone, UnknownFacility, DayImpossible,
    BeforeBirth, NotInForce.
    """
    place = locations.facility(facility, came.came_on)
    access.require(by, RECORD, area=place.place.code)
    if came.came_on > on:
        raise DayImpossible
    found = patient(handle, by=by, on=came.came_on)
    lock_person(found.person_id)
    open_there = Visit.objects.filter(person=found.person_id, facility=place, left_on=None)
    same = open_there.filter(Q(source_key=None) | Q(came_on=came.came_on))
    return same.first() or begin_visit(found, place, came, by=by)


@transaction.atomic
def give_service(*, visit_id: UUID, given: Given, by: Actor, on: date) -> VisitService:
    """Put on record what was done at a visit that is not over.

    Raises NotFound, NotAllowed, VisitOver, ServiceUnknown, DayImpossible, QuantityImpossible,
    GivenAlready.
    """
    found = _open(visit_id, by)
    _check_service(given, found, on)
    made = VisitService(visit=found, service=given.service, on=given.on, quantity=given.quantity,
                        given_by=by.name)  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise GivenAlready from error
    audit.write(by=by, action="health_equity.service_given", subject=found, area=found.area,
                service=given.service)  # fmt: skip
    return made


@transaction.atomic
def remove_service(*, visit_id: UUID, service_id: UUID, by: Actor) -> Visit:
    """Take back a service recorded in error, before the visit is over."""
    found = _open(visit_id, by)
    row = found.services.filter(pk=service_id).first()
    if row is not None:
        audit.write(by=by, action="health_equity.service_removed", subject=found, area=found.area,
                    service=row.service)  # fmt: skip
        row.delete()
    return found


@transaction.atomic
def close_visit(*, visit_id: UUID, left: Left, by: Actor, on: date, at: datetime) -> Visit:
    """End a visit: how, with which diagnosis; what the patient was spared is worked out.

    Raises NotFound, NotAllowed, VisitOver, DayImpossible, NothingDone, OutcomeUnknown,
    DiagnosisUnknown, ReferralNeeded, UnknownFacility. One that did not take place there is ended
    as mistaken: nobody pays, and nobody hears of it.
    """
    found = _open(visit_id, by)
    services = list(found.services.all())
    mistaken = left.outcome == VisitOutcome.MISTAKEN
    if not services and not mistaken:
        raise NothingDone
    _check_end(left, found, services, on)
    if left.outcome == VisitOutcome.REFERRED:
        found.referred_to = locations.facility(left.referred_to, left.left_on)
    done = () if mistaken else services
    found.fee = fee_of(found, done)
    found.left_on, found.outcome, found.note = left.left_on, left.outcome, left.note.strip()[:300]
    found.diagnoses = [read_diagnosis(one) for one in left.diagnoses]
    found.documents = sorted(set(left.documents) & set(Document.values))
    found.closed_by, found.closed_at = by.name, at
    found.save()
    audit.write(by=by, action="health_equity.visit_closed", subject=found, area=found.area,
                outcome=left.outcome)  # fmt: skip
    if not mistaken:
        outbox.announce(VisitClosed(
            found.pk, found.person_id, found.household_id, found.facility.code, found.scheme,
            tuple(dict.fromkeys(one.service for one in done)), left.left_on,
        ))  # fmt: skip
    return found


def fee_of(visit: Visit, services: Iterable[VisitService]) -> Decimal:
    """Give the riel that a patient without cover would be asked for services of a visit."""
    place = locations.facility(visit.facility.code, visit.came_on)
    done: Counter[str] = Counter()
    for one in services:
        done[one.service] += one.quantity
    return asked_of_patients(place, done, on=visit.came_on)


def end_mistaken(visit: Visit, *, by: Actor) -> None:
    """End a locked visit, over or not, as one that did not take place; nobody claims it."""
    days = visit.services.values_list("on", flat=True)
    visit.left_on = visit.left_on or max([visit.came_on, *days])
    visit.outcome, visit.fee, visit.referred_to = VisitOutcome.MISTAKEN, Decimal(0), None
    visit.closed_by, visit.closed_at = visit.closed_by or by.name, visit.closed_at or Now()
    visit.save()
    audit.write(by=by, action="health_equity.visit_closed", subject=visit, area=visit.area,
                outcome=visit.outcome)  # fmt: skip


def read_diagnosis(text: str) -> str:
    """Give a code of ICD-10 as it is kept. Raises DiagnosisUnknown."""
    code = text.strip().upper()
    if not re.match(DIAGNOSIS, code):
        raise DiagnosisUnknown(given=text[:20])
    return code


def _open(visit_id: UUID, by: Actor) -> Visit:
    found = visit_for(visit_id, lock=True)
    access.require(by, RECORD, area=found.area)
    if found.left_on is not None:
        raise VisitOver
    return found


def _check_service(given: Given, found: Visit, on: date) -> None:
    if given.service not in SERVICES:
        raise ServiceUnknown
    if not found.came_on <= given.on <= on:
        raise DayImpossible
    most = MOST_KM if given.service == "transport" else MOST_DAYS
    if not 1 <= given.quantity <= most:
        raise QuantityImpossible(most=most)
    if found.services.count() >= MOST_SERVICES:
        raise QuantityImpossible(most=MOST_SERVICES)


def _check_end(left: Left, found: Visit, services: Sequence[VisitService], on: date) -> None:
    latest = max((one.on for one in services), default=found.came_on)
    if not max(found.came_on, latest) <= left.left_on <= on:
        raise DayImpossible
    if left.outcome not in VisitOutcome.values:
        raise OutcomeUnknown
    if left.outcome == VisitOutcome.REFERRED and not left.referred_to:
        raise ReferralNeeded
