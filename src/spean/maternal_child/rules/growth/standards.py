"""WHO's growth tables, and the z-score of a measure by them.

The tables are those of the WHO Child Growth Standards (2006, 2007) by day of age to 1856 days, by
0.1 cm of length 45-110 and height 65-120, and of the WHO Reference 2007 by month of age 60-228.
Each row is a Box-Cox power (l), a
median (m) and a coefficient of variation (s): WHO Multicentre Growth Reference Study Group, "WHO
Child Growth Standards: Methods and development" (2006), chapter 7.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

DAYS_A_MONTH = 30.4375
FIVE_YEARS = 60  # months; from here on the reference of 2007
TWO_YEARS = 731  # days; from here on children are measured standing
STANDING_ADDS = 0.7  # cm that a child is longer lying than standing
TABLES = Path(__file__).parent / "tables"


class Index(StrEnum):
    """A measure held against what healthy children of the same sex have."""

    LAZ = "laz"  # length or height for age
    WAZ = "waz"  # weight for age
    WLZ = "wlz"  # weight for length or height
    BAZ = "baz"  # body mass index for age
    HCZ = "hcz"  # head circumference for age
    ACZ = "acz"  # arm circumference for age


BY_DAY = {
    Index.LAZ: "length_for_age",
    Index.WAZ: "weight_for_age",
    Index.BAZ: "bmi_for_age",
    Index.HCZ: "head_for_age",
    Index.ACZ: "arm_for_age",
}
BY_MONTH = {
    Index.LAZ: "length_for_age_5_19",
    Index.WAZ: "weight_for_age_5_19",
    Index.BAZ: "bmi_for_age_5_19",
}
LYING, STANDING = "weight_for_length", "weight_for_height"
# Beyond 3 SD these go on by the distance between the 2nd and 3rd SD lines, for the power would
# make too much of heavy children (chapter 7; linear measures need no such rule).
BY_DISTANCE = frozenset({Index.WAZ, Index.WLZ, Index.BAZ, Index.ACZ})


@dataclass(frozen=True, slots=True)
class Standard:
    """One table of both sexes: rows of l, m, s at even steps of `x` from `first` to `last`."""

    first: float
    last: float
    a_unit: int  # rows in a unit of x
    lms: Floats  # sex - 1, row, (l, m, s)

    def at(self, sex: Codes, x: Floats) -> Floats:
        """Give l, m and s for children of sex 1 or 2, between rows by straight lines."""
        place = np.clip((x - self.first) * self.a_unit, 0, self.lms.shape[1] - 1)
        row = place.astype(np.intp)
        share = place - row
        below: Floats = self.lms[sex - 1, row]
        if share.any():
            above = self.lms[sex - 1, np.minimum(row + 1, self.lms.shape[1] - 1)]
            below = below + share[:, None] * (above - below)
        return below


@cache
def standard(name: str) -> Standard:
    """Read one table of the folder `tables`; once a process."""
    rows = np.loadtxt(TABLES / f"{name}.csv", delimiter=",", skiprows=1)
    boys, girls = (rows[rows[:, 0] == sex, 1:] for sex in (1, 2))
    first, last = float(boys[0, 0]), float(boys[-1, 0])
    return Standard(
        first=first,
        last=last,
        a_unit=round((len(boys) - 1) / (last - first)),
        lms=np.stack((boys[:, 1:], girls[:, 1:])),
    )


def value_at(z: float, lms: Floats) -> Floats:
    """Give the measure that has a z-score: the SD lines of a chart."""
    power, median, spread = lms.T
    value: Floats = median * (1 + power * spread * z) ** (1 / power)
    return value


def z_scores(measured: Floats, lms: Floats, *, by_distance: bool) -> Floats:
    """Give z-scores, to 2 decimals with halves away from zero, as WHO's programs round them."""
    power, median, spread = lms.T
    with np.errstate(over="ignore"):
        z: Floats = ((measured / median) ** power - 1) / (spread * power)
    if by_distance:
        for side in (1, -1):
            far = z * side > 3
            third, second = (value_at(side * sd, lms[far]) for sd in (3, 2))
            z[far] = side * 3 + (measured[far] - third) / np.abs(third - second)
    rounded: Floats = np.copysign(np.floor(np.abs(z) * 100 + 0.5) / 100, z) + 0.0
    return rounded
