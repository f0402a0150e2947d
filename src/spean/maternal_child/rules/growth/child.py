"""One child measured on one day: the same rules as for a nation, answered in words of one child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from spean.kernel.decisions import PolicyRef
from spean.kernel.errors import N_
from spean.kernel.policy import Policy, policy
from spean.maternal_child.rules.growth.nutrition import (
    Condition,
    Grade,
    acute_signs,
    cuts,
    grades,
)
from spean.maternal_child.rules.growth.scores import Children, Lack, scores
from spean.maternal_child.rules.growth.standards import Index

SEX = {"male": 1, "female": 2}
LYING = {"l": 1, "h": 2}

INDEX_NAMES = {
    Index.LAZ: N_("Length or height for age"),
    Index.WAZ: N_("Weight for age"),
    Index.WLZ: N_("Weight for length or height"),
    Index.BAZ: N_("Body mass index for age"),
    Index.HCZ: N_("Head circumference for age"),
    Index.ACZ: N_("Arm circumference for age"),
}
LACK_NAMES = {
    Lack.SEX: N_("The sex isn't known."),
    Lack.MEASURE: N_("It wasn't measured."),
    Lack.OEDEMA: N_("Both feet are swollen, so the weight says nothing."),
    Lack.AGE: N_("The age isn't known."),
    Lack.AGE_RANGE: N_("The standard doesn't reach to this age."),
    Lack.LENGTH_RANGE: N_("The standard doesn't reach to this length or height."),
}
CONDITION_NAMES = {
    Condition.STUNTING: N_("Stunting"),
    Condition.UNDERWEIGHT: N_("Underweight"),
    Condition.WASTING: N_("Wasting"),
    Condition.ACUTE_MALNUTRITION: N_("Acute malnutrition"),
    Condition.THINNESS: N_("Thinness"),
    Condition.OVERWEIGHT: N_("Overweight"),
}
GRADE_NAMES = {
    Grade.UNKNOWN: N_("Not known"),
    Grade.NONE: N_("No"),
    Grade.MODERATE: N_("Moderate"),
    Grade.SEVERE: N_("Severe"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of one child on one day; None where it wasn't.

    `sex` is "male" or "female"; `position` is "l" (lying) or "h" (standing).
    """

    sex: str | None
    age_days: float | None
    weight_kg: float | None = None
    lenhei_cm: float | None = None
    position: str | None = None
    headc_cm: float | None = None
    muac_cm: float | None = None
    oedema: bool | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One z-score, or why there is none. A flagged one is implausible: measure again."""

    z: float | None
    flagged: bool
    lack: Lack


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of one child's measures.

    `signs` are those of acute malnutrition that hold: wlz, muac, oedema. `lenhei_cm` is what was
    compared. `position_doubted`: recorded as standing, but too young for it.
    """

    scores: Mapping[Index, Score]
    grades: Mapping[Condition, Grade]
    signs: tuple[str, ...]
    lenhei_cm: float | None
    position_doubted: bool
    policies: tuple[PolicyRef, ...]


def assess(measures: Measures, *, on: date, rules: Policy = policy) -> Assessment:
    """Say how a child has grown, by the bounds in force on a day. Raises NotInForce."""
    child, by = as_children([measures]), cuts(on=on, rules=rules)
    found = scores(child)
    signs = acute_signs(child, found, by)
    return Assessment(
        scores={
            index: Score(
                z=None if found.lacking[index][0] else float(found.z[index][0]),
                flagged=bool(found.flagged[index][0]),
                lack=Lack(int(found.lacking[index][0])),
            )
            for index in Index
        },
        grades={name: Grade(int(grade[0])) for name, grade in grades(child, found, by).items()},
        signs=tuple(name for name, grade in signs.items() if grade[0] > Grade.NONE),
        lenhei_cm=None if np.isnan(found.lenhei_cm[0]) else float(found.lenhei_cm[0]),
        position_doubted=bool(found.position_doubted[0]),
        policies=by.policies,
    )


def as_children(rows: list[Measures]) -> Children:
    """Put the measures of children side by side."""

    def floats(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = [getattr(row, name) for row in rows]
        return np.array([np.nan if v is None else float(v) for v in values], np.float64)

    return Children(
        sex=np.array([SEX.get(row.sex or "", 0) for row in rows], np.int8),
        age_days=floats("age_days"),
        weight_kg=floats("weight_kg"),
        lenhei_cm=floats("lenhei_cm"),
        lying=np.array([LYING.get(row.position or "", 0) for row in rows], np.int8),
        headc_cm=floats("headc_cm"),
        muac_cm=floats("muac_cm"),
        oedema=np.array([bool(row.oedema) for row in rows], np.bool_),
    )
