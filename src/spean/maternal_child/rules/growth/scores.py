"""Z-scores of any number of children at once, and why there is none.

The rules are those of WHO's programs (igrowup, the R packages anthro 1.0 and anthroplus 1.1) and
of "WHO Child Growth Standards: Methods and development" (2006, 2007).
"""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from spean.maternal_child.rules.growth.standards import (
    BY_DAY,
    BY_DISTANCE,
    BY_MONTH,
    DAYS_A_MONTH,
    FIVE_YEARS,
    LYING,
    STANDING,
    STANDING_ADDS,
    TWO_YEARS,
    Bools,
    Codes,
    Floats,
    Index,
    Standard,
    standard,
    z_scores,
)

NOT_STANDING_UNDER = 9  # months; a younger child recorded as standing was not
TALL_UNDATED = 87.0  # cm from which a child of unknown age counts as standing
# A z-score beyond these is more likely a wrong measure than a child (WHO 2006).
PLAUSIBLE = {
    Index.LAZ: (-6, 6),
    Index.WAZ: (-6, 5),
    Index.WLZ: (-5, 5),
    Index.BAZ: (-5, 5),
    Index.HCZ: (-5, 5),
    Index.ACZ: (-5, 5),
}
WEIGHED = frozenset({Index.WAZ, Index.WLZ, Index.BAZ})  # swelling hides what a child weighs


Part = tuple[Standard, Floats, Bools]  # a table, where in it, and which children it is for


class Lack(IntEnum):
    """Why a child has no z-score; the first that holds."""

    NONE = 0
    SEX = 1  # unknown
    MEASURE = 2  # weight, length, head or arm not measured
    OEDEMA = 3  # the weight is that of water
    AGE = 4  # unknown
    AGE_RANGE = 5  # the standard has no such age
    LENGTH_RANGE = 6  # the standard has no such length or height


@dataclass(frozen=True, slots=True)
class Children:
    """Measures of children, an array each: NaN, 0 or False where unknown.

    `sex`: 1 male, 2 female. `lying`: 1 measured lying, 2 standing.
    """

    sex: Codes
    age_days: Floats
    weight_kg: Floats
    lenhei_cm: Floats
    lying: Codes
    headc_cm: Floats
    muac_cm: Floats
    oedema: Bools

    def take(self, part: slice) -> "Children":
        """Give some of the children."""
        return Children(*(getattr(self, field.name)[part] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Scores:
    """What came of each index: z (NaN where none), flagged as implausible, and why there is none.

    `lenhei_cm` is what was compared: lying under two years, standing from then on.
    `position_doubted`: recorded as standing, but too young for it; the length was taken as it is.
    """

    z: dict[Index, Floats]
    flagged: dict[Index, Bools]
    lacking: dict[Index, Codes]
    lenhei_cm: Floats
    position_doubted: Bools

    def sound(self, index: Index) -> Floats:
        """Give z-scores, NaN where implausible: what a decision or a prevalence may use."""
        return np.where(self.flagged[index], np.nan, self.z[index])


def scores(children: Children) -> Scores:
    """Work out every index of every child."""
    days = np.where(children.age_days >= 0, children.age_days, np.nan)
    age, months = np.floor(days + 0.5), days / DAYS_A_MONTH
    doubted = (children.lying == 2) & (months < NOT_STANDING_UNDER)
    lenhei = _as_the_standard_measures(children, age, doubted)
    measured = {
        Index.LAZ: lenhei,
        Index.WAZ: children.weight_kg,
        Index.BAZ: children.weight_kg / (lenhei / 100) ** 2,
        Index.HCZ: children.headc_cm,
        Index.ACZ: children.muac_cm,
    }
    z, lacking = {}, {}
    for index, values in measured.items():
        z[index], lacking[index] = _for_age(index, children, values, age, months)
    z[Index.WLZ], lacking[Index.WLZ] = _for_length(children, lenhei, age, months)
    flagged = {
        index: (z[index] < low) | (z[index] > high) for index, (low, high) in PLAUSIBLE.items()
    }
    return Scores(z, flagged, lacking, lenhei, doubted)


def _as_the_standard_measures(children: Children, age: Floats, doubted: Bools) -> Floats:
    """Turn a height into a length before two years, and a length into a height from then on."""
    add = (children.lying == 2) & (age < TWO_YEARS) & ~doubted
    take = (children.lying == 1) & (age >= TWO_YEARS)
    lenhei = np.round(children.lenhei_cm + STANDING_ADDS * add - STANDING_ADDS * take, 6)
    return np.where((children.lenhei_cm > 0) & (lenhei > 0), lenhei, np.nan)


def _for_age(
    index: Index, children: Children, measured: Floats, age: Floats, months: Floats
) -> tuple[Floats, Codes]:
    by_day = standard(BY_DAY[index])
    parts = [(by_day, age, (months < FIVE_YEARS) & (age >= by_day.first))]
    if index in BY_MONTH:
        by_month = standard(BY_MONTH[index])
        inside = (months >= FIVE_YEARS) & (months < by_month.last + 1)
        parts.append((by_month, months, inside))
    lacking = _lacking(index, children, measured)
    _mark(lacking, np.isnan(age), Lack.AGE)
    _mark(lacking, ~np.any([part for _, _, part in parts], axis=0), Lack.AGE_RANGE)
    return _by_tables(index, children.sex, measured, parts, lacking == Lack.NONE), lacking


def _for_length(
    children: Children, lenhei: Floats, age: Floats, months: Floats
) -> tuple[Floats, Codes]:
    """Compare with the table of the child's age; where that is unknown, of how it was measured."""
    undated_lying = np.where(children.lying, children.lying == 1, lenhei < TALL_UNDATED)
    lying = np.where(np.isnan(age), undated_lying, age < TWO_YEARS)
    parts = []
    for name, side in ((LYING, lying), (STANDING, ~lying)):
        table = standard(name)
        parts.append((table, lenhei, side & (lenhei >= table.first) & (lenhei <= table.last)))
    lacking = _lacking(Index.WLZ, children, np.minimum(lenhei, children.weight_kg))
    _mark(lacking, months >= FIVE_YEARS, Lack.AGE_RANGE)
    _mark(lacking, ~(parts[0][2] | parts[1][2]), Lack.LENGTH_RANGE)
    z = _by_tables(Index.WLZ, children.sex, children.weight_kg, parts, lacking == Lack.NONE)
    return z, lacking


def _by_tables(
    index: Index, sex: Codes, measured: Floats, parts: list[Part], wanted: Bools
) -> Floats:
    z = np.full(len(measured), np.nan)
    for table, x, part in parts:
        now = np.flatnonzero(part & wanted)
        lms = table.at(sex[now], x[now])
        z[now] = z_scores(measured[now], lms, by_distance=index in BY_DISTANCE)
    return z


def _lacking(index: Index, children: Children, measured: Floats) -> Codes:
    """Give why there is none whatever the age; a measure of 0 or less is none."""
    lacking = np.zeros(len(measured), np.int8)
    _mark(lacking, (children.sex != 1) & (children.sex != 2), Lack.SEX)
    _mark(lacking, ~(measured > 0), Lack.MEASURE)
    if index in WEIGHED:
        _mark(lacking, children.oedema, Lack.OEDEMA)
    return lacking


def _mark(lacking: Codes, where: Bools, lack: Lack) -> None:
    lacking[where & (lacking == Lack.NONE)] = lack
