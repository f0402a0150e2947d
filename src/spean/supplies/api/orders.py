"""Orders and shipments over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.supplies import actions, queries
from spean.supplies.models import Order, Shipment

router = Router(tags=["supplies"])
READS = (Purpose.CARE, Purpose.OVERSIGHT)


class OrderIn(StrictSchema):
    """An order: the proposed quantities, or others by item code."""

    facility: str
    quantities: dict[str, int] | None = None


class OrderApprovalIn(StrictSchema):
    """Other quantities than were proposed, by item code; 0 leaves an item out."""

    quantities: dict[str, int] = {}


class OrderRefusalIn(StrictSchema):
    """Why an order is refused."""

    reason: str = Field(max_length=300)


class OrderLineOut(Schema):
    """A line of an order; `why` holds the numbers from which it was proposed."""

    item: str
    quantity: int
    approved: int | None
    why: dict[str, Any]


class StockOrderOut(Schema):
    """An order of a facility."""

    id: UUID
    number: str
    facility: str
    state: str
    proposed_on: date
    decided_on: date | None
    reason: str
    lines: list[OrderLineOut]


class SentLineIn(StrictSchema):
    """So much of an item; with batch and expiry where a central store sends it."""

    item: str
    quantity: int
    batch: str = Field(default="", max_length=30)
    expiry: date | None = None
    maker: str = Field(default="", max_length=120)


class ShipmentIn(StrictSchema):
    """What is sent to a facility, from another one or (empty) a central store."""

    to: str
    sender: str = ""
    order: UUID | None = None
    day: date
    lines: list[SentLineIn] = Field(max_length=500)


class CameLineIn(StrictSchema):
    """How much of a line came, and why it is less than was sent."""

    line: int
    quantity: int
    reason: str = Field(default="", max_length=300)


class ShipmentReceiptIn(StrictSchema):
    """What came; a line that isn't named came whole."""

    day: date
    lines: list[CameLineIn] = Field(default=[], max_length=500)


class ShipmentLineOut(Schema):
    """A line of a shipment."""

    id: int
    item: str
    batch: str
    expiry: date
    sent: int
    received: int | None
    reason: str


class ShipmentOut(Schema):
    """A shipment; on its way until it is received."""

    id: UUID
    sender: str | None
    to: str
    order: UUID | None
    sent_on: date
    received_on: date | None
    lines: list[ShipmentLineOut]


def _order(one: Order) -> StockOrderOut:
    return StockOrderOut(
        id=one.pk, number=str(one), facility=one.facility.code, state=one.state,
        proposed_on=one.proposed_on, decided_on=one.decided_on, reason=one.reason,
        lines=[
            OrderLineOut(item=line.item.code, quantity=line.quantity, approved=line.approved,
                         why=line.why)
            for line in one.lines.select_related("item").order_by("item__code")
        ],
    )  # fmt: skip


def _shipment(one: Shipment) -> ShipmentOut:
    return ShipmentOut(
        id=one.pk, sender=one.sender.code if one.sender else None, to=one.to.code,
        order=one.order_id, sent_on=one.sent_on, received_on=one.received_on,
        lines=[
            ShipmentLineOut(
                id=line.pk, item=line.batch.item.code, batch=line.batch.number,
                expiry=line.batch.expiry, sent=line.sent, received=line.received,
                reason=line.reason,
            )
            for line in one.lines.select_related("batch__item").order_by("pk")
        ],
    )  # fmt: skip


@router.get("/orders", response={200: Page[StockOrderOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def orders(request: WithActor, cursor: str | None = None, limit: int = 25) -> Any:
    """List the orders of the client's areas, the newest first."""
    page, following = page_of(
        queries.orders(by=request.actor), cursor=cursor, limit=limit, key="-id"
    )
    return Page[StockOrderOut](items=[_order(one) for one in page], next=following)


@router.get("/orders/{order_id}", response={200: StockOrderOut, **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def order(request: WithActor, order_id: UUID) -> Any:
    """Give one order."""
    return _order(queries.order(order_id, by=request.actor))


@router.post("/orders", response={201: StockOrderOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def propose(request: WithActor, told: OrderIn) -> Status[StockOrderOut]:
    """Propose an order."""
    made = actions.propose_order(
        facility=told.facility, quantities=told.quantities, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _order(made))


@router.post("/orders/{order_id}/approve", response={200: StockOrderOut, **PROBLEMS})
@idempotent
@access.declared(queries.APPROVE, purpose=Purpose.CARE)
def approve(request: WithActor, order_id: UUID, told: OrderApprovalIn) -> StockOrderOut:
    """Approve an order, as proposed or changed."""
    return _order(actions.approve_order(
        order_id=order_id, quantities=told.quantities, by=request.actor, on=timezone.localdate()
    ))  # fmt: skip


@router.post("/orders/{order_id}/refuse", response={200: StockOrderOut, **PROBLEMS})
@idempotent
@access.declared(queries.APPROVE, purpose=Purpose.CARE)
def refuse(request: WithActor, order_id: UUID, told: OrderRefusalIn) -> StockOrderOut:
    """Refuse an order."""
    return _order(actions.refuse_order(
        order_id=order_id, reason=told.reason, by=request.actor, on=timezone.localdate()
    ))  # fmt: skip


@router.get("/shipments", response={200: Page[ShipmentOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=READS)
def shipments(
    request: WithActor, on_the_way: bool = True, cursor: str | None = None, limit: int = 25
) -> Any:
    """List the shipments from or to the client's areas, the newest first."""
    rows = queries.shipments(by=request.actor, on_the_way=on_the_way)
    page, following = page_of(rows, cursor=cursor, limit=limit, key="-id")
    return Page[ShipmentOut](items=[_shipment(one) for one in page], next=following)


@router.post("/shipments", response={201: ShipmentOut, **PROBLEMS})
@idempotent
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def send(request: WithActor, told: ShipmentIn) -> Status[ShipmentOut]:
    """Send batches, for an order or without one."""
    made = actions.send_shipment(
        to=told.to, sender=told.sender, order_id=told.order, day=told.day, by=request.actor,
        lines=[actions.Sent(**line.model_dump()) for line in told.lines],
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _shipment(made))


@router.post("/shipments/{shipment_id}/receive", response={200: ShipmentOut, **PROBLEMS})
@idempotent
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def receive(request: WithActor, shipment_id: UUID, told: ShipmentReceiptIn) -> ShipmentOut:
    """Write down what came."""
    return _shipment(actions.receive_shipment(
        shipment_id=shipment_id, day=told.day, by=request.actor, on=timezone.localdate(),
        came={one.line: actions.Came(one.quantity, one.reason) for one in told.lines},
    ))  # fmt: skip
