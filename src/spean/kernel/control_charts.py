"""Charts that tell chance from change: areas within control limits, and a run around its median.

Drawn as `charts` draws: SVG of the server, in the reader's language, for a page that says the same
numbers in a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import override

from spean.kernel import formats
from spean.kernel.charts import COLOUR, GREY, INK, RULE, axis, lookup, svg, up

ALARM, WATCH = "#a8280f", "#c98a1b"
MARKS = {"inside": COLOUR, "beyond_near": WATCH, "beyond_far": ALARM}
# Told apart without colour too: who lies beyond the limits is named.
Band = tuple[int, float, float]  # of a size: lowest, highest


@dataclass(frozen=True, slots=True)
class Dot:
    """One area: its name, its size, its rate, and where it lies ("inside", "beyond_near", …)."""

    name: str
    size: int
    rate: float
    place: str


def funnel_chart(
    dots: Sequence[Dot], *, centre: float, near: Sequence[Band], far: Sequence[Band],
    size: str, title: str,
) -> str:  # fmt: skip
    """Draw areas by size and rate, between their limits; `size` says what the size counts."""
    return _funnel(tuple(dots), centre, tuple(near), tuple(far), size, title, formats.language())


@lru_cache(maxsize=128)
def _funnel(
    dots: tuple[Dot, ...], centre: float, near: tuple[Band, ...], far: tuple[Band, ...],
    size: str, title: str, language: str,
) -> str:  # fmt: skip
    rates = [dot.rate for dot in dots] + [centre]
    top = max(*rates, *(high for _, _, high in near)) if near else max(rates)
    with override(language):
        values = [
            {"x": dot.size, "y": dot.rate, "colour": MARKS[dot.place],
             "said": "" if dot.place == "inside" else dot.name}
            for dot in dots
        ]  # fmt: skip
        axes = _axes(max((dot.size for dot in dots), default=1), max(rates), top, size)
    layers = [
        *(_limit(band, dash) for band, dash in ((near, [5, 3]), (far, [1, 0]))),
        {"data": {"values": [{"y": centre}]},
         "mark": {"type": "rule", "color": GREY}, "encoding": {"y": {"field": "y"}}},
        {"data": {"values": values},
         "mark": {"type": "point", "filled": True, "opacity": 1, "size": 70},
         "encoding": {"color": {"field": "colour", "type": "nominal", "scale": None}}},
        {"data": {"values": values},
         "mark": {"type": "text", "dy": -12, "fontSize": 12, "color": INK},
         "encoding": {"text": {"field": "said"}}},
    ]  # fmt: skip
    return svg({"height": 300, "layer": _flat(layers), "encoding": axes}, title)


def _limit(band: Sequence[Band], dash: list[int]) -> list[dict[str, Any]]:
    mark = {"type": "line", "color": GREY, "strokeWidth": 1, "strokeDash": dash, "clip": True}
    return [
        {"data": {"values": [{"x": row[0], "y": row[side]} for row in band]}, "mark": mark}
        for side in (1, 2)
    ]


def _flat(layers: Sequence[Any]) -> list[dict[str, Any]]:
    return [one for layer in layers for one in (layer if isinstance(layer, list) else [layer])]


def _axes(widest: int, highest: float, top: float, size: str) -> dict[str, Any]:
    ticks_x, ticks_y = _steps(widest * 1.02), _steps(max(highest, min(top, highest * 1.5)) or 1)
    return {
        "x": _scaled("x", ticks_x) | {"title": size},
        "y": _scaled("y", ticks_y),
    }


def _scaled(field: str, ticks: list[float]) -> dict[str, Any]:
    said = {f"{tick:g}": formats.number(tick) for tick in ticks}
    plain = axis(values=ticks, labelExpr=lookup(said), grid=True, gridColor=RULE)
    titled = plain | {"titleFontSize": 13, "titleColor": INK, "titleFontWeight": "normal"}
    return up(field, axis=titled, scale={"domain": [0, ticks[-1]], "nice": False})


def _steps(highest: float) -> list[float]:
    """Give 0 and up to five round steps that reach the highest."""
    step = next(
        base * 10.0**power
        for power in range(-2, 12)
        for base in (1, 2, 5)
        if base * 10.0**power * 5 >= highest
    )
    count = max(1, -int(-highest // step))
    return [round(step * n, 6) for n in range(count + 1)]


def run_chart(
    points: Sequence[tuple[str, float | None]], *, median: float, marked: frozenset[int], title: str
) -> str:
    """Draw rates in their order (name of the period, rate) around their median.

    `marked` are the points of a shift or a trend.
    """
    return _run(tuple(points), median, marked, title, formats.language())


@lru_cache(maxsize=128)
def _run(
    points: tuple[tuple[str, float | None], ...], median: float, marked: frozenset[int],
    title: str, language: str,
) -> str:  # fmt: skip
    known = [(n, rate) for n, (_, rate) in enumerate(points) if rate is not None]
    with override(language):
        names = {str(n): name for n, (name, _) in enumerate(points)}
        y = _scaled("y", _steps(max([median, *(rate for _, rate in known)]) or 1))
    shown = list(range(len(points)))[:: max(1, -(-len(points) // 4))]
    x = up("x", axis=axis(values=shown, labelExpr=lookup(names)),
           scale={"domain": [-0.5, len(points) - 0.5], "nice": False})  # fmt: skip
    values = [{"x": n, "y": rate, "colour": ALARM if n in marked else COLOUR} for n, rate in known]
    layers = [
        {"data": {"values": [{"y": median}]}, "mark": {"type": "rule", "color": GREY,
         "strokeDash": [5, 3]}, "encoding": {"y": {"field": "y"}}},
        {"data": {"values": values}, "mark": {"type": "line", "color": COLOUR, "strokeWidth": 2}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "opacity": 1,
         "size": 60}, "encoding": {"color": {"field": "colour", "type": "nominal",
                                             "scale": None}}},
    ]  # fmt: skip
    return svg({"height": 220, "layer": layers, "encoding": {"x": x, "y": y}}, title)
