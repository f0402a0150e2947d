"""How much of an item a facility needs: its consumption, its status, and what to order.

Average monthly consumption = quantity issued ÷ days in stock × 30.5. What was lost or has expired
is not consumption, and days without stock don't count: the naive mean orders too little after a
stock-out, and so makes the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil

DAYS_A_MONTH = Decimal("30.5")
_TWO_PLACES = Decimal("0.01")


class Status(StrEnum):
    """How a facility is supplied with an item; the worst first."""

    STOCKED_OUT = "stocked_out"
    BELOW_MIN = "below_min"
    OVERSTOCK = "overstock"
    UNKNOWN = "unknown"
    UNUSED = "unused"
    ADEQUATE = "adequate"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the ledger says of one item at one facility.

    `on_hand` may be issued: it has neither expired nor is it in quarantine. `issued` and
    `days_in_stock` are of the `days` until the day that was asked for.
    """

    on_hand: int
    issued: int
    days_in_stock: int
    days: int
    on_the_way: int = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Months of stock between which a facility is well supplied, and when consumption is known."""

    least_months: Decimal
    most_months: Decimal
    least_days: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from the numbers: consumption and months are None where it isn't known."""

    monthly: Decimal | None
    months: Decimal | None
    status: Status


def monthly(numbers: Numbers, *, least_days: int) -> Decimal | None:
    """Give the average monthly consumption; None where the item was too few days in stock."""
    if numbers.days_in_stock < max(least_days, 1):
        return None
    return _rounded(Decimal(numbers.issued) / numbers.days_in_stock * DAYS_A_MONTH)


def judge(numbers: Numbers, bounds: Bounds) -> Judged:
    """Say how a facility is supplied.

    An item that was here and is here no longer is out of stock, unless it is known that nobody
    needs it: where it was not here for long, consumption is not known to be nothing.
    """
    average = monthly(numbers, least_days=bounds.least_days)
    months = _rounded(numbers.on_hand / average) if average else None
    return Judged(average, months, _status(numbers.on_hand, average, months, bounds))


def _status(
    on_hand: int, average: Decimal | None, months: Decimal | None, bounds: Bounds
) -> Status:
    if average is not None and not average:
        return Status.UNUSED
    if on_hand <= 0:
        return Status.STOCKED_OUT
    if months is None:
        return Status.UNKNOWN
    if months < bounds.least_months:
        return Status.BELOW_MIN
    return Status.OVERSTOCK if months > bounds.most_months else Status.ADEQUATE


def proposal(numbers: Numbers, bounds: Bounds, *, pack: int) -> int | None:
    """Give how much to order, in whole packs: up to the most, less what is here or on its way.

    None where consumption isn't known: somebody who knows the facility writes it.
    """
    average = monthly(numbers, least_days=bounds.least_days)
    if average is None:
        return None
    short = average * bounds.most_months - numbers.on_hand - numbers.on_the_way
    return max(ceil(short / pack), 0) * pack


def days_without(
    changes: Mapping[date, int], *, opening: int, since: date, until: date
) -> list[tuple[date, date]]:
    """Give the spans of days, first and last, that began and ended with nothing there.

    `changes` is what came or went on a day, `opening` what was there on the day before `since`.
    """
    spans = []
    there, emptied = opening, since - timedelta(days=1)
    for day in [*sorted(day for day in changes if since <= day <= until), until + timedelta(1)]:
        if there <= 0 and day > emptied + timedelta(days=1):
            spans.append((emptied + timedelta(days=1), day - timedelta(days=1)))
        there += changes.get(day, 0)
        emptied = day
    return spans


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TWO_PLACES, rounding=ROUND_HALF_UP)
