"""The gazetteer and the health facilities, for everyone who is signed in: both are public."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.locations import queries, rules
from spean.locations.forms import SearchForm, village_label
from spean.locations.models import Level

A_PAGE = 50


def _asked(request: WithActor) -> tuple[SearchForm, date, str]:
    """Give the search form, the day it asks for, and what links must carry along."""
    today = timezone.localdate()
    form = SearchForm(request.GET)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or today
    return form, on, "" if on == today else "?" + urlencode({"on": on.isoformat()})


@require_GET
@access.signed_in(Purpose.ADMINISTRATION)
def places(request: WithActor) -> HttpResponse:
    """Show the provinces, or the places that a search finds."""
    form, on, carried = _asked(request)
    sought = (form.cleaned_data.get("q") or "") if form.is_valid() else ""
    context = {
        "form": form,
        "on": on,
        "carried": carried,
        "sought": sought,
        "hits": queries.search_places(sought, on=on, limit=50) if sought else [],
        "places": [] if sought else queries.children("", on),
        "counts": queries.counts(on),
        "may_import": bool(access.areas(request.actor, "locations.import")),
        "source": gettext(rules.SOURCE),
    }
    return render(request, "locations/places.html", context)


@require_GET
@access.signed_in(Purpose.ADMINISTRATION)
def place(request: WithActor, code: str) -> HttpResponse:
    """Show one place on a day: what holds it, what it holds, who serves it, what it was."""
    form, on, carried = _asked(request)
    try:
        found = queries.place(code, on)
    except queries.VillageNoLongerExists as ended:
        context = {"ended": ended, "place": queries.history(code)[0], "carried": carried}
        return render(request, "locations/ended.html", context)
    context = {
        "form": form,
        "place": found,
        "on": on,
        "carried": carried,
        "today": timezone.localdate(),
        "path": queries.path(code, on)[:-1],
        "children": queries.children(code, on),
        "area_class": queries.area_class(code, on),
        "served_by": queries.facilities_of(code, on) if len(code) >= 6 else [],
        "precessions": queries.predecessors(found),
    }
    return render(request, "locations/place.html", context)


@require_GET
@access.signed_in(Purpose.ADMINISTRATION)
def facilities(request: WithActor) -> HttpResponse:
    """List the health facilities of a day, in an area if one is asked for."""
    _, on, carried = _asked(request)
    area = rules.read_code(request.GET.get("area", ""))
    rows, following = page_of(
        queries.facilities(on, area=area),
        cursor=request.GET.get("cursor"),
        limit=A_PAGE,
        key="code",
    )
    context = {
        "facilities": [(facility, queries.level_of(facility)) for facility in rows],
        "next_cursor": following,
        "on": on,
        "carried": carried,
        "path": queries.path(area, on) if area else (),
        "may_import": bool(access.areas(request.actor, "locations.import")),
    }
    return render(request, "locations/facilities.html", context)


@require_GET
@access.signed_in(Purpose.ADMINISTRATION)
def facility(request: WithActor, code: str) -> HttpResponse:
    """Show one facility: where it stands, its level, and whom it serves."""
    _, on, carried = _asked(request)
    found = queries.facility(code, on)
    context = {
        "facility": found,
        "level": queries.level_of(found),
        "levels": queries.levels(found),
        "served": queries.catchment(found, on),
        "carried": carried,
    }
    return render(request, "locations/facility.html", context)


@require_GET
@access.signed_in(Purpose.ADMINISTRATION)
def defects(request: WithActor) -> HttpResponse:
    """List the rows of the published list that could not be taken, and why."""
    found = queries.defects_by_fault()
    listed = [(rules.EXPLAINED[fault], found[fault]) for fault in rules.Fault if fault in found]
    context = {"faults": listed, "source": gettext(rules.SOURCE)}
    return render(request, "locations/defects.html", context)


@require_GET
@access.signed_in(Purpose.ADMINISTRATION)
def suggest(request: WithActor) -> HttpResponse:
    """Suggest villages while a code or a name is typed (see `forms.VillageField`)."""
    typed = request.GET.get(request.GET.get("field", "q"), "")[:100]
    found = queries.search_places(
        typed,
        on=timezone.localdate(),
        level=Level.VILLAGE,
        areas=request.GET.getlist("area") or ("",),
        limit=10,
    )
    options = [(village_label(village), village.where) for village in found]
    return render(request, "locations/parts/suggestions.html", {"options": options})
