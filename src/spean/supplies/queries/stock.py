"""How facilities are supplied: worked out from the ledger for any day, in one statement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from spean.kernel.decisions import PolicyRef
from spean.kernel.policy import policy
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.supplies.models import Balance, Item, Movement
from spean.supplies.rules import Bounds, Judged, Numbers, days_without, judge

LEVELS, DAYS = "supplies.levels", "supplies.days"
# A batch is usable stock until the day of its expiry. `moved` is the only part that reads the
# ledger, and only the days that consumption is averaged over; all before is in the balances.
# Several changes of one day are peers of the window, so that each has the day's end as its closing.
_SUPPLIED = """
WITH moved AS MATERIALIZED (
    SELECT moved.facility_id, moved.batch_id, batch.item_id, batch.expiry, moved.day,
           moved.quantity, CASE WHEN moved.kind = 'issue' THEN -moved.quantity ELSE 0 END AS issued
    FROM supplies_movement moved JOIN supplies_batch batch ON batch.id = moved.batch_id
    WHERE moved.facility_id = ANY(%(facilities)s) AND moved.day >= %(since)s
), since AS (
    SELECT facility_id, batch_id, sum(quantity)::int AS quantity,
           coalesce(sum(quantity) FILTER (WHERE day > expiry), 0)::int AS after_expiry,
           coalesce(sum(quantity) FILTER (WHERE day > %(day)s), 0)::int AS later
    FROM moved GROUP BY facility_id, batch_id
), batches AS (
    SELECT balance.facility_id, balance.batch_id, batch.item_id, batch.expiry,
           balance.quantity - coalesce(since.quantity, 0) AS opening,
           balance.quantity - coalesce(since.after_expiry, 0) AS at_expiry,
           balance.quantity - coalesce(since.later, 0) AS closing,
           held.id IS NOT NULL AS held_back
    FROM supplies_balance balance
    JOIN supplies_batch batch ON batch.id = balance.batch_id
    LEFT JOIN since ON since.facility_id = balance.facility_id
                   AND since.batch_id = balance.batch_id
    LEFT JOIN supplies_quarantine held ON held.facility_id = balance.facility_id
                   AND held.batch_id = balance.batch_id AND held.decision = ''
                   AND held.since <= %(day)s
    WHERE balance.facility_id = ANY(%(facilities)s)
), changes AS (
    SELECT facility_id, item_id, %(since)s::date - 1 AS day, sum(opening)::int AS quantity,
           0 AS issued
    FROM batches WHERE expiry >= %(since)s GROUP BY facility_id, item_id
    UNION ALL
    SELECT facility_id, item_id, day, quantity, issued FROM moved
    WHERE day <= expiry AND day <= %(day)s
    UNION ALL
    SELECT facility_id, item_id, expiry, -at_expiry, 0
    FROM batches WHERE expiry >= %(since)s AND expiry < %(day)s AND at_expiry > 0
), closings AS (
    SELECT facility_id, item_id, issued, day, sum(quantity) OVER ordered AS closing,
           lead(day, 1, %(day)s::date + 1) OVER ordered AS next_day
    FROM changes WINDOW ordered AS (PARTITION BY facility_id, item_id ORDER BY day)
), used AS (
    SELECT facility_id, item_id, sum(issued) AS issued,
           sum(CASE WHEN closing <= 0 THEN greatest(next_day - day - 1, 0) ELSE 0 END)
               AS days_without
    FROM closings GROUP BY facility_id, item_id
), held AS (
    SELECT facility_id, item_id,
           coalesce(sum(closing) FILTER (WHERE expiry >= %(day)s AND NOT held_back), 0) AS on_hand,
           coalesce(sum(closing) FILTER (WHERE expiry < %(day)s), 0) AS expired,
           coalesce(sum(closing) FILTER (WHERE expiry >= %(day)s AND held_back), 0) AS held_back,
           min(expiry) FILTER (WHERE closing > 0 AND expiry >= %(day)s) AS first_expiry
    FROM batches GROUP BY facility_id, item_id
), coming AS (
    SELECT facility_id, item_id, sum(quantity) AS quantity FROM (
        SELECT asked.facility_id, line.item_id, line.approved AS quantity
        FROM supplies_orderline line JOIN supplies_order asked ON asked.id = line.order_id
        WHERE asked.state = 'approved' AND asked.facility_id = ANY(%(facilities)s)
        UNION ALL
        SELECT sent.to_id, batch.item_id, line.sent
        FROM supplies_shipmentline line
        JOIN supplies_shipment sent ON sent.id = line.shipment_id
        JOIN supplies_batch batch ON batch.id = line.batch_id
        WHERE sent.received_on IS NULL AND sent.to_id = ANY(%(facilities)s)
    ) each_coming GROUP BY facility_id, item_id
)
SELECT held.facility_id, held.item_id, held.on_hand, held.expired, held.held_back,
       held.first_expiry,
       coalesce(used.issued, 0), coalesce(used.days_without, %(days)s),
       coalesce(coming.quantity, 0)
