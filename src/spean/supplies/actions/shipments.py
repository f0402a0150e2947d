"""Batches are sent, for an order or without one, and received, whole or short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.supplies import queries
from spean.supplies.actions.booking import (
    batch_that_came,
    known_item,
    lock,
    short,
    write,
)
from spean.supplies.actions.movements import try_again
from spean.supplies.actions.orders import OrderDecided
from spean.supplies.actions.refusals import DayToCome, EntryWrong
from spean.supplies.models import Batch, Item, Movement, MovementKind, Order, Shipment, ShipmentLine
from spean.supplies.queries import APPROVE, RECORD
from spean.supplies.rules import pick


class ReceivedAlready(Conflict):
    """Refuse a second receipt."""

    code = "supplies.received_already"
    message = N_("This shipment was received already.")


class MoreThanSent(SpeanError):
    """Refuse more than was sent."""

    code = "supplies.more_than_sent"
    message = N_(
        "Of batch “%(batch)s” %(sent)s were sent. Count again; if more came, record the rest as a "
        "receipt of its own."
    )
    field = "quantity"


class ShortUnexplained(SpeanError):
    """Ask why less came than was sent."""

    code = "supplies.short_unexplained"
    message = N_("Of batch “%(batch)s” %(sent)s were sent and %(came)s came. Write why.")
    field = "reason"


class ToItself(SpeanError):
    """Refuse a shipment to where it comes from."""

    code = "supplies.to_itself"
    message = N_("A shipment goes to another facility.")
    field = "to"


@dataclass(frozen=True, slots=True)
class Sent:
    """So much of an item; its batch and expiry where a central store sends it.

    From a facility what expires first is taken, unless a batch is named.
    """

    item: str
    quantity: int
    batch: str = ""
    expiry: date | None = None
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """How much of a line came, and why it is less than was sent."""

    quantity: int
    reason: str = ""


@transaction.atomic
def send_shipment(
    *, to: str, sender: str, lines: Sequence[Sent], day: date, by: Actor, on: date,
    order_id: UUID | None = None,
) -> Shipment:  # fmt: skip
    """Send batches to a facility, from another one or ("") from a central store.

    Who keeps the sender's stock sends it; what a central store sends, the health district writes
    down. Raises NotAllowed, UnknownFacility, OrderDecided, NotEnough, BatchDiffers, EntryWrong,
    DayToCome, ToItself.
    """
    if day > on:
        raise DayToCome
    goal = locations.facility(to, on)
    source = queries.facility_for(sender, by=by, on=on, permission=RECORD) if sender else None
    if source is None:
        access.require(by, APPROVE, area=goal.place.code)
    if source == goal:
        raise ToItself
    order = _shipped(order_id, goal) if order_id else None
    made = Shipment.objects.create(
        sender=source, to=goal, order=order, sent_on=day, sent_by=by.name
    )
    for item, told in _by_item(lines):
        _pack(made, item, told, by)
    audit.write(by=by, action="supplies.send_shipment", subject=made, area=goal.place.code,
                sender=sender, lines={one.item: one.quantity for one in lines})  # fmt: skip
    return made


def _shipped(order_id: UUID, goal: Facility) -> Order:
    order = queries.order_for(order_id)
    if order.state != Order.State.APPROVED or order.facility_id != goal.pk:
        raise OrderDecided
    order.state = Order.State.SHIPPED
    order.save(update_fields=["state"])
    return order


def _by_item(lines: Sequence[Sent]) -> list[tuple[Item, list[Sent]]]:
    if not lines or any(not 1 <= line.quantity <= 10_000_000 for line in lines):
        raise EntryWrong
    grouped: dict[str, list[Sent]] = {}
    for line in lines:
        grouped.setdefault(line.item, []).append(line)
    return [(known_item(code), told) for code, told in sorted(grouped.items())]


def _pack(made: Shipment, item: Item, told: list[Sent], by: Actor) -> None:
    """Put one item into the shipment, a line for each batch."""
    packed: dict[UUID, int] = {}
    for one in told:
        for batch_id, quantity in _taken(made, item, one, by):
            packed[batch_id] = packed.get(batch_id, 0) + quantity
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=made, batch_id=batch_id, sent=quantity)
        for batch_id, quantity in packed.items()
    )


def _taken(made: Shipment, item: Item, one: Sent, by: Actor) -> list[tuple[UUID, int]]:
    if made.sender is None:
        if not one.batch.strip() or one.expiry is None:
            raise EntryWrong
        batch = batch_that_came(
            item, number=one.batch, expiry=one.expiry, maker=one.maker, day=made.sent_on
        )
        return [(batch.pk, one.quantity)]
    lock(made.sender, item)
    held = queries.free(facility_id=made.sender.pk, item_id=item.pk, day=made.sent_on)
    named = [each for each in held if one.batch.strip() in ("", each.number)]
    taken = pick(named, one.quantity, on=made.sent_on)
    if sum(each.quantity for each in taken) < one.quantity:
        raise short(made.sender, item, one.quantity, made.sent_on)
    write(
        [Movement(facility=made.sender, batch_id=each.batch, kind=MovementKind.SENT,
                  quantity=-each.quantity, day=made.sent_on, note=made.to.code,
                  recorded_by=by.name) for each in taken],
        item=item,
    )  # fmt: skip
    return [(each.batch, each.quantity) for each in taken]


@transaction.atomic
def receive_shipment(
    *, shipment_id: UUID, came: Mapping[int, Came], day: date, by: Actor, on: date
) -> Shipment:
    """Write down what came of each line (by its id; not named is: all of it).

    Raises NotFound, NotAllowed, ReceivedAlready, MoreThanSent, ShortUnexplained, DayToCome.
    """
    found = queries.shipment_for(shipment_id)
    access.require(by, RECORD, area=found.to.place.code)
    if found.received_on is not None:
        raise ReceivedAlready
    if not found.sent_on <= day <= on:
        raise DayToCome
    found.received_on, found.received_by = day, by.name
    found.save(update_fields=["received_on", "received_by"])
    lines = list(found.lines.select_related("batch__item").order_by("batch__item__code", "pk"))
    for line in lines:
        _receive(found, line, came.get(line.pk, Came(line.sent)), by)
    if found.order is not None:
        Order.objects.filter(pk=found.order.pk).update(state=Order.State.RECEIVED)
    short_of = {line.batch.number: line.sent - (line.received or 0) for line in lines
                if line.received != line.sent}  # fmt: skip
    audit.write(by=by, action="supplies.receive_shipment", subject=found,
                area=found.to.place.code, short=short_of)  # fmt: skip
    for item in dict.fromkeys(line.batch.item for line in lines):
        try_again(found.to, item, by=by, on=on)
    return found


def _receive(found: Shipment, line: ShipmentLine, came: Came, by: Actor) -> None:
    said: dict[str, object] = {"batch": line.batch.number, "sent": line.sent}
    if not 0 <= came.quantity <= line.sent:
        raise MoreThanSent(**said)
    if came.quantity < line.sent and not came.reason.strip():
        raise ShortUnexplained(**said, came=came.quantity)
    line.received, line.reason = came.quantity, came.reason.strip()[:300]
    line.save(update_fields=["received", "reason"])
    if came.quantity:
        _arrive(found, line.batch, came.quantity, by)


def _arrive(found: Shipment, batch: Batch, quantity: int, by: Actor) -> None:
    kind = MovementKind.ARRIVED if found.sender_id else MovementKind.RECEIPT
    note = found.sender.code if found.sender else ""
    assert found.received_on is not None  # noqa: S101 - set before
    write(
        [Movement(facility=found.to, batch=batch, kind=kind, quantity=quantity,
                  day=found.received_on, note=note, recorded_by=by.name)],
        item=batch.item,
    )  # fmt: skip
