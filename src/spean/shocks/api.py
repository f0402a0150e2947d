"""Shocks over the API."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.shocks import actions, queries
from spean.shocks.models import Event, Plan
from spean.shocks.rules import Kind

router = Router(tags=["shocks"])
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class EventIn(StrictSchema):
    """A shock, and what was measured, by the names of its kind's triggers."""

    kind: Kind
    title: str = Field(min_length=3, max_length=120)
    since: date
    source: str = Field(min_length=3, max_length=200)
    measures: dict[str, Decimal] = Field({}, max_length=20)


class TriggerOut(Schema):
    """A trigger: what was measured (null: not known) and what is needed."""

    name: str
    held: bool
    fact: Decimal | None
    value: Decimal


class EventOut(Schema):
    """A shock, the places it strikes today, and its triggers."""

    id: UUID
    kind: Kind
    title: str
    since: date
    source: str
    places: list[str]
    triggers: list[TriggerOut]


class PlacesIn(StrictSchema):
    """Places struck: codes, or an area as GeoJSON text."""

    places: list[str] = Field([], max_length=15_000)
    drawn: str = Field("", max_length=5_000_000)
    since: date
    source: str = Field(min_length=3, max_length=200)


class PlanIn(StrictSchema):
    """The first day that is paid for."""

    start: date


class PlanOut(Schema):
    """A plan: in force from `start` until before `end` once it is approved by two."""

    id: UUID
    event: UUID
    start: date
    end: date
    places: list[str]
    households: int
    a_month: int
    scenario: UUID
    state: Plan.State
    proposed_by: str
    first_approved_by: str
    second_approved_by: str
    reason: str


class ReasonIn(StrictSchema):
    """Why."""

    reason: str = Field(max_length=300)


class AskIn(StrictSchema):
    """Which shock missed the family, and what happened to it."""

    event: UUID
    says: str = Field(max_length=500)


class AnswerIn(ReasonIn):
    """Whether its village is taken in, and why."""

    taken_in: bool


class MissedOut(Schema):
    """A family that says it was missed."""

    id: UUID
    household: UUID
    village: str
    says: str
    state: str
    reason: str


@router.get("/events", response={200: Page[EventOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def events(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the shocks, the newest first."""
    rows, following = page_of(
        queries.events(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [_event(row) for row in rows], "next": following}


@router.post("/events", response={201: EventOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def note(request: WithActor, body: EventIn) -> Any:
    """Put a shock on record."""
    return Status(201, _event(actions.note_event(**dict(body), by=request.actor)))


@router.get("/events/{event_id}", response={200: EventOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def event(request: WithActor, event_id: UUID) -> Any:
    """Give one shock."""
    return _event(queries.event(event_id, by=request.actor))


@router.post("/events/{event_id}/places", response={200: EventOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def strike(request: WithActor, event_id: UUID, body: PlacesIn) -> Any:
    """Say which places a shock has struck."""
    said: dict[str, Any] = {"since": body.since, "source": body.source, "by": request.actor}
    if body.drawn:
        actions.strike_drawn(event_id=event_id, drawn=body.drawn, **said)
    else:
        actions.strike(event_id=event_id, places=body.places, **said)
    return _event(queries.event(event_id, by=request.actor))


@router.post("/events/{event_id}/end", response={200: EventOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def end(request: WithActor, event_id: UUID) -> Any:
    """Say that a shock is over from today on."""
    return _event(actions.end_strike(event_id=event_id, on=timezone.localdate(), by=request.actor))


@router.get("/events/{event_id}/missed", response={200: list[MissedOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def missed(request: WithActor, event_id: UUID) -> Any:
    """List who says that a shock missed them."""
    found = queries.event(event_id, by=request.actor)
    return [_missed(one) for one in queries.missed(found, by=request.actor)]


@router.post("/events/{event_id}/plans", response={201: PlanOut, **PROBLEMS})
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
@idempotent
def propose(request: WithActor, event_id: UUID, body: PlanIn) -> Any:
    """Propose the prepared plan for the places struck today, simulated."""
    made = actions.propose_plan(
        event_id=event_id, start=body.start, by=request.actor, on=timezone.localdate()
    )
    return Status(201, _plan(made))


@router.get("/plans/{plan_id}", response={200: PlanOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def plan(request: WithActor, plan_id: UUID) -> Any:
    """Give one plan."""
    return _plan(queries.plan(plan_id, by=request.actor))


@router.post("/plans/{plan_id}/approve", response={200: PlanOut, **PROBLEMS})
@access.declared(actions.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def approve(request: WithActor, plan_id: UUID) -> Any:
    """Approve a plan; the second approval puts it in force."""
    return _plan(actions.approve_plan(plan_id=plan_id, by=request.actor))


@router.post("/plans/{plan_id}/refuse", response={200: PlanOut, **PROBLEMS})
@access.declared(actions.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def refuse(request: WithActor, plan_id: UUID, body: ReasonIn) -> Any:
    """Refuse a plan, with the reason."""
    return _plan(actions.refuse_plan(plan_id=plan_id, reason=body.reason, by=request.actor))


@router.post("/households/{household_id}/missed", response={201: MissedOut, **PROBLEMS})
@access.declared(actions.ASK, purpose=Purpose.TARGETING)
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
def answer(request: WithActor, missed_id: UUID, body: AnswerIn) -> Any:
    """Answer a family that says it was missed."""
    return _missed(
        actions.answer(
            missed_id=missed_id, taken_in=body.taken_in, reason=body.reason, by=request.actor,
            on=timezone.localdate(),
        )
    )  # fmt: skip


def _event(found: Event) -> EventOut:
    on = timezone.localdate()
    same = ("id", "kind", "title", "since", "source")
    return EventOut(
        **{name: getattr(found, name) for name in same},
        places=queries.places_of(found, on=on),
        triggers=[
            TriggerOut.model_validate(one, from_attributes=True)
            for one in queries.grounds(found, on=on)
        ],
    )


def _plan(found: Plan) -> PlanOut:
    same = ("id", "start", "end", "places", "households", "state", "proposed_by",
            "first_approved_by", "second_approved_by", "reason")  # fmt: skip
    return PlanOut(
        **{name: getattr(found, name) for name in same}, event=found.event_id,
        a_month=int(found.a_month), scenario=found.scenario_id,
    )  # fmt: skip


def _missed(found: Any) -> MissedOut:
    same = ("id", "village", "says", "state", "reason")
    return MissedOut(**{name: getattr(found, name) for name in same}, household=found.household_id)
