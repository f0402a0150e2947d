"""The analyst's page: a question, its figures on a map, a plot and in a table."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.charts import Tile
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotAllowed, NotFound, SpeanError
from spean.kernel.i18n import explain
from spean.locations import queries as locations
from spean.results import queries
from spean.results.forms import QuestionForm
from spean.results.queries.words import (
    DIVISION_NAMES,
    VALUE_NAMES,
    counted_name,
)

MOST_BARS = 25
DIGITS = (0, 2, 4, 6)


@require_GET
@access.declared("results.view_answers", purpose=Purpose.STATISTICS)
def answers(request: WithActor) -> HttpResponse:
    """Ask, and see the answer."""
    mine = access.areas(request.actor, queries.PERMISSION)
    asked = {"what": queries.PEOPLE, "by": "place", "area": mine[0]} | request.GET.dict()
    area = asked["area"]
    if len(area) not in DIGITS or (area and not locations.path(area, on=timezone.localdate())):
        raise NotFound
    form = QuestionForm(asked, programmes=queries.programmes())
    context: dict[str, object] = {
        "form": form, "area": area, "filters": [form[name] for name in VALUE_NAMES],
        "above": locations.names(
            (area[:end] for end in range(0, len(area), 2)
             if access.allows(request.actor, queries.PERMISSION, area=area[:end])),
            on=timezone.localdate(),
        ),
        "here": locations.names([area], on=timezone.localdate())[0][1],
    }  # fmt: skip
    if form.is_valid():
        try:
            found = queries.answer(form.question, by=request.actor)
            context |= _shown(found, request)
        except NotAllowed:
            raise
        except SpeanError as error:
            context["refusal"] = explain(error)
    return render(request, "results/answers.html", context)


def _shown(found: queries.Answer, request: WithActor) -> dict[str, object]:
    question = found.question
    names = dict(_named(found))
    rows = [
        {"name": names[row.code], "figure": row.figure, "href": _closer(row.code, found, request)}
        for row in found.rows
    ]
    bars = [(names[row.code], row.figure) for row in found.rows if row.figure is not None]
    if question.by == "place":
        bars.sort(key=lambda pair: -pair[1])
    return {
        "answer": found,
        "by_name": DIVISION_NAMES[question.by],
        "what_name": counted_name(question.what),
        "rows": rows,
        "map": _map(found),
        "bars": charts.bar_by_place(bars[:MOST_BARS], title=_("The figures as bars")),
    }


def _map(found: queries.Answer) -> str:
    """Draw the country where the question is about its provinces."""
    if found.question.by != "place" or found.question.area:
        return ""
    figures = {row.code: row.figure for row in found.rows}
    names = dict(locations.names(locations.TILES, on=timezone.localdate()))
    tiles = [
        Tile(column, row, names[code], figures.get(code, 0))
        for code, (column, row) in locations.TILES.items()
    ]
    return charts.tile_map(tiles, title=_("The figures on a map of the provinces"))


def _named(found: queries.Answer) -> Iterable[tuple[str, str]]:
    """Name the rows in the reader's language."""
    if found.question.by == "place":
        return locations.names((row.code for row in found.rows), on=timezone.localdate())
    names = VALUE_NAMES[found.question.by]
    return [(row.code, str(names[row.code])) for row in found.rows]


def _closer(code: str, found: queries.Answer, request: WithActor) -> str:
    """Give the address of the same question about one of the places; "" where none is closer."""
    if found.question.by != "place" or len(code) >= queries.COMMUNE:
        return ""
    asked = request.GET.copy()
    asked["area"] = code
    return f"?{asked.urlencode()}"
