"""What a funnel chart and a run chart say.

Funnel: Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202. Run chart: Perla, Provost and
Murray, BMJ Quality & Safety 20 (2011) 46-51.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Literal, TypeVar

T = TypeVar("T")
Signal = Literal["shift", "trend"]
Place = Literal["inside", "beyond_near", "beyond_far"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Between what a rate lies by chance alone, near (2 SD) and far (3 SD), for a size."""

    size: int
    near: tuple[float, float]
    far: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The rate of all together, the limits along the sizes, and where each point lies."""

    centre: float
    limits: tuple[Limits, ...]
    places: tuple[Place, ...]


def funnel(
    points: Sequence[tuple[int, int]], *, per: int, near_sd: float, far_sd: float, steps: int = 24
) -> Funnel | None:
    """Hold each (counted, of) against what all together have; None where nobody is counted.

    The limits are those of a share (score limits), kept within 0 and all.
    """
    total = sum(of for _, of in points)
    if not total:
        return None
    share = sum(counted for counted, _ in points) / total

    def at(size: int) -> Limits:
        near, far = (_limits(share, size, sd, per) for sd in (near_sd, far_sd))
        return Limits(size, near, far)

    largest = max(of for _, of in points)
    sizes = sorted({max(1, round(largest * (n / steps) ** 2)) for n in range(1, steps + 1)})
    return Funnel(
        round(share * per, 1),
        tuple(at(size) for size in sizes),
        tuple(_lies(counted * per / of, at(of)) if of else "inside" for counted, of in points),
    )


def _limits(share: float, size: int, sd: float, per: int) -> tuple[float, float]:
    away = sd * sqrt(share * (1 - share) / size) if 0 < share < 1 else 0.0
    return max(0.0, share - away) * per, min(1.0, share + away) * per


def _lies(rate: float, limits: Limits) -> Place:
    if not limits.far[0] <= rate <= limits.far[1]:
        return "beyond_far"
    return "inside" if limits.near[0] <= rate <= limits.near[1] else "beyond_near"


@dataclass(frozen=True, slots=True)
class RunChart:
    """The median of the points, and the signals with the first and last point of each."""

    median: float
    signals: tuple[tuple[Signal, int, int], ...]


def run_chart(points: Sequence[float | None], *, shift: int, trend: int) -> RunChart | None:
    """Look for changes that chance alone hardly makes; None without points.

    A shift is so many points in a row on one side of the median (points on it count for neither
    and break nothing); a trend so many in a row that all rise or all fall (equal ones are skipped).
    """
    known = [(n, one) for n, one in enumerate(points) if one is not None]
    if not known:
        return None
    middle = median(value for _, value in known)
    aside = [(n, value > middle) for n, value in known if value != middle]
    moves = [
        ((before[0], after[0]), after[1] > before[1])
        for before, after in pairwise(_without_repeats(known))
    ]
    shifts = [
        ("shift", group[0][0], group[-1][0]) for group in _groups(aside) if len(group) >= shift
    ]
    trends = [
        ("trend", group[0][0][0], group[-1][0][1])
        for group in _groups(moves)
        if len(group) + 1 >= trend
    ]
    return RunChart(round(middle, 1), (*shifts, *trends))  # type: ignore[arg-type]


def _without_repeats(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    return [one for n, one in enumerate(points) if n == 0 or one[1] != points[n - 1][1]]


def _groups(rows: Sequence[tuple[T, bool]]) -> list[list[tuple[T, bool]]]:
    """Part the rows where their side changes."""
    found: list[list[tuple[T, bool]]] = []
    for row in rows:
        if not found or found[-1][-1][1] != row[1]:
            found.append([])
        found[-1].append(row)
    return found
