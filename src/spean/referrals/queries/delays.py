"""How long the way to care took: median and ninth decile of each leg, by place; nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.utils import timezone

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.disclosure import Cell, shown
from spean.kernel.policy import TableValue, policy
from spean.locations import queries as locations
from spean.locations.queries import Point
from spean.referrals.queries.access import FIGURES
from spean.referrals.rules import Leg

DISCLOSURE = "results.disclosure"
COMMUNE = 6
TOTAL = None
# One row for each place and leg, and for each leg of the whole area (no place). A vehicle that was
# called back never set out.
LEGS = """
WITH moment AS (
    SELECT referral.id, left(referral.from_area, %(digits)s) AS place,
           referral.noticed_at, referral.requested_at,
           max(step.at) FILTER (WHERE step.kind = 'dispatched') AS dispatched,
           max(step.at) FILTER (WHERE step.kind = 'picked_up') AS picked_up,
           max(step.at) FILTER (WHERE step.kind = 'arrived') AS arrived,
           max(step.at) FILTER (WHERE step.kind = 'handed_over') AS handed_over
    FROM referrals_referral referral
    JOIN referrals_referralstep step ON step.referral_id = referral.id
    LEFT JOIN referrals_trip trip ON trip.id = step.trip_id
    WHERE referral.requested_at >= %(since)s AND referral.requested_at < %(until)s
      AND starts_with(referral.from_area, %(area)s) AND referral.direction = 'onward'
      AND trip.outcome IS DISTINCT FROM 'called_back'
    GROUP BY referral.id
), leg AS (
    SELECT place, leg.name, extract(epoch FROM leg.took) / 60 AS minutes
    FROM moment CROSS JOIN LATERAL (VALUES
        ('decide', requested_at - noticed_at), ('dispatch', dispatched - requested_at),
        ('fetch', picked_up - dispatched), ('travel', arrived - picked_up),
        ('reach', arrived - requested_at), ('receive', handed_over - arrived)
    ) leg(name, took)
    WHERE leg.took IS NOT NULL
)
SELECT place, name, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes)
FROM leg GROUP BY GROUPING SETS ((place, name), (name))
"""


@dataclass(frozen=True, slots=True)
class LegFigure:
    """A leg in one place: referrals, the median and the ninth decile of its minutes.

    Each is rounded, and None where too few referrals are behind it.
    """

    number: int | None
    median: int | None
    p90: int | None


NOTHING = LegFigure(0, None, None)


@dataclass(frozen=True, slots=True)
class Delays:
    """A month's legs for who was fetched in an area: `by_place` by code, `total` of the area.

    `points` says where the places lie, as far as it is known.
    """

    area: str
    month: date
    by_place: dict[str, dict[Leg, LegFigure]]
    total: dict[Leg, LegFigure]
    points: dict[str, Point]


def delays(*, by: Actor, month: date, area: str = "") -> Delays:
    """Give the legs of the referrals requested in a month; no figure names anybody.

    Raises NotAllowed, NotInForce.
    """
    access.require(by, FIGURES, area=area)
    first = month.replace(day=1)
    digits = min(len(area) + 2, COMMUNE)
    asked: dict[str, Any] = {
        "digits": digits, "since": _start(first), "until": _start(_next(first)), "area": area,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LEGS, asked)
        rows = cursor.fetchall()
    terms = policy.table(DISCLOSURE, on=first)
    by_place: dict[str, dict[Leg, LegFigure]] = {}
    total: dict[Leg, LegFigure] = {}
    for leg in Leg:
        mine = sorted(row for row in rows if row[1] == leg and row[0] is not TOTAL)
        for row, figure in zip(mine, _figures(mine, terms), strict=True):
            by_place.setdefault(row[0], {})[leg] = figure
        for whole in _figures([row for row in rows if row[:2] == (TOTAL, leg)], terms):
            total[leg] = whole
    places = dict(sorted(by_place.items()))
    return Delays(area, first, places, total, locations.points(places))


def _figures(rows: Sequence[Any], terms: TableValue) -> list[LegFigure]:
    """Hold the small ones back; a time is worth as much as the referrals behind it."""
    columns = (
        shown([Cell(number, worth) for number, worth in column], "people", terms)
        for column in (
            [(row[2], row[2]) for row in rows],
            [(row[2], round(row[3])) for row in rows],
            [(row[2], round(row[4])) for row in rows],
        )
    )
    return [LegFigure(*row) for row in zip(*columns, strict=True)]


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