FROM held LEFT JOIN used USING (facility_id, item_id) LEFT JOIN coming USING (facility_id, item_id)
"""


@dataclass(frozen=True, slots=True)
class Supplied:
    """One item at one facility on a day: the numbers, what follows, and what is near its end."""

    facility: Facility
    item: Item
    numbers: Numbers
    bounds: Bounds
    judged: Judged
    expired: int
    held_back: int
    first_expiry: date | None
    expires_soon: bool


def bounds_of(facility: Facility, *, on: date) -> Bounds:
    """Give the months of stock that a facility of its level should have. Raises NotInForce.

    A facility whose level is not on record counts as a health centre.
    """
    level = locations.level_of(facility)
    row = policy.table(LEVELS, on=on).rows[level.kind if level else "health_centre"]
    known_from = policy.table(DAYS, on=on).cell("known_from", "days")
    return Bounds(row["least"], row["most"], int(known_from))


def window(on: date) -> tuple[date, int]:
    """Give the first of the days over which consumption is averaged, and how many they are."""
    days = int(policy.table(DAYS, on=on).cell("consumption", "days"))
    return on - timedelta(days=days - 1), days


def sources(on: date) -> list[PolicyRef]:
    """Give the policies by which supply is judged on a day."""
    return [policy.table(key, on=on).ref for key in (LEVELS, DAYS)]


def supplied(*, facilities: Sequence[Facility], on: date) -> list[Supplied]:
    """Give every item that each of some facilities has or has had, the worst supplied first."""
    since, days = window(on)
    soon = on + timedelta(days=int(policy.table(DAYS, on=on).cell("near_expiry", "days")))
    by_id = {one.pk: one for one in facilities}
    bounds = {one.pk: bounds_of(one, on=on) for one in facilities}
    items = {item.pk: item for item in Item.objects.all()}
    found = [
        _supplied(row, days, by_id[row[0]], items[row[1]], bounds[row[0]], soon)
        for row in _rows(list(by_id), since=since, on=on, days=days)
    ]
    order = list(type(found[0].judged.status)) if found else []
    return sorted(found, key=lambda one: (order.index(one.judged.status), not one.item.tracer,
                                          one.item.code, one.facility.code))  # fmt: skip


def _rows(facilities: Sequence[int], *, since: date, on: date, days: int) -> list[Any]:
    asked: dict[str, Any] = {"facilities": facilities, "since": since, "day": on, "days": days}
    with connection.cursor() as cursor:
        cursor.execute(_SUPPLIED, asked)
        return list(cursor.fetchall())


def _supplied(
    row: Any, days: int, facility: Facility, item: Item, bounds: Bounds, soon: date
) -> Supplied:
    _, _, on_hand, expired, held_back, first_expiry, issued, without, coming = row
    numbers = Numbers(int(on_hand), int(issued), days - int(without), days, int(coming))
    return Supplied(
        facility, item, numbers, bounds, judge(numbers, bounds), int(expired), int(held_back),
        first_expiry, first_expiry is not None and first_expiry <= soon,
    )  # fmt: skip


def batches_of(*, facility: Facility, item: Item) -> list[Balance]:
    """Give the batches of an item that a facility holds, what expires first first."""
    rows = Balance.objects.filter(facility=facility, batch__item=item, quantity__gt=0)
    return list(rows.select_related("batch").order_by("batch__expiry", "batch__number"))


def stock_outs(*, facility: Facility, item: Item, on: date) -> list[tuple[date, date]]:
    """Give the spans of days without usable stock over which consumption is averaged.

    The plain reading of what `supplied` works out for all at once.
    """
    since, _ = window(on)
    changes: Counter[date] = Counter()
    rows = Movement.objects.filter(facility=facility, batch__item=item, day__lte=on)
    left: Counter[date] = Counter()
    for day, quantity, expiry in rows.values_list("day", "quantity", "batch__expiry"):
        if day <= expiry:
            left[expiry] += quantity
            changes[day] += quantity
    for expiry, quantity in left.items():
        if quantity:
            changes[expiry] -= quantity
    opening = sum(quantity for day, quantity in changes.items() if day < since)
    return days_without(changes, opening=opening, since=since, until=on)
