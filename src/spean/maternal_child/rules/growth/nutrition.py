"""What z-scores, the arm and swelling say of a child's nutrition.

A prevalence leaves implausible z-scores out. Care does not wait: a child whose weight or arm is
implausibly low is treated as severe until it is measured again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

import numpy as np

from spean.kernel.decisions import PolicyRef
from spean.kernel.policy import Policy, policy
from spean.maternal_child.rules.growth.scores import Children, Scores
from spean.maternal_child.rules.growth.standards import (
    DAYS_A_MONTH,
    FIVE_YEARS,
    Bools,
    Codes,
    Floats,
    Index,
)

GRADES = "maternal_child.growth_grades"
SEVERE_ARM, MODERATE_ARM = "maternal_child.muac_severe", "maternal_child.muac_moderate"
ARM_FROM = 6  # months; the bounds of the arm hold from 6 to 59 months (WHO 2013)


class Grade(IntEnum):
    """How badly a child is affected."""

    UNKNOWN = -1
    NONE = 0
    MODERATE = 1
    SEVERE = 2


class Condition(StrEnum):
    """What may be wrong with a child's growth."""

    STUNTING = "stunting"  # short for age
    UNDERWEIGHT = "underweight"  # light for age
    WASTING = "wasting"  # light for length, or swollen: what a survey counts
    ACUTE_MALNUTRITION = "acute_malnutrition"  # wasting, or a thin arm: who is treated
    THINNESS = "thinness"  # light for height, from five years on
    OVERWEIGHT = "overweight"  # heavy for length; from five years on for height and age


Cut = tuple[float, float]  # moderate beyond the first, severe beyond the second


@dataclass(frozen=True, slots=True)
class Cuts:
    """The bounds in force on a day, and their sources."""

    z: Mapping[str, Cut]
    arm_mm: Cut
    policies: tuple[PolicyRef, ...]


def cuts(*, on: date, rules: Policy = policy) -> Cuts:
    """Read the bounds in force on a day. Raises NotInForce."""
    table = rules.table(GRADES, on=on)
    moderate, severe = (rules.value(key, on=on) for key in (MODERATE_ARM, SEVERE_ARM))
    return Cuts(
        z={
            row: (float(cells["moderate"]), float(cells["severe"]))
            for row, cells in table.rows.items()
        },
        arm_mm=(float(moderate.value), float(severe.value)),
        policies=(table.ref, moderate.ref, severe.ref),
    )


def grades(children: Children, found: Scores, by: Cuts) -> dict[Condition, Codes]:
    """Grade every condition of every child; UNKNOWN where nothing that counts was measured."""
    months = children.age_days / DAYS_A_MONTH
    older = months >= FIVE_YEARS
    length, bmi = found.sound(Index.WLZ), found.sound(Index.BAZ)
    swollen = np.where(children.oedema, Grade.SEVERE, Grade.UNKNOWN).astype(np.int8)
    wasting = np.maximum(_below(length, by.z["wasting"]), swollen)
    signs = acute_signs(children, found, by)
    return {
        Condition.STUNTING: _below(found.sound(Index.LAZ), by.z["stunting"]),
        Condition.UNDERWEIGHT: _below(found.sound(Index.WAZ), by.z["underweight"]),
        Condition.WASTING: np.where(older, Grade.UNKNOWN, wasting).astype(np.int8),
        Condition.ACUTE_MALNUTRITION: np.max(list(signs.values()), axis=0),
        Condition.THINNESS: _below(np.where(older, bmi, np.nan), by.z["thinness"]),
        Condition.OVERWEIGHT: np.maximum(
            _above(length, by.z["overweight"]),
            _above(np.where(older, bmi, np.nan), by.z["overweight_from_five"]),
        ),
    }


def acute_signs(children: Children, found: Scores, by: Cuts) -> dict[str, Codes]:
    """Grade each sign of acute malnutrition by itself: weight for length, arm, swelling."""
    months = children.age_days / DAYS_A_MONTH
    of_age = np.isnan(months) | ((months >= ARM_FROM) & (months < FIVE_YEARS))
    arm_mm = np.round(children.muac_cm * 10, 6)
    arm_mm = np.where(of_age & (arm_mm > 0) & ~_too_high(found, Index.ACZ), arm_mm, np.nan)
    length = np.where(_too_high(found, Index.WLZ), np.nan, found.z[Index.WLZ])
    under_five = ~(months >= FIVE_YEARS)
    swollen = np.where(children.oedema & under_five, Grade.SEVERE, Grade.UNKNOWN)
    return {
        "wlz": _below(length, by.z["wasting"]),
        "muac": _below(arm_mm, by.arm_mm),
        "oedema": swollen.astype(np.int8),
    }


def _too_high(found: Scores, index: Index) -> Bools:
    return found.flagged[index] & (found.z[index] > 0)


def _below(values: Floats, cut: Cut) -> Codes:
    moderate, severe = cut
    grade = (values < moderate).astype(np.int8) + (values < severe).astype(np.int8)
    return np.where(np.isnan(values), Grade.UNKNOWN, grade).astype(np.int8)


def _above(values: Floats, cut: Cut) -> Codes:
    return _below(-values, (-cut[0], -cut[1]))
