"""Simulations that were kept, a new one, one with its outcome, two compared, one taken away."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.kernel.spreadsheets import CSV_TYPE, csv_pieces
from spean.locations import queries as locations
from spean.simulation import actions, queries
from spean.simulation.forms import DraftForm, RulesForm
from spean.simulation.models import Scenario
from spean.simulation.pages import figures
from spean.simulation.queries.words import LEVELS, MEASURES
from spean.simulation.rules import LINE, SIDES, Group

STATISTICS = Purpose.STATISTICS
PAGE = 25


@require_GET
@access.declared(queries.VIEW, purpose=STATISTICS)
def scenarios(request: WithActor) -> HttpResponse:
    """List the simulations that one may see, the newest first."""
    rows, following = page_of(
        queries.scenarios(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    context = {"rows": rows, "next_cursor": following, "may_simulate": _may(request)}
    return render(request, "simulation/scenarios.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(actions.SIMULATE, purpose=STATISTICS)
def simulate(request: WithActor) -> HttpResponse:
    """Fill in a draft, from the rules of a day or from another draft, and simulate it."""
    given: dict[str, Any] = {"area": access.areas(request.actor, actions.SIMULATE)[0]}
    drafted = None
    if other := request.GET.get("from"):
        found = queries.scenario(_uuid(other), by=request.actor)
        drafted = queries.draft_of(found).changes
        given = {"on": found.on, "area": found.area, "hit": " ".join(found.hit),
                 "only_hit": found.only_hit, "title": found.title}  # fmt: skip
    rules = _rules(request, given.get("on") or timezone.localdate())
    form = DraftForm(request.POST or None, tables=list(queries.adjustable(rules.day)),
                     drafted=drafted, initial=given | {"on": rules.day})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.simulate(
                title=form.cleaned_data["title"], draft=form.draft, by=request.actor
            )
        except SpeanError as error:
            if error.status == 403:
                raise
            form.add_refusal(error)
        else:
            return redirect("simulation:scenario", made.pk)
    context = {
        "form": rules if rules.errors else form, "draft": form, "rules": rules,
        "back_url": reverse("simulation:scenarios"),
    }  # fmt: skip
    return render(request, "simulation/simulate.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=STATISTICS)
def scenario(request: WithActor, scenario_id: UUID) -> HttpResponse:
    """Show what a draft would do."""
    found = queries.scenario(scenario_id, by=request.actor)
    groups = queries.shown_groups(found)
    whole = figures.whole(groups)
    context = {
        "scenario": found,
        "place": _place(found),
        "whole": whole,
        "measures": list(figures.measures([found], [whole])) if whole else [],
        "effects": list(figures.effects(found, whole)) if whole else [],
        "other_line": LINE in queries.yardsticks(found.changes),
        "programmes": list(figures.programmes(found)) if whole else [],
        "changes": list(figures.changes(found)),
        "levels": [(LEVELS[one.level], one) for one in queries.levels(found)],
        "errors": list(figures.errors(found)),
        "errors_by_draft": list(figures.errors(found, by_draft=True)),
        "parts": list(figures.parts(groups, found.on)) if whole else [],
        "bars": figures.bars(found, whole) if whole else "",
        "others": queries.scenarios(by=request.actor).exclude(pk=found.pk).order_by("-id")[:20],
        "may_simulate": _may(request),
        "may_share": _may(request) and not found.shared and found.made_by == request.actor.name,
        "back_url": reverse("simulation:scenarios"),
    }
    return render(request, "simulation/scenario.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=STATISTICS)
def compare(request: WithActor, scenario_id: UUID) -> HttpResponse:
    """Show two drafts side by side."""
    pair = [
        queries.scenario(one, by=request.actor)
        for one in (scenario_id, _uuid(request.GET.get("with", "")))
    ]
    wholes = [whole for one in pair if (whole := figures.whole(queries.shown_groups(one)))]
    context = {
        "pair": pair,
        "places": [_place(one) for one in pair],
        "alike": len({(one.on, one.area, one.as_of, one.only_hit, tuple(one.hit))
                      for one in pair}) == 1,
        "measures": [*figures.measures(pair, wholes), *figures.winners(wholes),
                     *figures.levels_of(pair)] if len(wholes) == len(pair) else [],
        "parts": list(figures.parts_of([queries.shown_groups(one) for one in pair], pair[0].on)),
        "other_line": any(LINE in queries.yardsticks(one.changes) for one in pair),
        "back_url": reverse("simulation:scenario", args=[scenario_id]),
    }  # fmt: skip
    return render(request, "simulation/compare.html", context)


@require_POST
@access.declared(actions.SIMULATE, purpose=STATISTICS)
def share(request: WithActor, scenario_id: UUID) -> HttpResponse:
    """Show a simulation to the others."""
    actions.share(scenario_id=scenario_id, by=request.actor)
    messages.success(request, _("Whoever may look at simulations sees it now."))
    return redirect("simulation:scenario", scenario_id)


@require_GET
@access.declared(queries.VIEW, purpose=STATISTICS)
def export(request: WithActor, scenario_id: UUID) -> StreamingHttpResponse:
    """Give a simulation's groups as a table."""
    found = queries.scenario(scenario_id, by=request.actor)
    answer = StreamingHttpResponse(csv_pieces(_lines(found)), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="simulation-{found.pk}.csv"'
    return answer


def _may(request: WithActor) -> bool:
    return bool(access.areas(request.actor, actions.SIMULATE))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _rules(request: WithActor, day: date) -> RulesForm:
    """Give the form of the day whose rules are shown: the one asked for, else this one."""
    given = request.POST or request.GET
    asked = any(name == "on" or name.startswith("on_") for name in given)
    return RulesForm(given if asked else None, initial={"on": day})


def _place(found: Scenario) -> str:
    codes = found.hit if found.only_hit else [found.area]
    return ", ".join(name for _code, name in locations.names(codes[:8], on=found.on))


def _lines(found: Scenario) -> Iterator[list[object]]:
    """Give the rows of the export: a line for each group, side and what it is measured by."""
    yield ["kind", "code", "households", "people", "side", "riel_a_year", "families_paid",
           "people_paid", *MEASURES, "winners", "losers", "measured_by"]  # fmt: skip
    for group, is_shown in queries.shown_groups(found):
        if not is_shown:
            yield [group.kind, group.code]
            continue
        yield from _measured(group, "in_force")
        if group.by_draft:
            yield from _measured(group.by_draft, "draft")
    for one in queries.levels(found):
        yield ["level", one.level, one.now, "", "now"]
        yield ["level", one.level, one.draft, "", "draft"]


def _measured(group: Group, by: str) -> Iterator[list[object]]:
    for name in SIDES:
        side, measures = group.side(name), group.measures(name)
        yield [group.kind, group.code, group.households, group.people, name, side.cost,
               side.households, side.people,
               *("" if measures[m] is None else round(measures[m] or 0, 3) for m in MEASURES),
               group.winners, group.losers, by]  # fmt: skip
