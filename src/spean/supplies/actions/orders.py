"""A facility proposes an order; the health district approves or refuses it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.supplies import queries
from spean.supplies.actions.movements import ReasonMissing
from spean.supplies.actions.refusals import ItemUnknown
from spean.supplies.models import Item, Order, OrderLine
from spean.supplies.queries import APPROVE, RECORD


class OrderWaits(Conflict):
    """Refuse a second order while one waits."""

    code = "supplies.order_waits"
    message = N_("An order of this facility waits for approval already. Wait for its answer.")


class NothingToOrder(SpeanError):
    """Refuse an order of nothing."""

    code = "supplies.nothing_to_order"
    message = N_("Nothing is to be ordered. Write a quantity for at least one item.")


class OrderDecided(Conflict):
    """Refuse what this order is no longer, or not yet, open to."""

    code = "supplies.order_decided"
    message = N_("This order has moved on meanwhile. Look at it again.")


class OwnOrder(SpeanError):
    """Refuse to let one person propose and approve."""

    code = "supplies.own_order"
    message = N_("You proposed this order yourself. Another person must approve it.")


class QuantityWrong(SpeanError):
    """Refuse a quantity that is none."""

    code = "supplies.quantity_wrong"
    message = N_("Write whole numbers from 0 to 10,000,000.")
    field = "quantity"


@transaction.atomic
def propose_order(
    *, facility: str, by: Actor, on: date, quantities: Mapping[str, int] | None = None
) -> Order:
    """Propose an order: what the numbers propose, or (by item code) what the facility knows better.

    Each line keeps its numbers. Raises NotAllowed, UnknownFacility, OrderWaits, NothingToOrder,
    ItemUnknown, QuantityWrong.
    """
    at = queries.facility_for(facility, by=by, on=on, permission=RECORD)
    proposed = {one.item.code: one for one in queries.proposals(facility=at, on=on)}
    if quantities is None:
        quantities = {code: one.quantity or 0 for code, one in proposed.items()}
    lines = _asked(quantities)
    last = Order.objects.filter(facility=at).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            made = Order.objects.create(
                facility=at, number=last + 1, proposed_on=on, proposed_by=by.name
            )
    except IntegrityError as error:
        raise OrderWaits from error
    OrderLine.objects.bulk_create(
        OrderLine(order=made, item=item, quantity=quantity,
                  why=proposed[item.code].why() if item.code in proposed else {})
        for item, quantity in lines
    )  # fmt: skip
    audit.write(by=by, action="supplies.propose_order", subject=made, area=at.place.code,
                lines={item.code: quantity for item, quantity in lines})  # fmt: skip
    return made


def _asked(quantities: Mapping[str, int]) -> list[tuple[Item, int]]:
    wanted = checked(quantities)
    items = {item.code: item for item in Item.objects.filter(code__in=wanted)}
    if unknown := sorted(wanted.keys() - items.keys()):
        raise ItemUnknown(item=unknown[0][:20])
    if not wanted:
        raise NothingToOrder
    return [(items[code], quantity) for code, quantity in sorted(wanted.items())]


def checked(quantities: Mapping[str, int]) -> dict[str, int]:
    """Give the quantities above zero. Raises QuantityWrong."""
    if any(not 0 <= quantity <= 10_000_000 for quantity in quantities.values()):
        raise QuantityWrong
    return {code: quantity for code, quantity in quantities.items() if quantity}


@transaction.atomic
def approve_order(
    *, order_id: UUID, by: Actor, on: date, quantities: Mapping[str, int] | None = None
) -> Order:
    """Approve an order as proposed, or with other quantities (by item code; 0 leaves one out).

    Raises NotFound, NotAllowed, OrderDecided, OwnOrder, NothingToOrder, QuantityWrong.
    """
    found = _to_decide(order_id, by)
    if found.proposed_by == by.name:
        raise OwnOrder
    changed = quantities or {}
    lines = list(found.lines.select_related("item"))
    given = {line.item.code: changed.get(line.item.code, line.quantity) for line in lines}
    if not checked(given):
        raise NothingToOrder
    for line in lines:
        line.approved = given[line.item.code]
    OrderLine.objects.bulk_update(lines, ["approved"])
    return _decided(found, Order.State.APPROVED, by, on)


@transaction.atomic
def refuse_order(*, order_id: UUID, reason: str, by: Actor, on: date) -> Order:
    """Refuse an order. Raises NotFound, NotAllowed, OrderDecided, OwnOrder, ReasonMissing."""
    found = _to_decide(order_id, by)
    if found.proposed_by == by.name:
        raise OwnOrder
    if not reason.strip():
        raise ReasonMissing
    found.reason = reason.strip()[:300]
    return _decided(found, Order.State.REFUSED, by, on)


def _to_decide(order_id: UUID, by: Actor) -> Order:
    found = queries.order_for(order_id)
    access.require(by, APPROVE, area=found.facility.place.code)
    if found.state != Order.State.PROPOSED:
        raise OrderDecided
    return found


def _decided(found: Order, state: str, by: Actor, on: date) -> Order:
    found.state, found.decided_on, found.decided_by = state, on, by.name
    found.save(update_fields=["state", "decided_on", "decided_by", "reason"])
    audit.write(by=by, action="supplies.decide_order", subject=found, state=state,
                area=found.facility.place.code)  # fmt: skip
    return found
