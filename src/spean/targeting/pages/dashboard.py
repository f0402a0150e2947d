"""The dashboard of an area: figures, never names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound
from spean.locations import queries as locations
from spean.targeting import queries
from spean.targeting.models import Level

AN_AREA = re.compile(access.AREA)
COMMUNE_DIGITS = 6
SHOWN_ON_CHART = 12
POOR = (Level.POOR_1, Level.POOR_2, Level.AT_RISK)


@dataclass(frozen=True, slots=True)
class Row:
    """The poor of one place under the area shown; `leads` where one can look closer."""

    code: str
    name: str
    households: tuple[int, ...]  # by level, in the order of POOR
    persons: int
    leads: bool

    @property
    def by_level(self) -> list[tuple[str, int]]:
        """Give each level's name with its households."""
        return [(str(level.label), n) for level, n in zip(POOR, self.households, strict=True)]

    @property
    def total(self) -> int:
        """Give the households of all the levels."""
        return sum(self.households)


@require_GET
@access.declared("targeting.view_dashboard", purpose=Purpose.STATISTICS)
def dashboard(request: WithActor) -> HttpResponse:
    """Show requests by state, the poor by place, the trend, and how long cases wait."""
    mine = access.areas(request.actor, "targeting.view_dashboard")
    area = request.GET.get("area", mine[0])
    if not AN_AREA.fullmatch(area):
        raise NotFound
    today = timezone.localdate()
    figures = queries.dashboard(area, by=request.actor, on=today)
    path = locations.path(area, on=today) if area else ()
    if area and not path:
        raise NotFound
    rows = _rows(area, figures.communes)
    context = {
        "figures": figures,
        "path": path,
        "above": _above(request.actor, area),
        "mine": locations.names((code for code in mine if code != area), on=today),
        "levels": [level.label for level in POOR],
        "rows": rows,
        "total": _total(rows),
        "bars": _bars(rows),
        "trend": charts.trend(
            [(month.month, month.requested) for month in figures.months],
            title=_("Requests by month"),
        ),
    }
    return render(request, "targeting/dashboard.html", context)


def _bars(rows: Sequence[Row]) -> str:
    """Draw the places that have poor households, the most first; "" where none has."""
    most = sorted((row for row in rows if row.total), key=lambda row: -row.total)[:SHOWN_ON_CHART]
    shown = [(row.name, row.total) for row in most]
    return charts.bar_by_place(shown, title=_("Poor households by place")) if shown else ""


def _rows(area: str, communes: Sequence[queries.CommuneCount]) -> list[Row]:
    """Add communes up to the places directly under the area: never more than a page can hold."""
    size = min(len(area) + 2, COMMUNE_DIGITS)
    together: dict[str, list[queries.CommuneCount]] = {}
    for commune in communes:
        together.setdefault(commune.code[:size], []).append(commune)
    names = dict(locations.names(together, on=timezone.localdate()))
    return [
        Row(
            code=code,
            name=names[code],
            households=tuple(sum(one.levels[level].households for one in held) for level in POOR),
            persons=sum(one.persons for one in held),
            leads=code != area,
        )
        for code, held in together.items()
    ]


def _total(rows: Sequence[Row]) -> Row:
    """Add all the rows up."""
    households = tuple(sum(row.households[n] for row in rows) for n in range(len(POOR)))
    return Row("", "", households, sum(row.persons for row in rows), leads=False)


def _above(by: access.Actor, area: str) -> list[tuple[str, str]]:
    """Give the places around the area that the actor may look at too, the nation first."""
    codes = [area[:end] for end in range(0, len(area), 2)]
    seen = [code for code in codes if access.allows(by, "targeting.view_dashboard", area=code)]
    return locations.names(seen, on=timezone.localdate())
