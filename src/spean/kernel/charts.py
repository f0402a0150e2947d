"""Charts as SVG that a page can hold: drawn on the server, no script, no style attribute.

Written in Vega-Lite and drawn by vl-convert, whose first drawing takes half a second and the next
some 50 ms; each is kept for its data and language. A drawing is 360 units wide and scales with the
page, so that it can be read at 360 px. A chart never stands alone: the page says the same numbers
in a table.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from babel.dates import format_date
from django.utils.translation import override

from spean.kernel import formats
from spean.kernel.documents import FONTS

WIDTH = 360
COLOUR = "#0b4f5c"
INK = "#0b0c0c"
GREY = "#484949"
RULE = "#d5dfe1"
PALE = "#eef4f5"
FONT = "Noto Sans Khmer"
FRAME: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "width": WIDTH - 10,
    "autosize": {"type": "fit-x", "contains": "padding"},
    "config": {"font": FONT, "background": "transparent", "padding": 5, "view": {"stroke": None}},
}
_ROOT = re.compile(r"<svg[^>]*>")
_INNER_ROLES = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')


def bar_by_place(rows: Sequence[tuple[str, int]], *, title: str) -> str:
    """Draw one bar for each place (name in the reader's language, count), in the order given."""
    return _bars(tuple(rows), title, formats.language())


def trend(rows: Sequence[tuple[date, int]], *, title: str) -> str:
    """Draw a line through one count for each month, given by any day of it, the oldest first."""
    return _line(tuple(rows), title, formats.language())


@lru_cache(maxsize=256)
def _bars(rows: tuple[tuple[str, int], ...], title: str, language: str) -> str:
    with override(language):
        values = [
            {"place": name, "n": count, "said": formats.number(count), "order": order}
            for order, (name, count) in enumerate(rows)
        ]
    highest = max((count for _, count in rows), default=0)
    drawing = {
        "data": {"values": values},
        "height": {"step": 46},
        "encoding": {
            "y": _along("place", sort={"field": "order"}, axis=None),
            "x": up("n", axis=None, scale={"domain": [0, highest * 1.25 or 1]}),
        },
        "layer": [
            {"mark": {"type": "bar", "color": COLOUR, "height": 16, "yOffset": 10}},
            _text("place", INK, y=-9, x=0),
            _text("said", GREY, y=10),
        ],
    }
    return svg(drawing, title)


@lru_cache(maxsize=256)
def _line(rows: tuple[tuple[date, int], ...], title: str, language: str) -> str:
    with override(language):
        months = {f"{day:%Y-%m}": _month(day) for day, _ in rows}
        ticks = _ticks(max((count for _, count in rows), default=0))
        said = {str(tick): formats.number(tick) for tick in ticks}
    shown = list(months)[:: max(1, -(-len(months) // 4))]
    drawing = {
        "data": {"values": [{"month": f"{day:%Y-%m}", "n": count} for day, count in rows]},
        "height": 200,
        "encoding": {
            "x": _along("month", axis=axis(values=shown, labelExpr=lookup(months), labelAngle=0)),
            "y": up(
                "n",
                axis=axis(values=ticks, labelExpr=lookup(said), grid=True, gridColor=RULE),
                scale={"domain": [0, ticks[-1]]},
            ),
        },
        "layer": [
            {"mark": {"type": "line", "color": COLOUR, "strokeWidth": 3}},
            {"mark": {"type": "point", "color": COLOUR, "filled": True, "size": 45}},
        ],
    }
    return svg(drawing, title)


def svg(drawing: dict[str, Any], title: str) -> str:
    """Draw with our own font, and leave only what a strict content policy allows."""
    drawn: str = _drawing().vegalite_to_svg(drawing | FRAME)
    size = re.search(r'viewBox="([^"]+)"', drawn)
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size[1] if size else ""}" '
        f'role="img" aria-label="{escape(title)}">'
    )
    return root + _INNER_ROLES.sub("", _ROOT.sub("", drawn, count=1))


@lru_cache(maxsize=1)
def _drawing() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _along(field: str, **more: Any) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "title": None, **more}


def up(field: str, **more: Any) -> dict[str, Any]:
    """Encode a number."""
    return {"field": field, "type": "quantitative", "title": None, **more}


def _text(field: str, colour: str, *, y: int, x: int | None = None) -> dict[str, Any]:
    """Say a field at the end of its bar, or above it where `x` is 0: long names find room there."""
    mark = {"type": "text", "align": "left", "fontSize": 14, "color": colour, "dy": y}
    place: dict[str, Any] = {"x": {"value": x}} if x is not None else {}
    said = {"field": field, "type": "nominal"}
    return {"mark": mark | {"dx": 0 if place else 6}, "encoding": place | {"text": said}}


def axis(**more: Any) -> dict[str, Any]:
    """Give an axis of labels alone."""
    plain = {"domain": False, "ticks": False, "grid": False, "labelFontSize": 14}
    return plain | {"labelColor": GREY, "labelPadding": 6} | more


def lookup(said: dict[str, str]) -> str:
    """Write a Vega expression that says each value in the reader's language."""
    return f"({json.dumps(said, ensure_ascii=False)})[datum.value + '']"


def _month(day: date) -> str:
    return formats.digits(format_date(day, "MMM yy", locale=formats.language()))


def _ticks(highest: int) -> list[int]:
    """Give 0 and up to five round steps that reach the highest count."""
    step = next(
        base * 10**power
        for power in range(12)
        for base in (1, 2, 5)
        if base * 10**power * 5 >= highest
    )
    return [step * i for i in range(max(2, -(-highest // step) + 1))]


@dataclass(frozen=True, slots=True)
class Tile:
    """One place of a tile map: its column and row, its short name, its value (None: held back)."""

    column: int
    row: int
    name: str
    value: int | None


def tile_map(tiles: Sequence[Tile], *, title: str) -> str:
    """Draw each place as a square where it roughly lies, the darker the more."""
    return _tiles(tuple(tiles), title, formats.language())


@lru_cache(maxsize=256)
def _tiles(tiles: tuple[Tile, ...], title: str, language: str) -> str:
    highest = max((tile.value or 0 for tile in tiles), default=0) or 1
    with override(language):
        values = [
            {
                "x": tile.column, "y": tile.row, "name": tile.name.replace(" ", "\n"),
                "n": tile.value or 0,
                "said": "…" if tile.value is None else formats.short(tile.value),
                "dark": (tile.value or 0) * 5 > highest * 3,
            }
            for tile in tiles
        ]  # fmt: skip
    along = {"type": "ordinal", "axis": None, "scale": {"padding": 0.04}}
    shades = {"domain": [0, highest], "range": [PALE, COLOUR]}
    colour = {"field": "n", "type": "quantitative", "legend": None, "scale": shades}
    drawing = {
        "data": {"values": values},
        "height": {"step": 52},
        "encoding": {"x": along | {"field": "x"}, "y": along | {"field": "y"}},
        "layer": [
            {"mark": {"type": "rect"}, "encoding": {"color": colour}},
            _on_tile("name", size=9, dy=-12),
            _on_tile("said", size=13, dy=14),
        ],
    }
    return svg(drawing, title)


def _on_tile(field: str, *, size: int, dy: int) -> dict[str, Any]:
    """Write a field on a tile, light where the tile is dark."""
    ink = {"condition": {"test": "datum.dark", "value": "white"}, "value": INK}
    said = {"field": field, "type": "nominal"}
    mark = {"type": "text", "fontSize": size, "dy": dy, "lineBreak": "\n", "lineHeight": 10}
    return {"mark": mark, "encoding": {"text": said, "color": ink}}
