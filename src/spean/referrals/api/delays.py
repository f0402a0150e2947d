"""Delays over the API: a month's figures that name nobody."""

from collections.abc import Mapping
from datetime import date

from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Router
from spean.kernel.edge import WithActor
from spean.referrals import queries
from spean.referrals.queries import LegFigure
from spean.referrals.rules import Leg

router = Router(tags=["referrals"])


class DelayOut(Schema):
    """A leg of one place (`place` empty: the area): minutes, each null where held back."""

    place: str
    leg: str
    referrals: int | None
    median: int | None
    p90: int | None


class DelaysOut(Schema):
    """A month's delays of who was fetched in an area."""

    area: str
    month: date
    legs: list[DelayOut]


@router.get("/delays", response={200: DelaysOut, **PROBLEMS})
@access.declared(queries.FIGURES, purpose=Purpose.STATISTICS)
def delays(request: WithActor, month: date, area: AreaCode = "") -> DelaysOut:
    """Say how long each leg of the way to care took in a month (any day of it), by place."""
    found = queries.delays(by=request.actor, month=month, area=area)
    rows = [_line("", found.total)] + [_line(*one) for one in found.by_place.items()]
    return DelaysOut(area=area, month=found.month, legs=[one for row in rows for one in row])


def _line(place: str, figures: Mapping[Leg, LegFigure]) -> list[DelayOut]:
    return [
        DelayOut(place=place, leg=leg, referrals=one.number, median=one.median, p90=one.p90)
        for leg, one in figures.items()
    ]
