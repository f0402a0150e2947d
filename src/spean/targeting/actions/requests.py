"""A case begins: asked for by the household, or ordered; or ends before the interview."""

from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access
from spean.kernel.access import Actor
from spean.registry import queries as registry
from spean.targeting.actions.cases import (
    AlreadyOpen,
    ReasonNeeded,
    locked,
    open_case,
    send_back_to_interview,
    take,
)
from spean.targeting.models import (
    OPEN,
    Assessment,
    ClosingReason,
    Origin,
    RefusalReason,
    RequestChannel,
    State,
    Step,
)


@transaction.atomic
def request_assessment(
    *, household_id: UUID, channel: str, note: str = "", by: Actor, on: date
) -> Assessment:
    """Take a household's request to be assessed.

    Raises NotAllowed, NotFound, HouseholdIsGone, AlreadyOpen.
    """
    household = registry.household_for(household_id)
    access.require(by, "targeting.request", area=household.village.code)
    return open_case(
        household=household,
        origin=Origin.ON_DEMAND,
        channel=RequestChannel(channel),
        note=note,
        by=by,
        on=on,
    )


@transaction.atomic
def refuse_request(
    *, assessment_id: UUID, version: int, reason: str, note: str = "", by: Actor, on: date
) -> Assessment:
    """Refuse to take a request up, for a listed reason; "other" has to be explained.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep, ReasonNeeded.
    """
    case = locked(assessment_id, version, "targeting.refuse", by=by, on=on)
    refusal = RefusalReason(reason)
    if refusal == RefusalReason.OTHER and not note.strip():
        raise ReasonNeeded
    detail: dict[str, object] = {"refusal": str(refusal)}
    return take(case, Step.REFUSE, by=by, on=on, note=note, detail=detail, refusal=refusal)


@transaction.atomic
def withdraw_request(
    *, assessment_id: UUID, version: int, note: str = "", by: Actor, on: date
) -> Assessment:
    """Close a case because the household no longer wants it; possible until the council decides.

    Raises NotAllowed, ChangedMeanwhile, NotAtThisStep.
    """
    case = locked(assessment_id, version, "targeting.request", by=by, on=on)
    return take(case, Step.WITHDRAW, by=by, on=on, note=note, closing=ClosingReason.HOUSEHOLD_ASKED)


@transaction.atomic
def order_reinterview(*, household_id: UUID, reason: str, by: Actor, on: date) -> Assessment:
    """Have a household interviewed anew: its open case goes back, or a new one is opened.

    Raises NotAllowed, NotFound, ReasonNeeded, HouseholdIsGone, AlreadyOpen.
    """
    household = registry.household_for(household_id)
    access.require(by, "targeting.check", area=household.village.code)
    if not reason.strip():
        raise ReasonNeeded
    return interview_anew(household_id, origin=Origin.REINTERVIEW, note=reason, by=by, on=on)


def interview_anew(
    household_id: UUID, *, origin: Origin, note: str, by: Actor, on: date
) -> Assessment:
    """Send a household's open case back to the interview, or open a case if none is open."""
    case = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("village", "household", "round")
        .filter(household=household_id, state__in=OPEN)
        .first()
    )
    if case is None:
        return open_case(
            household=registry.household_for(household_id),
            origin=origin,
            channel=RequestChannel.SYSTEM,
            note=note,
            by=by,
            on=on,
        )
    if case.state == State.REQUESTED:
        raise AlreadyOpen
    return send_back_to_interview(case, by=by, on=on, note=note)
