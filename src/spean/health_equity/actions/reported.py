"""What care recorded becomes a visit, which the facility completes before it claims it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from spean.health_equity.actions.beginning import Came, begin_visit, lock_person
from spean.health_equity.actions.visits import end_mistaken, fee_of
from spean.health_equity.models import Claim, Contract, ReportedCase, Visit, VisitService
from spean.health_equity.queries import visit_for
from spean.health_equity.queries.cover import Patient, patient_of
from spean.health_equity.queries.visits import RECORD
from spean.health_equity.rules import Outcome
from spean.health_equity.rules.reported import Case, payable
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, Conflict
from spean.locations import queries as locations
from spean.locations.queries import Facility

Became = ReportedCase.Became


class CaseClaimed(Conflict):
    """Refuse to take back care that a facility has claimed."""

    code = "health_equity.case_claimed"
    message = N_(
        "A facility has claimed this care (%(claims)s). Ask it to withdraw the claim first. If it "
        "was accepted or paid, the reviewer of claims must judge it down to nothing before; the "
        "money is then kept back from the facility's next statement."
    )


@dataclass(frozen=True, slots=True)
class Report:
    """A case as care recorded it; `key` names it, whoever tells it again.

    `facility` is its code; where it is open, the first that serves the village at one of `levels`.
    """

    key: str
    case: Case
    person: UUID
    day: date
    village: str
    facility: str = ""
    levels: Sequence[str] = ()


@transaction.atomic
def report_case(*, report: Report, by: Actor, on: date) -> ReportedCase:
    """Begin the visit of a case that care reported, if a scheme pays for it there; once.

    A visit of the patient that is on record there for the day is taken for the same. Raises
    NotAllowed, PatientGone, NotInForce.
    """
    access.require(by, RECORD, area="")
    lock_person(report.person)
    told = ReportedCase.objects.filter(source_key=report.key).first()
    if told is not None:
        return told
    place = _place(report)
    made = ReportedCase(
        source_key=report.key, service=report.case.services[0], day=report.day,
        person_id=report.person, facility=place, area=place.place.code if place else report.village,
    )  # fmt: skip
    if place is None:
        made.became = Became.NO_FACILITY
    else:
        _open(made, report, place, by)
    made.save(force_insert=True)
    audit.write(by=by, action="health_equity.case_reported", subject=made, area=made.area,
                became=str(made.became), on=on.isoformat())  # fmt: skip
    return made


@transaction.atomic
def withdraw_case(*, key: str, by: Actor, on: date) -> ReportedCase | None:
    """Follow that care took back what it had reported: its service leaves the visit.

    A visit at which nothing else was done did not take place. Raises NotAllowed, CaseClaimed.
    """
    access.require(by, RECORD, area="")
    told = ReportedCase.objects.select_for_update().filter(source_key=key).first()
    if told is None or told.withdrawn_on is not None:
        return told
    if told.visit_id is not None:
        _take_off(visit_for(told.visit_id, lock=True), told, by)
    told.withdrawn_on = on
    told.save(update_fields=["withdrawn_on"])
    audit.write(by=by, action="health_equity.case_withdrawn", subject=told, area=told.area,
                on=on.isoformat())  # fmt: skip
    return told


def _take_off(visit: Visit, told: ReportedCase, by: Actor) -> None:
    claims = visit.claims.exclude(state=Claim.State.WITHDRAWN)
    if numbers := list(claims.order_by("number").values_list("number", flat=True)):
        raise CaseClaimed(claims=", ".join(numbers))
    reported = visit.services.filter(given_by=by.name, on=told.day)
    others = visit.services.exclude(pk__in=reported.values("pk"))
    if told.became == Became.OPENED and not others.exists():
        end_mistaken(visit, by=by)
        return
    for one in reported:
        audit.write(by=by, action="health_equity.service_removed", subject=visit, area=visit.area,
                    service=one.service)  # fmt: skip
        one.delete()
    if visit.left_on is not None:
        visit.fee = fee_of(visit, visit.services.all())
        visit.save(update_fields=["fee"])


def _open(made: ReportedCase, report: Report, place: Facility, by: Actor) -> None:
    """Find the visit, or begin it where a scheme pays, or say why there is none."""
    found = patient_of(report.person, by=by, on=report.day)
    service = _paid_there(found, report, place)
    if (visit := _on_record(report, place)) is not None:
        made.became, made.visit = Became.ON_RECORD, visit
        _add(visit, service, report, by)
    elif found.payer is None:
        made.became = Became.NOBODY_PAYS
        said = found.covers[0].decision if found.covers else None
        made.cover = store_decision(said, subject=made, by=by) if said else None
    elif service is None:
        made.became = Became.NOT_PAID_HERE
    else:
        came = Came(report.day, source_key=report.key, diagnoses=report.case.diagnoses)
        made.became, made.service = Became.OPENED, service
        made.visit = begin_visit(found, place, came, by=by)
        _give(made.visit, service, report, by)


def _add(visit: Visit, service: str | None, report: Report, by: Actor) -> None:
    """Add what was reported to a visit that is not over, if it isn't there."""
    if visit.left_on is None and service and not visit.services.filter(service=service).exists():
        visit.diagnoses = list(dict.fromkeys([*visit.diagnoses, *report.case.diagnoses]))
        visit.save(update_fields=["diagnoses"])
        _give(visit, service, report, by)


def _give(visit: Visit, service: str, report: Report, by: Actor) -> None:
    VisitService.objects.create(visit=visit, service=service, on=report.day, given_by=by.name)


def _place(report: Report) -> Facility | None:
    """Give the facility that was named, else the one where people of the village go first."""
    if report.facility:
        return locations.facility(report.facility, report.day)
    for one in locations.facilities_of(report.village, report.day):
        level = locations.level_of(one)
        if level is not None and level.kind in report.levels:
            return one
    return None


def _on_record(report: Report, place: Facility) -> Visit | None:
    """Give the patient's visit there that has the day: of a stay, or of that very day."""
    there = Visit.objects.filter(person=report.person, facility=place, came_on__lte=report.day)
    stays = Q(left_on__gte=report.day) | Q(left_on=None, source_key=None) | Q(came_on=report.day)
    return there.filter(stays).exclude(outcome="mistaken").order_by("-came_on").first()


def _paid_there(found: Patient, report: Report, place: Facility) -> str | None:
    """Give the service for which one of the patient's schemes pays there, the first payer first."""
    level = locations.level_of(place)
    held = Contract.objects.filter(locations.valid(report.day), facility=place)
    contracted = set(held.values_list("scheme", flat=True))
    covering = [str(one.scheme) for one in found.covers if one.outcome is Outcome.COVERED]
    paid = (
        payable(report.case, scheme, level.kind if level else "", on=report.day)
        for scheme in covering
        if scheme in contracted
    )
    return next((service for service in paid if service), None)
