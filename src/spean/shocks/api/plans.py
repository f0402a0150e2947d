"""Plans against a shock, over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.shocks import actions, queries
from spean.shocks.models import Plan

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class PlanIn(StrictSchema):
    """The first day that is paid for, and what pays (null: what was prepared for the shock)."""

    start: date
    programmes: list[str] | None = Field(None, max_length=10)


class PlanOut(Schema):
    """A plan: in force from `start` until before `end` once it is approved by two."""

    id: UUID
    event: UUID
    start: date
    end: date
    adds_to: UUID | None
    programmes: list[str]
    places: list[str]
    families: int
    households: int
    a_month: int
    scenario: UUID
    state: Plan.State
    proposed_by: str
    first_approved_by: str
    second_approved_by: str
    reason: str


class ShockReasonIn(StrictSchema):
    """Why."""

    reason: str = Field(max_length=300)


@router.post("/events/{event_id}/plans", response={201: PlanOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def propose(request: WithActor, event_id: UUID, body: PlanIn) -> Any:
    """Propose the prepared plan for the places struck today, simulated."""
    made = actions.propose_plan(
        event_id=event_id, start=body.start, by=request.actor, on=timezone.localdate(),
        programmes=body.programmes,
    )  # fmt: skip
    return Status(201, _plan(made))


@router.get("/plans/{plan_id}", response={200: PlanOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def plan(request: WithActor, plan_id: UUID) -> Any:
    """Give one plan."""
    return _plan(queries.plan(plan_id, by=request.actor))


@router.post("/plans/{plan_id}/additions", response={201: PlanOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def add(request: WithActor, plan_id: UUID) -> Any:
    """Propose to add to an approved plan whom the shock struck besides, for the plan's days."""
    made = actions.propose_addition(plan_id=plan_id, by=request.actor, on=timezone.localdate())
    return Status(201, _plan(made))


@router.post("/plans/{plan_id}/approve", response={200: PlanOut, **PROBLEMS})
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def approve(request: WithActor, plan_id: UUID) -> Any:
    """Approve a plan; the second approval puts it in force."""
    return _plan(actions.approve_plan(plan_id=plan_id, by=request.actor))


@router.post("/plans/{plan_id}/refuse", response={200: PlanOut, **PROBLEMS})
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def refuse(request: WithActor, plan_id: UUID, body: ShockReasonIn) -> Any:
    """Refuse a plan, with the reason."""
    return _plan(actions.refuse_plan(plan_id=plan_id, reason=body.reason, by=request.actor))


def _plan(found: Plan) -> PlanOut:
    same = ("id", "start", "end", "programmes", "places", "households", "state", "proposed_by",
            "first_approved_by", "second_approved_by", "reason")  # fmt: skip
    return PlanOut(
        **{name: getattr(found, name) for name in same}, event=found.event_id,
        a_month=int(found.a_month), scenario=found.scenario_id, adds_to=found.adds_to_id,
        families=len(found.families),
    )  # fmt: skip
