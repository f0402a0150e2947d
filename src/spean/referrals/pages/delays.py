"""The officer's page: a month's delays on a map, as bars and in a table. It names nobody."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spean.kernel import access, charts, way_charts
from spean.kernel.access import Purpose
from spean.kernel.charts import Tile
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound
from spean.kernel.way_charts import Spot
from spean.locations import queries as locations
from spean.referrals import queries
from spean.referrals.queries import DELAY_OF, LEGS, Delays
from spean.referrals.rules import Leg

DIGITS = (0, 2, 4, 6)
MONTHS = 12


@require_GET
@access.declared(queries.FIGURES, purpose=Purpose.STATISTICS)
def delays(request: WithActor) -> HttpResponse:
    """Show how long each leg took in a month, for who was fetched in an area of the reader's."""
    today, by = timezone.localdate(), request.actor
    area = request.GET.get("area", access.areas(by, queries.FIGURES)[0])
    if len(area) not in DIGITS or (area and not locations.path(area, on=today)):
        raise NotFound
    month = _month(request.GET.get("month", ""), today)
    found = queries.delays(by=by, month=month, area=area)
    names = dict(locations.names(found.by_place, on=today))
    above = [area[:end] for end in range(0, len(area), 2)
             if access.allows(by, queries.FIGURES, area=area[:end])]  # fmt: skip
    context = {
        "found": found,
        "here": locations.names([area], on=today)[0][1],
        "above": locations.names(above, on=today),
        "months": list(_months(today)),
        "legs": [(LEGS[leg], DELAY_OF.get(leg, ""), found.total.get(leg)) for leg in Leg],
        "rows": [
            (code, names[code], [figures.get(leg) for leg in Leg])
            for code, figures in found.by_place.items()
        ],
        "names": [LEGS[leg] for leg in Leg],
        "closer": len(area) < 6,
        "map": _map(found, names, today),
        "bars": _bars(found, names),
    }
    return render(request, "referrals/delays.html", context)


def _month(text: str, today: date) -> date:
    """Read a month as 2026-11; the present one where none is asked for."""
    try:
        return date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError as error:
        raise NotFound from error


def _months(today: date) -> Iterator[date]:
    """Give the months that can be chosen, the latest first."""
    for back in range(MONTHS):
        months = today.year * 12 + today.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1)


def _reach(found: Delays, code: str) -> int | None:
    figure = found.by_place.get(code, {}).get(Leg.REACH)
    return figure.median if figure else None


def _map(found: Delays, names: dict[str, str], today: date) -> str:
    """Draw the provinces as tiles; closer, the places where they lie, the later the larger."""
    title = _("Median minutes from the request to care")
    if found.area:
        spots: list[Any] = [
            Spot(names[code], *found.points[code], minutes)
            for code in found.by_place
            if (minutes := _reach(found, code)) is not None and code in found.points
        ]
        return way_charts.spots(spots, title=title) if len(spots) > 1 else ""
    provinces = dict(locations.names(locations.TILES, on=today))
    tiles = [
        Tile(column, row, provinces[code], _reach(found, code))
        for code, (column, row) in locations.TILES.items()
    ]
    return charts.tile_map(tiles, title=title)


def _bars(found: Delays, names: dict[str, str]) -> str:
    reached = [(names[code], _reach(found, code)) for code in found.by_place]
    bars = sorted(((name, n) for name, n in reached if n is not None), key=lambda bar: -bar[1])
    title = _("Median minutes from the request to care")
    return charts.bar_by_place(bars, title=title) if bars else ""
