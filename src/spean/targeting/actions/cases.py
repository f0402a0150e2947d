"""What every step of a case shares: the lock, the move, the trail."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.targeting.actions import terms
from spean.targeting.events import AssessmentMoved
from spean.targeting.models import Assessment, AssessmentStep, State, Step, following

NOT_INTERVIEWED: dict[str, Any] = {
    "answers": {},
    "interviewed_on": None,
    "interviewed_by": "",
    "decision": None,
    "points": None,
    "scored_level": "",
    "reviewed_on": None,
    "reviewed_by": "",
    "opinion": "",
    "proposed_level": "",
    "circumstance": "",
    "review_note": "",
    "display_from": None,
    "display_until": None,
    "displayed_by": "",
    "attention": "",
}
NOT_DECIDED: dict[str, Any] = {
    "council_on": None,
    "council_by": "",
    "council_level": "",
    "council_reason": "",
    "council_note": "",
    "checked_on": None,
    "checked_by": "",
    "check_outcome": "",
    "check_note": "",
}


class AssessmentNotFound(NotFound):
    """Say that there is no such assessment."""

    code = "targeting.assessment_not_found"
    message = N_("There is no such assessment. Check the address and try again.")


class ChangedMeanwhile(Conflict):
    """Refuse a step on a case that someone else has moved since it was looked at."""

    code = "targeting.changed_meanwhile"
    message = N_("Someone else has dealt with this meanwhile. Look at it again before you decide.")


class BeforeTheLastStep(SpeanError):
    """Refuse a step dated before the one it follows."""

    code = "targeting.before_the_last_step"
    message = N_("The step before was on %(last)s. This one cannot be earlier.")
    field = "on"


class AlreadyOpen(Conflict):
    """Refuse a second open assessment of one household."""

    code = "targeting.already_open"
    message = N_("This household has an open assessment already. Go on with that one.")


class HouseholdIsGone(SpeanError):
    """Refuse to assess a household that was dissolved or joined another."""

    code = "targeting.household_is_gone"
    message = N_("This household no longer exists in the register, so it cannot be assessed.")


class ReasonNeeded(SpeanError):
    """Refuse a step that has to be explained and is not."""

    code = "targeting.reason_needed"
    message = N_("Say why, so that the family can be told.")
    field = "note"


def locked(
    assessment_id: UUID, version: int, permission: str, *, by: Actor, on: date
) -> Assessment:
    """Lock a case for one step, if the actor may take it and nobody has moved the case meanwhile.

    Raises AssessmentNotFound, NotAllowed, ChangedMeanwhile, BeforeTheLastStep.
    """
    case = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("village", "household", "round")
        .filter(pk=assessment_id)
        .first()
    )
    if case is None:
        raise AssessmentNotFound
    access.require(by, permission, area=case.village.code)
    if case.version != version:
        raise ChangedMeanwhile
    days = (case.requested_on, case.interviewed_on, case.reviewed_on, case.display_from)
    last = max(day for day in (*days, case.council_on) if day is not None)
    if on < last:
        raise BeforeTheLastStep(last=last.isoformat())
    return case


def take(
    case: Assessment,
    step: Step,
    *,
    by: Actor,
    on: date,
    note: str = "",
    detail: dict[str, object] | None = None,
    **changes: object,
) -> Assessment:
    """Move a locked case by one step, with its deadline, its trail and its news.

    Raises NotAtThisStep.
    """
    case.state = following(step, State(case.state))
    for name, value in changes.items():
        setattr(case, name, value)
    case.due_on = terms.due_on(case, on) if case.is_open else None
    if not case.is_open:
        case.closed_on, case.closed_by = on, by.name
    case.version += 1
    case.save()
    record(case, step, by=by, on=on, note=note, detail=detail or {})
    return case


def record(
    case: Assessment, step: Step, *, by: Actor, on: date, note: str, detail: dict[str, object]
) -> None:
    """Keep a step in the case's own history and in the audit trail, and tell others."""
    AssessmentStep.objects.create(
        assessment=case, step=step, state=case.state, on=on, by=by.name, note=note, detail=detail
    )
    audit.write(
        by=by,
        action=f"targeting.{step}",
        subject=case,
        area=case.village.code,
        state=case.state,
        **detail,
    )
    outbox.announce(
        AssessmentMoved(
            assessment_id=case.pk,
            household_id=case.household_id,
            village=case.village.code,
            step=str(step),
            state=str(case.state),
            on=on,
        )
    )


def open_case(
    *, household: Any, origin: str, channel: str, note: str, by: Actor, on: date
) -> Assessment:
    """Open a case for a household (a `registry.Household`), wherever the wish came from.

    Raises HouseholdIsGone, AlreadyOpen.
    """
    if household.dissolved_on is not None or household.merged_into_id is not None:
        raise HouseholdIsGone
    case = Assessment(
        household=household,
        village=household.village,
        origin=origin,
        channel=channel,
        note=note,
        requested_on=on,
        requested_by=by.name,
    )
    case.due_on = terms.due_on(case, on)
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyOpen from error
    record(case, Step.REQUEST, by=by, on=on, note=note, detail={"origin": str(origin)})
    return case


def send_back_to_interview(case: Assessment, *, by: Actor, on: date, note: str) -> Assessment:
    """Empty what came after the request, and keep it in the history, so that all is asked anew."""
    detail: dict[str, object] = {
        "points": str(case.points or ""),
        "scored_level": case.scored_level,
        "council_level": case.council_level,
    }
    changes = NOT_INTERVIEWED | NOT_DECIDED
    return take(case, Step.REDO_INTERVIEW, by=by, on=on, note=note, detail=detail, **changes)


def send_back_to_council(case: Assessment, *, by: Actor, on: date, note: str) -> Assessment:
    """Empty the council's decision, and keep it in the history, so that it decides anew."""
    detail: dict[str, object] = {
        "council_level": case.council_level,
        "council_by": case.council_by,
    }
    return take(case, Step.REDO_DECISION, by=by, on=on, note=note, detail=detail, **NOT_DECIDED)
