"""The analyst's page: what cases cost the schemes, and how long facilities wait for their money."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spean.health_equity import queries
from spean.health_equity.models import ServiceName
from spean.health_equity.pages.use import MOST_BARS, country, where
from spean.health_equity.queries import CaseCost, Costs
from spean.health_equity.queries.words import LEVEL_NAMES, LEVELS
from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.locations import queries as locations


@require_GET
@access.declared(queries.VIEW_USE, purpose=Purpose.STATISTICS)
def costs(request: WithActor) -> HttpResponse:
    """Show what cases cost of late, and how fast the claims of half a year were paid."""
    area, context = where(request)
    found = queries.costs(by=request.actor, on=timezone.localdate(), area=area)
    return render(request, "health_equity/costs.html", context | _shown(found))


def _shown(found: Costs) -> dict[str, Any]:
    here = [one.code for one in found.by.get("place", ())]
    places = dict(locations.names(here, on=found.on))
    facilities = {one.code: one.name for one in locations.facilities(found.on, area=found.area)}
    services = dict(ServiceName.choices)
    tables = [
        _table(_("By service"), services, found.by.get("service", ())),
        _table(_("By level of the facility"), LEVELS, found.by.get("level", ())),
        _table(_("By poverty level"), LEVEL_NAMES, found.by.get("poverty", ())),
        _table(_("By place of the facility"), places, found.by.get("place", ()))
        | {"map": _map(found), "closer": len(found.area) < queries.COMMUNE},
        _table(_("By facility"), facilities, found.by.get("facility", ())),
    ]
    return {
        "found": found,
        "tables": [one for one in tables if one["rows"]],
        "delays": found.delays,
        "waits": _waits(found),
    }


def _table(title: str, names: Mapping[str, Any], rows: Sequence[CaseCost]) -> dict[str, Any]:
    """Give one table with its bars, the dearest first."""
    listed = sorted(rows, key=lambda one: -(one.riel or 0))
    named = [(str(names.get(one.code, one.code)), one) for one in listed]
    bars = [(name, one.riel) for name, one in named if one.riel is not None]
    return {
        "title": title,
        "rows": named,
        "bars": charts.bar_by_place(bars[:MOST_BARS], title=_("Riel a case") + " · " + title)
        if bars else "",
    }  # fmt: skip


def _map(found: Costs) -> str:
    if found.area:
        return ""
    riel = {one.code: one.riel for one in found.by.get("place", ())}
    return country(riel, found.on, title=_("Riel a case, by province"))


def _waits(found: Costs) -> list[tuple[str, str]]:
    """Draw how many days claims took until they were paid, month by month."""
    whole = [(one.month, one.whole) for one in found.delays if one.whole.median is not None]
    if not whole:
        return []
    half, most = _("Half of the claims were paid within (days)"), _("Nine of ten within (days)")
    return [
        (half, charts.trend([(month, one.median or 0) for month, one in whole], title=half)),
        (most, charts.trend([(month, one.most or 0) for month, one in whole], title=most)),
    ]
