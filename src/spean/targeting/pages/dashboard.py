"""The dashboard of an area: figures, never names."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.formats import language
from spean.locations import queries as locations
from spean.targeting import queries
from spean.targeting.models import Level

SHOWN_ON_CHART = 20


@require_GET
@access.declared("targeting.view_dashboard", purpose=Purpose.STATISTICS)
def dashboard(request: WithActor) -> HttpResponse:
    """Show requests by state, the poor by commune, the trend, and how long cases wait."""
    mine = access.areas(request.actor, "targeting.view_dashboard")
    area = request.GET.get("area", mine[0])
    today = timezone.localdate()
    figures = queries.dashboard(area, by=request.actor, on=today)
    poor = [(_name(commune), commune.households) for commune in figures.communes]
    context = {
        "figures": figures,
        "place": locations.path(area, on=today) if area else (),
        "areas": _nearby(area, mine),
        "levels": [level for level in Level if level != Level.NOT_POOR],
        "bars": charts.bar_by_place(poor[:SHOWN_ON_CHART], title=_("Poor households by commune")),
        "trend": charts.trend(
            [(month.month, month.requested) for month in figures.months],
            title=_("Requests by month"),
        ),
    }
    return render(request, "targeting/dashboard.html", context)


def _name(place: queries.CommuneCount) -> str:
    return place.name_en if language() == "en" else place.name_km


def _nearby(area: str, mine: tuple[str, ...]) -> list[object]:
    """Give the places one level below, and the way back up, within what the actor may see."""
    if len(area) >= 6:
        return []
    return list(locations.children(area, on=timezone.localdate()))
