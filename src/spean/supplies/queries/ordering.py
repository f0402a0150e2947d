"""Orders and shipments, and what a facility should order."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.rows import only
from spean.locations.queries import Facility
from spean.supplies.models import Item, Order, Shipment
from spean.supplies.queries.places import VIEW
from spean.supplies.queries.stock import Supplied, supplied
from spean.supplies.rules import proposal


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to order of an item, and from which numbers; None where consumption isn't known."""

    supplied: Supplied
    quantity: int | None

    @property
    def item(self) -> Item:
        """The item."""
        return self.supplied.item

    def why(self) -> dict[str, object]:
        """Give the numbers as an order keeps them."""
        numbers, judged = self.supplied.numbers, self.supplied.judged
        return {
            "issued": numbers.issued,
            "days": numbers.days,
            "days_in_stock": numbers.days_in_stock,
            "monthly": None if judged.monthly is None else str(judged.monthly),
            "most_months": str(self.supplied.bounds.most_months),
            "on_hand": numbers.on_hand,
            "on_the_way": numbers.on_the_way,
            "pack": self.item.pack,
            "proposed": self.quantity,
        }


def proposals(*, facility: Facility, on: date) -> list[Proposal]:
    """Give what a facility should order of each item that it has or has had."""
    return [
        Proposal(one, proposal(one.numbers, one.bounds, pack=one.item.pack))
        for one in supplied(facilities=[facility], on=on)
    ]


def orders(*, by: Actor) -> QuerySet[Order]:
    """Give the orders of facilities of the actor's areas, the newest first."""
    rows = Order.objects.select_related("facility")
    return access.within(rows, by, VIEW, code="facility__place__code").order_by("-id")


def order(order_id: UUID, *, by: Actor) -> Order:
    """Give one order with its lines. Raises NotFound, NotAllowed."""
    rows = Order.objects.select_related("facility__place", "shipment")
    found = only(rows.prefetch_related("lines__item").filter(pk=order_id))
    access.require(by, VIEW, area=found.facility.place.code)
    return found


def order_for(order_id: UUID) -> Order:
    """Give an order, locked, to an action that decides on access itself. Raises NotFound."""
    rows = Order.objects.select_related("facility__place").filter(pk=order_id)
    return only(rows, lock=True)


def shipments(*, by: Actor, on_the_way: bool = True) -> QuerySet[Shipment]:
    """Give the shipments from or to the actor's areas, the newest first."""
    rows = Shipment.objects.select_related("sender", "to", "order")
    if on_the_way:
        rows = rows.filter(received_on=None)
    sent = access.within(rows, by, VIEW, code="sender__place__code")
    coming = access.within(rows, by, VIEW, code="to__place__code")
    both = rows.filter(Q(pk__in=sent.values("pk")) | Q(pk__in=coming.values("pk")))
    return both.order_by("-id")


def shipment(shipment_id: UUID, *, by: Actor) -> Shipment:
    """Give one shipment with its lines, to who may see either end. Raises NotFound, NotAllowed."""
    rows = Shipment.objects.select_related("sender__place", "to__place", "order")
    found = only(rows.prefetch_related("lines__batch__item").filter(pk=shipment_id))
    ends = [found.to.place.code, *([found.sender.place.code] if found.sender else [])]
    if not any(access.allows(by, VIEW, area=end) for end in ends):
        raise NotAllowed(permission=VIEW, area=ends[0])
    return found


def shipment_for(shipment_id: UUID) -> Shipment:
    """Give a shipment, locked, to an action that decides on access itself. Raises NotFound."""
    rows = Shipment.objects.select_related("to__place", "sender__place", "order")
    return only(rows.filter(pk=shipment_id), lock=True)
