"""The analyst's page: who comes for care and who doesn't, as plots, on a map and in tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spean.health_equity import queries
from spean.health_equity.models import ServiceName
from spean.health_equity.queries.words import BAND_NAMES, LEVEL_NAMES, LEVELS
from spean.health_equity.rules.use import Line
from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.charts import Tile
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotAllowed, NotFound, SpeanError
from spean.kernel.i18n import explain
from spean.locations import queries as locations

MOST_BARS = 25
DIGITS = (0, 2, 4, 6)


@require_GET
@access.declared(queries.VIEW_USE, purpose=Purpose.STATISTICS)
def use(request: WithActor) -> HttpResponse:
    """Show a year's use of services in an area of the reader's."""
    today = timezone.localdate()
    area, context = where(request)
    try:
        found = queries.use_of_services(by=request.actor, on=today, area=area)
    except NotAllowed:
        raise
    except SpeanError as error:
        context["refusal"] = explain(error)
    else:
        context |= _shown(found)
    return render(request, "health_equity/use.html", context)


def where(request: WithActor) -> tuple[str, dict[str, Any]]:
    """Give the area that a page of figures is about, its name, and the areas above it."""
    today, actor = timezone.localdate(), request.actor
    area = request.GET.get("area", access.areas(actor, queries.VIEW_USE)[0])
    if len(area) not in DIGITS or (area and not locations.path(area, on=today)):
        raise NotFound
    above = [area[:end] for end in range(0, len(area), 2)]
    allowed = [one for one in above if access.allows(actor, queries.VIEW_USE, area=one)]
    return area, {
        "above": locations.names(allowed, on=today),
        "here": locations.names([area], on=today)[0][1],
    }


def _shown(found: queries.Use) -> dict[str, Any]:
    places = dict(locations.names((one.code for one in found.by_place), on=found.on))
    closer = len(found.area) < queries.COMMUNE
    return {
        "use": found,
        "tables": [
            _table(_("By poverty level"), LEVEL_NAMES, found.by_level),
            _table(_("By distance to the facility that serves the village"), BAND_NAMES,
                   found.by_distance),
            _table(_("By place"), places, found.by_place, ranked=True)
            | {"map": _map(found), "closer": closer},
        ],
        "costs": [
            (LEVELS[one.level or "unknown"], ServiceName(one.service).label, one)
            for one in found.costs
        ],
    }  # fmt: skip


def _table(
    title: str, names: Mapping[str, Any], lines: Sequence[Line], *, ranked: bool = False
) -> dict[str, Any]:
    """Give one table with its bars, those who come least first where places are compared."""
    bars = [(str(names[one.code]), one.rate) for one in lines if one.rate is not None]
    if ranked:
        bars.sort(key=lambda bar: bar[1])
    return {
        "title": title,
        "rows": [(names[one.code], one) for one in lines],
        "bars": charts.bar_by_place(
            bars[:MOST_BARS], title=_("Visits a year of 100 people") + " · " + title
        ) if bars else "",
    }  # fmt: skip


def _map(found: queries.Use) -> str:
    """Draw the country where the table is of its provinces."""
    if found.area:
        return ""
    rates = {one.code: one.rate for one in found.by_place}
    return country(rates, found.on, title=_("Visits a year of 100 people, by province"))


def country(figures: Mapping[str, int | None], on: date, *, title: str) -> str:
    """Draw a figure of each province on a map of the country."""
    names = dict(locations.names(locations.TILES, on=on))
    tiles = [
        Tile(column, row, names[code], figures.get(code))
        for code, (column, row) in locations.TILES.items()
    ]
    return charts.tile_map(tiles, title=title)
