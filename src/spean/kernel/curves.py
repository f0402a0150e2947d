"""What is drawn as curves with points over them; `spean.kernel.curve_charts` draws it.

This module is free of Django, so that pure rules can say what to draw. Texts are English msgids.
"""

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve with its name at its end; `tone` is middle, faint, near or far."""

    name: str
    tone: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What lies between two curves (x, low, high); `tone` is good, watch or bad."""

    tone: str
    points: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves and bands, and over them the points of somebody, in their order."""

    title: str
    subtitle: str
    note: str
    x_title: str
    y_title: str
    x_ticks: tuple[tuple[float, int], ...]  # where, and what is written there
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    points: tuple[Point, ...]
