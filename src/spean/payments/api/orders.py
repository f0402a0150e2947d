"""Money over the API."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.money import Money
from spean.payments import actions, queries
from spean.payments.models import Order
from spean.payments.queries import MEDIA_TYPES, FileFormat

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class BecameOut(Schema):
    """How many payments are in a state, their sum, and what families hold of it (riel)."""

    state: str
    payments: int
    amount: int
    held: int


class OrderOut(Schema):
    """A payment order. `list_hash` is the SHA-256 of the list that is approved."""

    id: UUID
    number: str
    programme: str
    purpose: str
    channel: Order.Channel
    state: Order.State
    payments: int
    total: int
    list_hash: str
    prepared_by: str
    first_approved_by: str
    second_approved_by: str
    released_by: str
    released_at: datetime | None
    became: list[BecameOut]


class ApprovalIn(StrictSchema):
    """The hash of the list that was looked at."""

    list_hash: str = Field(min_length=64, max_length=64)


class RevisionIn(StrictSchema):
    """A funder's money for a programme, in riel, written in digits. The key makes it once."""

    key: str = Field(min_length=1, max_length=40)
    programme: str
    funder: str
    amount: str
    source: str = Field(max_length=200)


class RevisionOut(Schema):
    """What a funder gave to a programme, or took back (below 0), by which act."""

    on: date
    programme: str
    funder: str
    amount: int
    source: str
    made_by: str


class BudgetOut(Schema):
    """Where a programme's money is, in riel."""

    programme: str
    appropriated: int
    available: int
    committed: int
    in_channels: int
    with_families: int


class PaymentOut(Schema):
    """One payment to a household, and what it holds of it (riel)."""

    reference: str
    order: str
    programme: str
    amount: int
    held: int
    state: str
    settled_on: date | None
    reason: str


@router.get("/orders", response={200: Page[OrderOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def orders(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the payment orders, the newest first."""
    rows, following = page_of(
        queries.orders(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return {"items": [_order(row) for row in rows], "next": following}


@router.get("/orders/{order_id}", response={200: OrderOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def order(request: WithActor, order_id: UUID) -> Any:
    """Give one payment order."""
    return _order(queries.order(order_id, by=request.actor))


@router.post("/orders/{order_id}/approve", response={200: OrderOut, **PROBLEMS})
@access.declared("payments.approve", purpose=Purpose.PAYMENT)
@idempotent
def approve(request: WithActor, order_id: UUID, body: ApprovalIn) -> Any:
    """Approve the list with this hash; two people other than its preparer must."""
    return _order(actions.approve_order(
        order_id=order_id, list_hash=body.list_hash, by=request.actor, at=timezone.now()
    ))  # fmt: skip


@router.post("/orders/{order_id}/release", response={200: OrderOut, **PROBLEMS})
@access.declared("payments.release", purpose=Purpose.PAYMENT)
@idempotent
def release(request: WithActor, order_id: UUID) -> Any:
    """Hand an approved order's money to its channel."""
    return _order(actions.release_order(order_id=order_id, by=request.actor, at=timezone.now()))


@router.post("/orders/{order_id}/cancel", response={200: OrderOut, **PROBLEMS})
@access.declared("payments.prepare", purpose=Purpose.PAYMENT)
@idempotent
def cancel(request: WithActor, order_id: UUID) -> Any:
    """Give an order up that isn't released."""
    return _order(actions.cancel_order(order_id=order_id, by=request.actor, at=timezone.now()))


@router.get("/orders/{order_id}/file", response={200: None, **PROBLEMS})
@access.declared("payments.release", purpose=Purpose.PAYMENT)
def order_file(request: WithActor, order_id: UUID, format: FileFormat = FileFormat.CSV) -> Any:
    """Give a released order's file for its channel, as CSV or as an ISO 20022 pain.001."""
    _, pieces = queries.order_file(order_id, by=request.actor, form=format)
    return StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[format][1])


@router.get("/budgets", response={200: list[BudgetOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def budgets(request: WithActor) -> Any:
    """Give where each programme's money is."""
    return [_budget(one) for one in queries.budgets(by=request.actor)]


@router.get("/revisions", response={200: list[RevisionOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def revisions(request: WithActor) -> Any:
    """List what funders gave and took back, the newest first (the last 200)."""
    return [RevisionOut.model_validate(one, from_attributes=True)
            for one in queries.revisions(by=request.actor)]  # fmt: skip


@router.post("/appropriations", response={201: BudgetOut, **PROBLEMS})
@access.declared("payments.fund", purpose=Purpose.PAYMENT)
@idempotent
def appropriate(request: WithActor, body: RevisionIn) -> Any:
    """Put a funder's money into a programme's budget; give where its money is then."""
    return _revise(request, body, actions.appropriate)


@router.post("/withdrawals", response={201: BudgetOut, **PROBLEMS})
@access.declared("payments.fund", purpose=Purpose.PAYMENT)
@idempotent
def withdraw(request: WithActor, body: RevisionIn) -> Any:
    """Give a funder back what isn't committed; give where the programme's money is then."""
    return _revise(request, body, actions.withdraw)


def _revise(request: WithActor, body: RevisionIn, act: Callable[..., Any]) -> Any:
    act(
        key=body.key, programme=body.programme, funder=body.funder,
        amount=Money.parse(body.amount).amount, source=body.source, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    (one,) = [b for b in queries.budgets(by=request.actor) if b.programme == body.programme]
    return Status(201, _budget(one))


@router.get("/households/{household_id}/payments", response={200: list[PaymentOut], **PROBLEMS})
@access.declared(queries.VIEW_PAYEES, purpose=MONEY)
def payments_of(request: WithActor, household_id: UUID) -> Any:
    """List a household's payments, the newest first."""
    return [
        PaymentOut(reference=one.reference, order=one.order.number, programme=one.order.programme,
                   amount=int(one.amount), held=int(one.held), state=one.state,
                   settled_on=one.settled_on, reason=one.reason)
        for one in queries.payments_of(household_id, by=request.actor)
    ]  # fmt: skip


def _budget(one: queries.Budget) -> BudgetOut:
    return BudgetOut(**{name: getattr(one, name) for name in BudgetOut.model_fields})


def _order(found: Order) -> OrderOut:
    same = ("id", "number", "programme", "purpose", "channel", "state", "list_hash", "prepared_by",
            "first_approved_by", "second_approved_by", "released_by", "released_at")  # fmt: skip
    return OrderOut(
        **{name: getattr(found, name) for name in same},
        payments=found.payments_count,
        total=int(found.total),
        became=[BecameOut(state=one.state, payments=one.payments, amount=int(one.amount),
                          held=int(one.held))
                for one in queries.became(found)],
    )  # fmt: skip
