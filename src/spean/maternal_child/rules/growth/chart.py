"""One child's measures over the lines of healthy children: what is drawn, not how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spean.kernel.curves import Band, Curves, Line, Point
from spean.kernel.errors import N_
from spean.maternal_child.rules.growth.child import INDEX_NAMES, SEX, Measures, as_children
from spean.maternal_child.rules.growth.nutrition import ARM_FROM, Cuts
from spean.maternal_child.rules.growth.scores import Children, Scores, scores
from spean.maternal_child.rules.growth.standards import (
    BY_DAY,
    BY_MONTH,
    DAYS_A_MONTH,
    FIVE_YEARS,
    LYING,
    STANDING,
    TWO_YEARS,
    Floats,
    Index,
    standard,
    value_at,
)

LINES = {3: "far", 2: "near", 1: "faint", 0: "middle", -1: "faint", -2: "near", -3: "far"}
SEXES = {"male": N_("Boys"), "female": N_("Girls")}
MEASURED = {
    Index.LAZ: N_("Length or height (cm)"),
    Index.WAZ: N_("Weight (kg)"),
    Index.WLZ: N_("Weight (kg)"),
    Index.BAZ: N_("Body mass index (kg/m²)"),
    Index.HCZ: N_("Head circumference (cm)"),
    Index.ACZ: N_("Arm circumference (cm)"),
}
MONTHS, YEARS, LENGTH = N_("Age in months"), N_("Age in years"), MEASURED[Index.LAZ]
NOTE = N_("Green: as it should be. Yellow: watch.\nRed: go to the health centre.")
# The grades that colour a chart: under the median, and over it where that counts.
UNDER_AND_OVER = {
    Index.LAZ: ("stunting", ""),
    Index.WAZ: ("underweight", ""),
    Index.WLZ: ("wasting", "overweight"),
    Index.BAZ: ("wasting", "overweight"),
}
OLDER = {Index.BAZ: ("thinness", "overweight_from_five")}
TONES = ("bad", "watch", "good", "watch", "bad")  # from the lowest up
MOST_POINTS = 110  # of a line


@dataclass(frozen=True, slots=True)
class Window:
    """A table, or the part of it that one chart shows; `unit` is how much of x is a tick's 1."""

    name: str
    low: float
    high: float
    unit: float
    ticks: tuple[int, ...]
    x_title: str

    def lms(self, sex: str) -> tuple[Floats, Floats]:
        """Give x and what the table holds there."""
        table = standard(self.name)
        rows = int((self.high - self.low) * table.a_unit) + 1
        x = self.low + np.arange(0, rows, -(-rows // MOST_POINTS)) / table.a_unit
        x = np.append(x[x < self.high], self.high)
        return x, table.at(np.full(len(x), SEX[sex], np.int8), x)


def chart(index: Index, *, sex: str, measured: Sequence[Measures], by: Cuts) -> Curves:
    """Say what to draw of one child, a boy ("male") or a girl ("female"), by dated bounds.

    The chart shows the ages (or lengths) of the last measures; what has no z-score, or lies
    outside of the chart, isn't drawn. Measures may come in any order.
    """
    known = [one for one in measured if one.sex == sex]
    known.sort(key=lambda one: -1 if one.age_days is None else one.age_days)
    children = as_children(known)
    found = scores(children)
    shown = _window(index, children)
    x, lms = shown.lms(sex)
    bands = tuple(_bands(index, shown, x, lms, by))
    return Curves(
        title=INDEX_NAMES[index],
        subtitle=SEXES[sex],
        note=NOTE if bands else "",
        x_title=shown.x_title,
        y_title=MEASURED[index],
        x_ticks=tuple((tick * shown.unit, tick) for tick in shown.ticks),
        lines=tuple(
            Line(f"{z:+d}".replace("-", "−") if z else "0", tone, _joined(x, value_at(z, lms)))
            for z, tone in LINES.items()
        ),
        bands=bands,
        points=_points(index, shown, children, found),
    )


def _window(index: Index, children: Children) -> Window:
    """Choose the chart of the last measures."""
    days = children.age_days[~np.isnan(children.age_days)]
    oldest = float(days.max()) if len(days) else 0.0
    if index is Index.WLZ:
        if oldest < TWO_YEARS:
            return Window(LYING, 45, 110, 1, tuple(range(50, 111, 10)), LENGTH)
        return Window(STANDING, 65, 120, 1, tuple(range(70, 121, 10)), LENGTH)
    if oldest / DAYS_A_MONTH >= FIVE_YEARS and index in BY_MONTH:
        last = int(standard(BY_MONTH[index]).last)
        ticks = tuple(range(5, last // 12 + 1, 1 if last == 120 else 2))
        return Window(BY_MONTH[index], 60, last, 12, ticks, YEARS)
    name = BY_DAY[index]
    first = standard(name).first
    if oldest < TWO_YEARS:
        return Window(name, first, TWO_YEARS - 1, DAYS_A_MONTH, tuple(range(0, 25, 6)), MONTHS)
    return Window(name, first, 1826, DAYS_A_MONTH, tuple(range(0, 61, 12)), MONTHS)


def _bands(index: Index, shown: Window, x: Floats, lms: Floats, by: Cuts) -> Iterator[Band]:
    """Colour what lies between the bounds; those of the arm are the same at every age."""
    top = value_at(3, lms)
    if index is Index.ACZ:
        of_age = x >= ARM_FROM * DAYS_A_MONTH
        x, top = x[of_age], top[of_age]
        edges = [*(np.full(len(x), mm / 10) for mm in reversed(by.arm_mm)), top]
    elif index in UNDER_AND_OVER:
        under, over = UNDER_AND_OVER[index]
        if shown.name in BY_MONTH.values():
            under, over = OLDER.get(index, (under, over))
        sides = [*reversed(by.z[under]), *(by.z[over] if over else (3,))]
        edges = [value_at(z, lms) for z in sides]
        if over:
            edges.append(np.full(len(x), top.max() * 2))
    else:
        return
    edges.insert(0, np.zeros(len(x)))
    for tone, low, high in zip(TONES, edges, edges[1:], strict=False):
        yield Band(tone, _between(x, low, high))


def _between(x: Floats, low: Floats, high: Floats) -> tuple[tuple[float, float, float], ...]:
    return tuple(zip(*(np.round(one, 3).tolist() for one in (x, low, high)), strict=True))


def _joined(x: Floats, y: Floats) -> tuple[Point, ...]:
    return tuple(zip(np.round(x, 3).tolist(), np.round(y, 3).tolist(), strict=True))


def _points(index: Index, shown: Window, children: Children, found: Scores) -> tuple[Point, ...]:
    y = {
        Index.LAZ: found.lenhei_cm,
        Index.WAZ: children.weight_kg,
        Index.WLZ: children.weight_kg,
        Index.BAZ: children.weight_kg / (found.lenhei_cm / 100) ** 2,
        Index.HCZ: children.headc_cm,
        Index.ACZ: children.muac_cm,
    }[index]
    x = found.lenhei_cm if index is Index.WLZ else children.age_days
    if shown.x_title == YEARS:
        x = x / DAYS_A_MONTH
    inside = ~np.isnan(found.z[index]) & (x >= shown.low) & (x <= shown.high)
    if index is Index.WLZ:  # a child that lay isn't held against those who stood
        stood = children.age_days >= TWO_YEARS
        inside &= np.isnan(children.age_days) | (stood == (shown.name == STANDING))
    return _joined(x[inside], y[inside])
