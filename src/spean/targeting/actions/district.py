"""The district checks the council's decision: it sets status and card, or sends the case back."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.targeting.actions.cases import (
    ReasonNeeded,
    locked,
    send_back_to_council,
    send_back_to_interview,
    take,
)
from spean.targeting.actions.statuses import settle
from spean.targeting.models import Assessment, CheckOutcome, State, Step, following


class CouncilChecksItself(SpeanError):
    """Refuse a check by the person who decided for the council."""

    code = "targeting.council_checks_itself"
    message = N_("You recorded the council's decision, so someone else has to check it.")
    status = 403


@transaction.atomic
def check(
    *, assessment_id: UUID, version: int, outcome: str, note: str = "", by: Actor, on: date
) -> Assessment:
    """Confirm the council's decision (the status is set, the card issued), or send it back.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep, CouncilChecksItself, ReasonNeeded.
    """
    case = locked(assessment_id, version, "targeting.check", by=by, on=on)
    following(Step.CONFIRM, State(case.state))
    if by.name == case.council_by:
        raise CouncilChecksItself
    said = CheckOutcome(outcome)
    if said != CheckOutcome.CONFIRMED and not note.strip():
        raise ReasonNeeded
    if said == CheckOutcome.TO_INTERVIEW:
        return send_back_to_interview(case, by=by, on=on, note=note)
    if said == CheckOutcome.TO_COUNCIL:
        return send_back_to_council(case, by=by, on=on, note=note)
    take(
        case,
        Step.CONFIRM,
        by=by,
        on=on,
        note=note,
        detail={"level": case.council_level},
        checked_on=on,
        checked_by=by.name,
        check_outcome=said,
        check_note=note,
        final_level=case.council_level,
    )
    settle(case, by=by, on=on)
    return case
