"""Families that say a shock missed them, over the API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.shocks import actions, queries
from spean.shocks.api.plans import ShockReasonIn

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class AskIn(StrictSchema):
    """Which shock missed the family, and what happened to it."""

    event: UUID
    says: str = Field(max_length=500)


class ShockAnswerIn(ShockReasonIn):
    """Whether its village is taken in, or it alone, and why."""

    taken_in: bool
    alone: bool = False


class MissedOut(Schema):
    """A family that says it was missed."""

    id: UUID
    household: UUID
    village: str
    says: str
    state: str
    reason: str


@router.get("/events/{event_id}/missed", response={200: list[MissedOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def missed(request: WithActor, event_id: UUID) -> Any:
    """List who says that a shock missed them."""
    found = queries.event(event_id, by=request.actor)
    return [_missed(one) for one in queries.missed(found, by=request.actor)]


@router.get("/households/{household_id}/missed", response={200: list[MissedOut], **PROBLEMS})
@access.declared(queries.ASK, purpose=Purpose.TARGETING)
def asked(request: WithActor, household_id: UUID) -> Any:
    """List what a family asked about shocks, and how it was answered."""
    rows = queries.asked_by(household_id, by=request.actor, on=timezone.localdate())
    return [_missed(one) for one in rows]


@router.post("/households/{household_id}/missed", response={201: MissedOut, **PROBLEMS})
@access.declared(queries.ASK, purpose=Purpose.TARGETING)
@idempotent
def ask(request: WithActor, household_id: UUID, body: AskIn) -> Any:
    """Take down that a family says a shock missed it."""
    made = actions.ask(
        event_id=body.event, household_id=household_id, says=body.says, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _missed(made))


@router.post("/missed/{missed_id}/answer", response={200: MissedOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def answer(request: WithActor, missed_id: UUID, body: ShockAnswerIn) -> Any:
    """Answer a family that says it was missed."""
    return _missed(
        actions.answer(
            missed_id=missed_id, taken_in=body.taken_in, reason=body.reason, by=request.actor,
            on=timezone.localdate(), alone=body.alone,
        )
    )  # fmt: skip


def _missed(found: Any) -> MissedOut:
    same = ("id", "village", "says", "state", "reason")
    return MissedOut(**{name: getattr(found, name) for name in same}, household=found.household_id)
