"""The ledger of stock: what can be taken on a day, what moved, what waits."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.locations.queries import Facility
from spean.supplies.models import Batch, Count, Item, Movement, Waiting
from spean.supplies.queries.places import VIEW
from spean.supplies.rules import Held

# What can be taken of a batch on a day is what no later day needs. A count starts anew: what was
# taken before it is put against what the count put right, which therefore doesn't bind here.
_FREE = """
WITH days AS (
    SELECT moved.batch_id, moved.day, sum(moved.quantity) AS quantity,
           coalesce(sum(moved.quantity) FILTER (WHERE moved.kind = 'count'), 0) AS counted
    FROM supplies_movement moved JOIN supplies_batch batch ON batch.id = moved.batch_id
    WHERE moved.facility_id = %(facility)s AND batch.item_id = %(item)s
    GROUP BY moved.batch_id, moved.day
), anew AS (
    SELECT batch_id, min(day) AS counted_on FROM supplies_count
    WHERE facility_id = %(facility)s AND day >= %(day)s GROUP BY batch_id
), closings AS (
    SELECT days.*, counted_on, sum(quantity) OVER (PARTITION BY batch_id ORDER BY day) AS closing
    FROM days LEFT JOIN anew USING (batch_id)
)
SELECT batch.id, batch.number, batch.expiry, least(
    coalesce(sum(quantity) FILTER (WHERE day <= %(day)s), 0)
        - coalesce(sum(counted) FILTER (WHERE day = %(day)s AND day = counted_on), 0),
    min(closing - CASE WHEN day = counted_on THEN counted ELSE 0 END)
        FILTER (WHERE day > %(day)s AND (counted_on IS NULL OR day <= counted_on))
), EXISTS (SELECT FROM supplies_quarantine held
           WHERE held.facility_id = %(facility)s AND held.batch_id = batch.id
             AND held.decision = '' AND held.since <= %(day)s)
FROM closings JOIN supplies_batch batch ON batch.id = closings.batch_id
GROUP BY batch.id, batch.number, batch.expiry
"""


def free(*, facility_id: int, item_id: UUID, day: date) -> list[Held]:
    """Give what can be taken of each batch on a day, usable or not."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"facility": facility_id, "item": item_id, "day": day})
        return [Held(*row) for row in cursor.fetchall()]


def closing(*, facility_id: int, batch_id: UUID, day: date) -> int:
    """Give what the ledger says there was of a batch at the end of a day."""
    rows = Movement.objects.filter(facility_id=facility_id, batch_id=batch_id, day__lte=day)
    return int(rows.aggregate(left=Sum("quantity"))["left"] or 0)


def counted_days(*, facility_id: int, batch_ids: set[UUID]) -> Mapping[UUID, list[date]]:
    """Give the days on which each batch was counted, in their order."""
    rows = Count.objects.filter(facility_id=facility_id, batch_id__in=batch_ids).order_by("day")
    found: dict[UUID, list[date]] = {}
    for batch_id, day in rows.values_list("batch_id", "day"):
        found.setdefault(batch_id, []).append(day)
    return found


def movements(*, facility: Facility, by: Actor, item: Item | None = None) -> QuerySet[Movement]:
    """Give what moved at a facility, the newest first. Raises NotAllowed."""
    access.require(by, VIEW, area=facility.place.code)
    rows = Movement.objects.filter(facility=facility).select_related("batch__item", "reversed_by")
    if item is not None:
        rows = rows.filter(batch__item=item)
    return rows.order_by("-id")


def movement_for(movement_id: UUID) -> Movement:
    """Give a movement to an action that decides on access itself. Raises NotFound."""
    rows = Movement.objects.select_related("facility__place", "batch__item")
    return only(rows.filter(pk=movement_id))


def items() -> QuerySet[Item]:
    """Give the items, by code: public, as a price list is."""
    return Item.objects.order_by("code")


def item(code: str) -> Item:
    """Give an item by its code. Raises NotFound."""
    return only(Item.objects.filter(code=code))


def item_of_batch(*, vaccine: str, batch: str, facility_id: int) -> Item | None:
    """Give the item of a vaccine of which a facility has had a batch; None where it hasn't."""
    found = Batch.objects.select_related("item").filter(
        item__vaccine=vaccine, number=batch, balances__facility_id=facility_id
    )
    first = found.order_by("item__code").first()
    return first.item if first else None


def waiting(*, by: Actor) -> QuerySet[Waiting]:
    """Give the entries that wait in the actor's areas, the oldest day first."""
    rows = Waiting.objects.filter(state=Waiting.State.WAITING).select_related("facility", "item")
    return access.within(rows, by, VIEW, code="area").order_by("id")


def waiting_for_item(*, facility_id: int, item_id: UUID) -> QuerySet[Waiting]:
    """Give the entries of a facility that stock of an item may let through, by day."""
    rows = Waiting.objects.filter(state=Waiting.State.WAITING, facility_id=facility_id)
    return rows.filter(Q(item_id=item_id) | Q(item=None)).order_by("day", "id")


def waiting_entry(waiting_id: UUID, *, lock: bool = False) -> Waiting:
    """Give an entry to an action that decides on access itself. Raises NotFound."""
    return only(Waiting.objects.filter(pk=waiting_id), lock=lock)
