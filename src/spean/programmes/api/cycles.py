"""The payment cycles and what they owe, over the API."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.programmes import actions, queries
from spean.programmes.api.enrolment import ProgrammeDecisionIn
from spean.programmes.models import Cycle

router = Router()


MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class CycleIn(StrictSchema):
    """The days that a cycle pays for: from `start` until the day before `end`."""

    programme: str = Field(max_length=60)
    start: date
    end: date


class CycleOut(Schema):
    """A payment cycle: the days from `start` until the day before `end`; its sum in riel."""

    id: UUID
    programme: str
    start: date
    end: date
    as_of: date
    policy_version: str
    households: int
    total: int


class CycleNowOut(CycleOut):
    """A payment cycle; `left` counts the households without a payment under way or made."""

    left: int


class CycleTimesOut(Schema):
    """A cycle's families by how long they waited for their money since it was opened."""

    a_day: int
    three_days: int
    a_week: int
    two_weeks: int
    later: int
    not_yet: int


class CostOut(Schema):
    """A cycle's first day and what it owes in all (riel)."""

    start: date
    total: int


class ReachedOut(Schema):
    """How far a programme reaches: households, from what the rules give to money in hand."""

    entitled: int
    enrolled: int
    owed: int
    paid: int
    costs: list[CostOut]


class CycleOrderIn(StrictSchema):
    """The channel, and what the payees read on their statement."""

    channel: Literal["wallet", "pay_point"]
    purpose: str = Field(min_length=3, max_length=140)


class CycleOrderOut(Schema):
    """The order that was prepared; see `/payments/orders`."""

    order: UUID


class CycleCorrectionIn(StrictSchema):
    """Why a whole cycle is worked out anew."""

    reason: str = Field(min_length=1, max_length=300)


class MendedOut(Schema):
    """How many households a cycle owed too little, and too much, and the sums (riel)."""

    too_little: int
    arrears: int
    too_much: int
    overpaid: int


class DecidedOut(Schema):
    """About how many households it was decided."""

    corrections: int


class OwedOut(Schema):
    """What a household was owed in a cycle, with the criteria and counts that made it."""

    cycle: UUID
    programme: str
    start: date
    amount: int
    decision: dict[str, Any]


@router.get("/cycles", response={200: Page[CycleOut], **PROBLEMS})
@access.declared("programmes.view_cycles", purpose=MONEY)
def cycles(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the payment cycles, the newest first."""
    rows, following = page_of(
        queries.cycles(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [CycleOut(**_same(row)) for row in rows], "next": following}


@router.post("/cycles", response={201: CycleNowOut, **PROBLEMS})
@access.declared("programmes.open_cycle", purpose=Purpose.PAYMENT)
@idempotent
def open_cycle(request: WithActor, body: CycleIn) -> Any:
    """Freeze what the last results of the nation owe each household of a programme."""
    made = actions.open_cycle(
        programme=body.programme, start=body.start, end=body.end, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _cycle(made, request.actor))


@router.get("/cycles/{cycle_id}", response={200: CycleNowOut, **PROBLEMS})
@access.declared("programmes.view_cycles", purpose=MONEY)
def cycle(request: WithActor, cycle_id: UUID) -> Any:
    """Give one payment cycle."""
    return _cycle(queries.cycle(cycle_id, by=request.actor), request.actor)


@router.get("/cycles/{cycle_id}/times", response={200: CycleTimesOut, **PROBLEMS})
@access.declared("programmes.view_cycles", purpose=MONEY)
def times(request: WithActor, cycle_id: UUID) -> Any:
    """Count a cycle's families by how long they waited."""
    found = queries.time_to_pay(queries.cycle(cycle_id, by=request.actor))
    return CycleTimesOut(**{soon.value: count for soon, count in found.items()})


@router.get("/reached/{programme}", response={200: ReachedOut, **PROBLEMS})
@access.declared("programmes.view_cycles", purpose=MONEY)
def reached(request: WithActor, programme: str) -> Any:
    """Give how far a programme reaches, and what its cycles cost."""
    found = queries.reached(programme, by=request.actor)
    return ReachedOut(
        entitled=found.entitled, enrolled=found.enrolled, owed=found.owed, paid=found.paid,
        costs=[CostOut(start=start, total=total) for start, total in found.costs],
    )  # fmt: skip


@router.post("/cycles/{cycle_id}/orders", response={201: CycleOrderOut, **PROBLEMS})
@access.declared("payments.prepare", purpose=Purpose.PAYMENT)
@idempotent
def order_cycle(request: WithActor, cycle_id: UUID, body: CycleOrderIn) -> Any:
    """Prepare the payments of who can be paid by a channel, and is not paid or under way."""
    order = actions.order_cycle(
        cycle_id=cycle_id, channel=body.channel, purpose=body.purpose, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, CycleOrderOut(order=order))


@router.post("/cycles/{cycle_id}/corrections", response={201: MendedOut, **PROBLEMS})
@access.declared(queries.CORRECT_ALL, purpose=Purpose.PAYMENT)
@idempotent
def correct_cycle(request: WithActor, cycle_id: UUID, body: CycleCorrectionIn) -> Any:
    """Work a whole cycle out anew, by its rules and what was put right since."""
    found = actions.correct_cycle(
        cycle_id=cycle_id, reason=body.reason, by=request.actor, on=timezone.localdate()
    )
    return Status(201, MendedOut(**{k: int(v) for k, v in asdict(found).items()}))


@router.post("/cycles/{cycle_id}/corrections/decision", response={200: DecidedOut, **PROBLEMS})
@access.declared(queries.DECIDE, purpose=Purpose.PAYMENT)
@idempotent
def decide_corrections(request: WithActor, cycle_id: UUID, body: ProgrammeDecisionIn) -> Any:
    """Decide about all that a cycle owed too much and somebody else found."""
    decided = actions.decide_corrections(
        cycle_id=cycle_id, take_back=body.take_back, grounds=body.grounds, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return DecidedOut(corrections=decided)


@router.get("/households/{household_id}/owed", response={200: list[OwedOut], **PROBLEMS})
@access.declared("programmes.view_cycles", purpose=MONEY)
def owed(request: WithActor, household_id: UUID) -> Any:
    """List what a household was owed in each cycle, the newest first, and why."""
    return [
        OwedOut(cycle=one.cycle_id, programme=one.cycle.programme, start=one.cycle.start,
                amount=int(one.amount), decision=one.decision)
        for one in queries.entitlements_in_cycles(household_id, by=request.actor)
    ]  # fmt: skip


def _cycle(found: Cycle, by: Actor) -> CycleNowOut:
    left, _amount = queries.not_ordered(found, queries.orders_of(found, by=by))
    return CycleNowOut(left=left, **_same(found))


def _same(found: Cycle) -> dict[str, Any]:
    same = ("id", "programme", "start", "end", "as_of", "policy_version", "households", "total")
    return {name: getattr(found, name) for name in same}
