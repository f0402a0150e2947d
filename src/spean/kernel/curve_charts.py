"""Curves as SVG, with somebody's points over them: `drawn(…)` of what `curves` describes."""

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext, override

from spean.kernel import formats
from spean.kernel.charts import COLOUR, GREY, INK, RULE, axis, lookup, svg, up
from spean.kernel.curves import Curves

# Told apart without colour too: by dashes and by the name at the end of each line.
LINE_TONES = {
    "middle": {"color": "#00703c", "strokeWidth": 1.5},
    "faint": {"color": "#949b9c", "strokeWidth": 0.7},
    "near": {"color": "#a8280f", "strokeWidth": 1, "strokeDash": [5, 3]},
    "far": {"color": INK, "strokeWidth": 1},
}
BAND_TONES = {"good": "#dff0e2", "watch": "#fdf0c4", "bad": "#f8d5ce"}


def drawn(drawing: Curves) -> str:
    """Draw named lines and bands, and somebody's points over them, the last with its value."""
    return _drawn(drawing, formats.language())


@lru_cache(maxsize=256)
def _drawn(drawing: Curves, language: str) -> str:
    with override(language):
        title, subtitle = gettext(drawing.title), gettext(drawing.subtitle)
        note = gettext(drawing.note).split("\n") if drawing.note else []
        layers = [*_bands(drawing), *_lines(drawing), *_over(drawing)]
        axes = {"x": _x_of(drawing), "y": _y_of(drawing)}
    heading = {
        "text": title, "subtitle": [subtitle, *note], "anchor": "start",
        "fontSize": 16, "subtitleFontSize": 12, "color": INK, "subtitleColor": GREY,
        "subtitleLineHeight": 18, "frame": "group", "offset": 8,
    }  # fmt: skip
    picture = {"title": heading, "height": 400, "layer": layers, "encoding": axes}
    return svg(picture, f"{title}: {subtitle}")


def _bands(drawing: Curves) -> list[dict[str, Any]]:
    return [
        {
            "data": {"values": [{"x": x, "y": low, "to": high} for x, low, high in band.points]},
            "mark": {"type": "area", "color": BAND_TONES[band.tone], "clip": True},
            "encoding": {"y2": {"field": "to"}},
        }
        for band in drawing.bands
    ]


def _lines(drawing: Curves) -> list[dict[str, Any]]:
    ends = [
        {"x": line.points[-1][0], "y": line.points[-1][1], "said": formats.digits(line.name)}
        for line in drawing.lines
    ]
    name = {"type": "text", "align": "left", "dx": 4, "fontSize": 12, "color": INK}
    return [
        *(
            {
                "data": {"values": [{"x": x, "y": y} for x, y in line.points]},
                "mark": {"type": "line", **LINE_TONES[line.tone]},
            }
            for line in drawing.lines
        ),
        {"data": {"values": ends}, "mark": name, "encoding": {"text": {"field": "said"}}},
    ]


def _over(drawing: Curves) -> list[dict[str, Any]]:
    """Give somebody's points, joined in their order; the value of the last stands beside it."""
    values = [{"x": x, "y": y, "order": place} for place, (x, y) in enumerate(drawing.points)]
    if not values:
        return []
    said = formats.number(round(values[-1]["y"], 1))
    last = {"data": {"values": [values[-1] | {"said": said}]}}
    # Where the line came from below, the room is to the left of its end.
    align, dx = ("left", 4) if values[-1]["y"] < values[-2:][0]["y"] else ("right", -4)
    mark = {"type": "text", "align": align, "dx": dx, "dy": -14, "fontSize": 15, "color": INK}
    halo = mark | {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    text = {"encoding": {"text": {"field": "said"}}}
    order = {"order": {"field": "order"}}
    return [
        {"data": {"values": values}, "encoding": order,
         "mark": {"type": "line", "color": COLOUR, "strokeWidth": 2.5}},
        {"data": {"values": values},
         "mark": {"type": "point", "filled": True, "opacity": 1, "color": COLOUR, "size": 60,
                  "stroke": "white", "strokeWidth": 1.5}},
        last | text | {"mark": halo},
        last | text | {"mark": mark},
    ]  # fmt: skip


def _x_of(drawing: Curves) -> dict[str, Any]:
    xs = [x for line in drawing.lines for x, _ in line.points]
    said = {f"{place:g}": formats.digits(name) for place, name in drawing.x_ticks}
    axis = _curve_axis([place for place, _ in drawing.x_ticks], said)
    # A twelfth of the width is room for the names of the lines.
    wide = (max(xs) - min(xs)) / 12
    scale = {"domain": [min(xs), max(xs) + wide], "nice": False}
    return up("x", axis=axis | {"labelFlush": True}, scale=scale) | {
        "title": gettext(drawing.x_title)
    }


def _y_of(drawing: Curves) -> dict[str, Any]:
    ys = [y for line in drawing.lines for _, y in line.points]
    ys += [y for _, y in drawing.points]
    low, high = min(ys), max(ys)
    step = next(
        base * 10**power
        for power in range(12)
        for base in (1, 2, 5)
        if base * 10**power * 8 >= high - low
    )
    ticks = [step * n for n in range(int(low // step), int(high // step) + 2)]
    said = {str(tick): formats.digits(tick) for tick in ticks}
    scale = {"domain": [ticks[0], ticks[-1]], "nice": False}
    return up("y", axis=_curve_axis(ticks, said), scale=scale) | {"title": gettext(drawing.y_title)}


def _curve_axis(ticks: list[Any], said: dict[str, str]) -> dict[str, Any]:
    plain = axis(values=ticks, labelExpr=lookup(said), grid=True, gridColor=RULE)
    return plain | {
        "gridWidth": 0.5, "titleFontSize": 13, "titleColor": INK, "titleFontWeight": "normal",
        "labelFontSize": 13,
    }  # fmt: skip
