"""Tables and charts of one indicator."""

from typing import Any

from django.utils.translation import gettext as _

from spean.kernel import charts, control_charts
from spean.kernel.charts import Tile
from spean.kernel.control_charts import Dot
from spean.kernel.policy import Indicator, policy
from spean.locations import queries as locations
from spean.results import queries
from spean.results.queries.words import (
    DIVISION_NAMES,
    PLACE_NAMES,
    SIGNAL_NAMES,
    VALUE_NAMES,
    period_name,
)
from spean.results.rules import Figure, funnel, run_chart, span

RULES = "results.chart_rules"


def unit_of(indicator: Indicator) -> str:
    """Say of how many a rate is."""
    return {100: "%", 1000: _("per 1,000"), 100_000: _("per 100,000")}.get(indicator.per, "")


def by_place(found: queries.Divided) -> dict[str, Any]:
    """Give the table by place, the map of provinces, and the funnel with who lies beyond it."""
    names = dict(locations.names((row.code for row in found.rows), on=found.run.as_of))
    closer = len(found.wanted.area) + 2 <= queries.COMMUNE
    beyond, chart = _funnel(found, names)
    rows = [
        {"name": names[row.code], "code": row.code if closer else "", "figure": row.figure,
         "beyond": PLACE_NAMES.get(beyond.get(row.code, ""), "")}
        for row in found.rows
    ]  # fmt: skip
    return {"by": DIVISION_NAMES["place"], "rows": rows, "map": _map(found), "funnel": chart}


def _funnel(found: queries.Divided, names: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Draw the places whose figures are shown; only where there are some to compare."""
    known = [row for row in found.rows if row.figure.rate is not None and row.figure.of]
    if not found.indicator.of or len(known) < 2 or not _is_share(found.indicator):
        return {}, ""
    rules = policy.table(RULES, on=found.run.as_of)
    held = funnel(
        [(row.figure.counted or 0, row.figure.of or 0) for row in known],
        per=found.indicator.per,
        near_sd=float(rules.cell("funnel_chart", "near_sd")),
        far_sd=float(rules.cell("funnel_chart", "far_sd")),
    )
    if held is None:
        return {}, ""
    dots = [
        Dot(names[row.code], row.figure.of or 0, row.figure.rate or 0.0, place)
        for row, place in zip(known, held.places, strict=True)
    ]
    chart = control_charts.funnel_chart(
        dots, centre=held.centre,
        near=[(one.size, *one.near) for one in held.limits],
        far=[(one.size, *one.far) for one in held.limits],
        size=_("Of how many"), title=_("Places by size and rate, with control limits"),
    )  # fmt: skip
    return dict(zip((row.code for row in known), held.places, strict=True)), chart


def _is_share(indicator: Indicator) -> bool:
    """Say whether who is counted is one of those of whom it is counted, or nearly so."""
    return indicator.per <= 1000


def _map(found: queries.Divided) -> str:
    """Draw the country where the places are its provinces."""
    if found.wanted.area:
        return ""
    values = {row.code: row.figure.rate for row in found.rows}
    names = dict(locations.names(locations.TILES, on=found.run.as_of))
    tiles = [
        Tile(column, row, names[code], None if values.get(code) is None else round(values[code]))  # type: ignore[arg-type]
        for code, (column, row) in locations.TILES.items()
    ]
    return charts.tile_map(tiles, title=_("The figures on a map of the provinces"))


def over_time(found: queries.Divided) -> dict[str, Any]:
    """Give the table over time, the run chart, and what it signals."""
    names = [period_name(span(row.code)) for row in found.rows]
    rates = [row.figure.rate for row in found.rows]
    rules = policy.table(RULES, on=found.run.as_of)
    shift, trend = (int(rules.cell("run_chart", name)) for name in ("shift", "trend"))
    held = run_chart(rates, shift=shift, trend=trend)
    rows = [{"name": name, "figure": row.figure}
            for name, row in zip(names, found.rows, strict=True)]  # fmt: skip
    if held is None:
        return {"by": _("Period"), "rows": rows, "chart": "", "signals": []}
    marked = frozenset(n for _, first, last in held.signals for n in range(first, last + 1))
    return {
        "by": _("Period"), "rows": rows, "median": held.median,
        "enough": len(rates) - rates.count(None) >= max(shift, trend),
        "signals": [(SIGNAL_NAMES[signal], names[first], names[last])
                    for signal, first, last in held.signals],
        "chart": control_charts.run_chart(
            list(zip([row.code for row in found.rows], rates, strict=True)),
            median=held.median, marked=marked, title=_("The figures over time, with their median"),
        ),
    }  # fmt: skip


def by_group(found: queries.Divided) -> dict[str, Any]:
    """Give the table by poverty level or sex, with its bars."""
    names = VALUE_NAMES[found.by]
    rows = [{"name": names[row.code], "figure": row.figure} for row in found.rows]
    return {"by": DIVISION_NAMES[found.by], "rows": rows, "bars": _bars(rows)}


def _bars(rows: list[dict[str, Any]]) -> str:
    figures: list[tuple[str, Figure]] = [(str(row["name"]), row["figure"]) for row in rows]
    known = [(name, round(one.rate)) for name, one in figures if one.rate is not None]
    return charts.bar_by_place(known, title=_("The figures as bars")) if known else ""
