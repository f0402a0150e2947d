"""Indicators: all of a place and a period, one of them closely, and the records behind it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotAllowed, NotFound, SpeanError
from spean.kernel.formats import language
from spean.kernel.i18n import explain
from spean.locations import queries as locations
from spean.results import queries
from spean.results.forms import IndicatorForm
from spean.results.pages import drawing
from spean.results.queries.words import SIDE_NAMES, VALUE_NAMES, period_name
from spean.results.rules import part

READ_FOR = (Purpose.STATISTICS, Purpose.CARE)
OF_MOTHERS = ("births", "contacts")


@require_GET
@access.declared(queries.VIEW, purpose=READ_FOR)
def indicators(request: WithActor) -> HttpResponse:
    """Show every indicator of a place and a period."""
    context = _asked(request)
    if (asked := context.get("asked")) is not None:
        try:
            found = queries.overview(asked, by=request.actor)
        except NotAllowed:
            raise
        except SpeanError as error:
            context["refusal"] = explain(error)
        else:
            context |= {"found": found, "sets": _sets(found)}
    return render(request, "results/indicators.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=READ_FOR)
def indicator(request: WithActor, code: str) -> HttpResponse:
    """Show one indicator by place, over time, by poverty level and sex."""
    context = _asked(request)
    if (asked := context.get("asked")) is not None:
        try:
            place = queries.divided(code, "place", asked, by=request.actor)
            times = queries.divided(code, "period", asked, by=request.actor)
        except (NotAllowed, NotFound):
            raise
        except SpeanError as error:
            context["refusal"] = explain(error)
        else:
            context |= {
                "found": place, "code": code, "unit": drawing.unit_of(place.indicator),
                "name": queries.name_of(place.indicator.text, language()),
                "place": drawing.by_place(place), "times": drawing.over_time(times),
                "groups": _groups(code, asked, place, request),
                "may_see": access.allows(request.actor, queries.RECORDS, area=asked.area),
            }  # fmt: skip
    return render(request, "results/indicator.html", context)


@require_GET
@access.declared(queries.RECORDS, purpose=Purpose.CARE)
def records(request: WithActor, code: str) -> HttpResponse:
    """List the records behind an indicator, for who may read them."""
    context = _asked(request)
    side = request.GET.get("side", "counted")
    if side not in queries.SIDES or context.get("asked") is None:
        raise NotFound
    today = timezone.localdate()
    found = queries.records(code, side, context["asked"], by=request.actor, on=today)
    names = dict(locations.names({row.village for row in found.rows}, on=today))
    context |= {
        "found": found,
        "name": queries.name_of(found.indicator.text, language()),
        "side": SIDE_NAMES[side],
        "rows": [
            {"one": row, "village": names[row.village],
             "href": reverse(f"maternal_child:{row.behind.page}", args=[row.behind.id])}
            for row in found.rows
        ],
        "left_out": found.number - len(found.rows),
    }  # fmt: skip
    return render(request, "results/records.html", context)


def _asked(request: WithActor) -> dict[str, Any]:
    """Read the place, the period and of whom; the reader's first area where none is named."""
    today = timezone.localdate()
    mine = access.areas(request.actor, queries.VIEW) or access.areas(request.actor, queries.RECORDS)
    given = {"area": mine[0], "period": str(today.year)} | request.GET.dict()
    area = given["area"]
    if area and not locations.path(area, on=today):
        raise NotFound
    form = IndicatorForm(given, on=today)
    above = (area[:end] for end in range(0, len(area), 2)
             if access.allows(request.actor, queries.VIEW, area=area[:end]))  # fmt: skip
    context: dict[str, Any] = {
        "form": form, "area": area, "query": _query(request),
        "above": locations.names(above, on=today),
        "here": locations.names([area], on=today)[0][1],
    }  # fmt: skip
    if form.is_valid():
        only = {
            name: form.cleaned_data[name] for name in VALUE_NAMES if form.cleaned_data.get(name)
        }
        asked = queries.wanted(area, form.cleaned_data["period"], only, on=today)
        context |= {"asked": asked, "when": period_name(asked.period)}
    return context


def _query(request: HttpRequest) -> str:
    """Give what was asked as the end of an address, to ask the same elsewhere."""
    asked = request.GET.copy()
    asked.pop("side", None)
    return asked.urlencode()


def _sets(found: queries.Overview) -> list[dict[str, Any]]:
    lang = language()
    return [
        {
            "title": queries.name_of(definition.title, lang),
            "lines": [
                {
                    "name": queries.name_of(line.indicator.text, lang),
                    "one": line,
                    "unit": drawing.unit_of(line.indicator),
                    "target": line.aim.targets[-1] if line.aim and line.aim.targets else None,
                }
                for line in lines
            ],
        }
        for definition, lines in found.sets
        if lines
    ]


def _groups(
    code: str, asked: queries.Wanted, found: queries.Divided, request: WithActor
) -> list[dict[str, Any]]:
    """Divide by poverty level, and by sex where it isn't about mothers alone."""
    mothers = part(found.indicator.counts).kind in OF_MOTHERS
    divisions = ["level"] if mothers else ["level", "sex"]
    return [
        drawing.by_group(queries.divided(code, one, asked, by=request.actor))
        for one in divisions
        if one not in asked.only
    ]
