"""A visit is recorded, as it was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor, Purpose
from spean.kernel.actions import store_decision
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.rows import only
from spean.maternal_child.actions.checking import AnswersWrong, AnswerUnknown
from spean.maternal_child.actions.withdrawing import mark_withdrawn
from spean.maternal_child.events import HomeVisitRecorded, HomeVisitWithdrawn
from spean.maternal_child.models import HomeVisit, Kind, Topic
from spean.maternal_child.models import Place as ReferredTo
from spean.maternal_child.rules import SIGNS, VisitKind, advice
from spean.registry import actions as registry
from spean.registry import queries as households

ARM = range(60, 251)
FOUND = N_("Found at a home visit")
TAKEN_BACK = N_("The home visit was withdrawn from the care record")
RECORD, VISITS = "maternal_child.record_visit", Actor.system("visits", purpose=Purpose.CARE)


class NotInThisHousehold(SpeanError):
    """Refuse a visit to somebody who doesn't live there."""

    code = "maternal_child.not_in_this_household"
    message = N_("This person does not live in this household. Choose the household again.")
    field = "person"


class VisitInTheFuture(SpeanError):
    """Refuse a visit that has not been made."""

    code = "maternal_child.visit_in_the_future"
    message = N_("The day of the visit has not come yet. Correct it.")
    field = "visited_on"


class ArmImpossible(SpeanError):
    """Refuse an arm that no child has."""

    code = "maternal_child.arm_impossible"
    message = N_("The arm measures between 60 and 250 mm. Measure again.")
    field = "muac_mm"


class ReferralPlaceNeeded(SpeanError):
    """Ask where somebody was referred to."""

    code = "maternal_child.referral_place_needed"
    message = N_("Say where the person was referred to.")
    field = "referred_to"


class PregnancyApproved(Conflict):
    """Refuse to take back a visit whose finding the council has approved."""

    code = "maternal_child.pregnancy_approved"
    message = N_(
        "The commune council has approved the pregnancy that this visit found. Ask it to reverse "
        "that change, then take the visit back."
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found and done at a visit; `referred_to` where `referred`."""

    danger_signs: Sequence[str] = ()
    muac_mm: int | None = None
    oedema: bool | None = None
    breastfed: bool | None = None
    topics: Sequence[str] = ()
    referred: bool | None = None
    referred_to: str = ""


@dataclass(frozen=True, slots=True)
class FoundPregnant:
    """A pregnancy that the registry doesn't know yet."""

    expected_on: date | None = None


@transaction.atomic
def withdraw_home_visit(*, visit_id: UUID, reason: str, by: Actor, on: date) -> HomeVisit:
    """Take back a visit that was recorded in error: it is to be made again, if it is due.

    A pregnancy that it proposed and nobody has approved goes with it. Raises NotFound, NotAllowed,
    ReasonMissing, WithdrawnAlready, and PregnancyApproved where the council has approved it.
    """
    found = only(HomeVisit.objects.filter(pk=visit_id), lock=True)
    village = found.village.code
    access.require(by, RECORD, area=village)
    mark_withdrawn(found, village, reason, right=RECORD, by=by, on=on)
    proposed = households.changes_about(
        found.person_id, kind="record_pregnancy", reason=FOUND, day=found.visited_on
    )
    for change in proposed:
        if change.state == change.State.APPLIED:
            raise PregnancyApproved
        registry.reject_change(change=change, reason=TAKEN_BACK, by=VISITS, on=on)
    outbox.announce(HomeVisitWithdrawn(found.pk, found.person_id, village, on))
    return found


@transaction.atomic
def record_home_visit(
    *,
    household_id: UUID,
    person_id: UUID,
    kind: str,
    visited_on: date,
    findings: Findings | None,
    pregnancy: FoundPregnant | None = None,
    note: str = "",
    by: Actor,
    on: date,
) -> HomeVisit:
    """Record a visit and what follows from it; no `findings` says that the person was not met.

    A pregnancy found is proposed to the registry. Raises NotFound, NotAllowed, NotInThisHousehold,
    AnswersWrong, and what the proposal raises.
    """
    household = households.household_for(household_id)
    access.require(by, RECORD, area=household.village.code)
    members = households.people_in([household_id]).get(household_id, [])
    if person_id not in {member.person_id for member in members}:
        raise NotInThisHousehold
    visit = HomeVisit(
        household=household, person_id=person_id, village=household.village, kind=kind,
        visited_on=visited_on, met=findings is not None, note=note.strip()[:300],
        visited_by=by.name,
    )  # fmt: skip
    if findings is not None:
        _fill(visit, findings)
    _check(visit, on)
    _keep(visit, by)
    if pregnancy is not None:
        _propose_pregnancy(visit, pregnancy.expected_on, by=by, on=on)
    return visit


def _fill(visit: HomeVisit, findings: Findings) -> None:
    visit.danger_signs = sorted(set(findings.danger_signs))
    visit.topics = sorted(set(findings.topics))
    visit.muac_mm, visit.oedema = findings.muac_mm, findings.oedema
    visit.breastfed = findings.breastfed
    visit.referred = findings.referred
    visit.referred_to = findings.referred_to if findings.referred else ""


def _check(visit: HomeVisit, on: date) -> None:
    """Refuse everything that can't be, at once."""
    wrong: list[tuple[str, SpeanError]] = []
    if visit.visited_on > on:
        wrong.append(("visited_on", VisitInTheFuture()))
    if visit.kind not in Kind.values:
        wrong.append(("kind", AnswerUnknown(answer=visit.kind)))
    else:
        unknown = set(visit.danger_signs) - set(SIGNS[VisitKind(visit.kind)])
        wrong += [("danger_signs", AnswerUnknown(answer=sign)) for sign in sorted(unknown)]
    unheard = set(visit.topics) - set(Topic.values)
    wrong += [("topics", AnswerUnknown(answer=topic)) for topic in sorted(unheard)]
    if visit.muac_mm is not None and visit.muac_mm not in ARM:
        wrong.append(("muac_mm", ArmImpossible()))
    if visit.referred and visit.referred_to not in ReferredTo.values:
        wrong.append(("referred_to", ReferralPlaceNeeded()))
    if wrong:
        raise AnswersWrong(wrong)


def _keep(visit: HomeVisit, by: Actor) -> None:
    if visit.met:
        decision = advice(
            signs=visit.danger_signs,
            muac_mm=visit.muac_mm,
            oedema=visit.oedema,
            on=visit.visited_on,
        )
        visit.decision = store_decision(decision, subject=visit, by=by)
    visit.save(force_insert=True)
    audit.write(
        by=by,
        action=RECORD,
        subject=visit,
        area=visit.village.code,
        kind=visit.kind,
        met=visit.met,
    )
    outbox.announce(
        HomeVisitRecorded(
            visit=visit.pk,
            household=visit.household_id,
            person=visit.person_id,
            village=visit.village.code,
            kind=visit.kind,
            met=visit.met,
            day=visit.visited_on,
        )
    )


def _propose_pregnancy(visit: HomeVisit, expected_on: date | None, *, by: Actor, on: date) -> None:
    registry.propose_change(
        kind="record_pregnancy",
        person=households.person(visit.person_id, by=by, log_read=False),
        proposal={"expected_on": expected_on},
        reason=FOUND,
        effective_on=visit.visited_on,
        by=by,
        on=on,
    )
