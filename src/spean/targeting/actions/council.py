"""The commune council decides who is poor in the commune."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.targeting.actions import terms
from spean.targeting.actions.cases import locked, take
from spean.targeting.models import (
    Assessment,
    Circumstance,
    ComplaintKind,
    ComplaintState,
    Level,
    State,
    Step,
    following,
)
from spean.targeting.rules import PovertyLevel, levels_apart

ABOUT_THE_LEVEL = (ComplaintKind.EXCLUSION, ComplaintKind.INCLUSION)


class StillOnDisplay(Conflict):
    """Refuse to decide before the village has had its days to object."""

    code = "targeting.still_on_display"
    message = N_("The result is on display until %(until)s. The council can decide from then on.")


class ComplaintsOpen(Conflict):
    """Refuse to decide while a complaint about the level waits for an answer."""

    code = "targeting.complaints_open"
    message = N_("%(number)s complaint(s) about this case wait for an answer. Answer them first.")


class InterviewerDecides(SpeanError):
    """Refuse a decision by the person who interviewed."""

    code = "targeting.interviewer_decides"
    message = N_("You interviewed this household, so someone else of the council has to decide.")
    status = 403


class LevelNeedsReason(SpeanError):
    """Refuse another level than the scored one without a listed circumstance."""

    code = "targeting.level_needs_reason"
    message = N_("This is not the scored level. Choose the special circumstance that says why.")
    field = "reason"


class MovedTooFar(SpeanError):
    """Refuse a level further from the scored one than the policy lets a council go."""

    code = "targeting.moved_too_far"
    message = N_(
        "The council may move a household by %(most)s level(s) from the scored level, “%(scored)s”."
    )
    field = "level"


@transaction.atomic
def decide(
    *,
    assessment_id: UUID,
    version: int,
    level: str,
    reason: str = "",
    note: str = "",
    by: Actor,
    on: date,
) -> Assessment:
    """Record the council's level: the scored one, or another within bounds and with a reason.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep, StillOnDisplay, ComplaintsOpen,
    InterviewerDecides, LevelNeedsReason, MovedTooFar.
    """
    case = locked(assessment_id, version, "targeting.decide", by=by, on=on)
    following(Step.DECIDE, State(case.state))
    _refuse_if_not_ripe(case, by=by, on=on)
    chosen = Level(level)
    why = "" if chosen == case.scored_level else reason
    detail = _detail(case, chosen, why, on)
    return take(
        case,
        Step.DECIDE,
        by=by,
        on=on,
        note=note,
        detail=detail,
        council_on=on,
        council_by=by.name,
        council_level=chosen,
        council_reason=why,
        council_note=note,
    )


def _refuse_if_not_ripe(case: Assessment, *, by: Actor, on: date) -> None:
    if by.name == case.interviewed_by:
        raise InterviewerDecides
    if case.display_until is not None and on < case.display_until:
        raise StillOnDisplay(until=case.display_until.isoformat())
    waiting = case.complaints.filter(state=ComplaintState.OPEN, kind__in=ABOUT_THE_LEVEL).count()
    if waiting:
        raise ComplaintsOpen(number=waiting)


def _detail(case: Assessment, chosen: Level, why: str, on: date) -> dict[str, object]:
    """Give what the step keeps, once the level is found to lie within the bounds of the policy."""
    detail: dict[str, object] = {"level": str(chosen), "scored_level": case.scored_level}
    if chosen == case.scored_level:
        return detail
    if not why:
        raise LevelNeedsReason
    most = terms.max_level_moves(on)
    if levels_apart(PovertyLevel(chosen), PovertyLevel(case.scored_level)) > most.whole:
        raise MovedTooFar(most=most.whole, scored=Level(case.scored_level).label)
    return detail | {
        "reason": str(Circumstance(why)),
        "max_level_moves": most.whole,
        "reference": most.reference,
    }
