"""Drawings of ways and times: spans of minutes below one another, and places on a plain map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import override

from spean.kernel import formats
from spean.kernel.charts import COLOUR, GREY, INK, PALE, RULE, axis, lookup, svg, up

LATE = "#b3262d"


@dataclass(frozen=True, slots=True)
class Span:
    """What took from one minute to another, and whether that was too long."""

    name: str
    start: int
    end: int
    late: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where it lies, in degrees, with its figure."""

    name: str
    latitude: float
    longitude: float
    value: int


def spans(rows: Sequence[Span], *, title: str) -> str:
    """Draw each span as a bar with its name above and its minutes behind."""
    return _spans(tuple(rows), title, formats.language())


@lru_cache(maxsize=256)
def _spans(rows: tuple[Span, ...], title: str, language: str) -> str:
    with override(language):
        values = [
            {
                "n": n, "name": one.name, "from": one.start, "to": one.end, "late": one.late,
                "said": formats.number(one.end - one.start) + (" !" if one.late else ""),
            }
            for n, one in enumerate(rows)
        ]  # fmt: skip
        low, high = min(one.start for one in rows), max(one.end for one in rows)
        marks = {str(tick): formats.number(tick) for tick in _ticks(low, high)}
    scale = {"domain": [low, high + max(1, (high - low)) * 0.25], "nice": False}
    shade = {"condition": {"test": "datum.late", "value": LATE}, "value": COLOUR}
    left = up("from", axis=axis(grid=True, gridColor=RULE, **_marked(marks)), scale=scale)
    text = {"type": "text", "align": "left", "fontSize": 14}
    drawing = {
        "data": {"values": values},
        "height": {"step": 46},
        "encoding": {"y": {"field": "n", "type": "ordinal", "axis": None}},
        "layer": [
            {"mark": {"type": "bar", "height": 14, "yOffset": 11},
             "encoding": {"x": left, "x2": {"field": "to"}, "color": shade}},
            {"mark": text | {"dy": -8, "color": INK},
             "encoding": {"x": {"value": 0}, "text": {"field": "name", "type": "nominal"}}},
            {"mark": text | {"dy": 11, "dx": 5, "color": GREY},
             "encoding": {"x": up("to"), "text": {"field": "said", "type": "nominal"}}},
        ],
    }  # fmt: skip
    return svg(drawing, title)


def _ticks(low: int, high: int) -> list[int]:
    """Give up to six round minutes between two, nothing among them where it lies between."""
    step = next(
        base * 10**power
        for power in range(9)
        for base in (1, 2, 5)
        if base * 10**power * 5 >= high - low
    )
    return list(range(-(-low // step) * step, high + 1, step))


def _marked(marks: dict[str, str]) -> dict[str, Any]:
    return {"values": [int(mark) for mark in marks], "labelExpr": lookup(marks)}


def spots(rows: Sequence[Spot], *, title: str) -> str:
    """Draw each place where it lies, the larger the more, with its name and figure."""
    return _spots(tuple(rows), title, formats.language())


@lru_cache(maxsize=256)
def _spots(rows: tuple[Spot, ...], title: str, language: str) -> str:
    with override(language):
        values = [
            {"lat": one.latitude, "lon": one.longitude, "n": one.value,
             "said": f"{one.name}\n{formats.number(one.value)}"}
            for one in rows
        ]  # fmt: skip
    highest = max(one.value for one in rows) or 1
    size = up("n", legend=None, scale={"domain": [0, highest], "range": [40, 900]})
    text = {"type": "text", "fontSize": 11, "lineBreak": "\n", "lineHeight": 13, "dy": 24}
    drawing = {
        "data": {"values": values},
        "height": 320,
        "view": {"fill": PALE},
        "encoding": {"x": _degrees("lon", rows), "y": _degrees("lat", rows)},
        "layer": [
            {"mark": {"type": "circle", "color": COLOUR, "opacity": 0.75},
             "encoding": {"size": size}},
            {"mark": text | {"color": INK},
             "encoding": {"text": {"field": "said", "type": "nominal"}}},
        ],
    }  # fmt: skip
    return svg(drawing, title)


def _degrees(name: str, rows: Sequence[Spot]) -> dict[str, Any]:
    """Encode degrees, with some room around the outermost places."""
    held = [one.longitude if name == "lon" else one.latitude for one in rows]
    room = max(0.02, (max(held) - min(held)) * 0.2)
    scale = {"domain": [min(held) - room, max(held) + room], "nice": False, "zero": False}
    return up(name, axis=None, scale=scale)
