"""One child: what was compared, what is flagged, why there is no z-score, and what it means."""

from dataclasses import replace
from datetime import date

import pytest

from spean.kernel.policy import NotInForce
from spean.maternal_child.rules.growth import (
    Assessment,
    Condition,
    Grade,
    Index,
    Lack,
    Measures,
    assess,
)

DAY = date(2026, 11, 27)
ALL = ("laz", "waz", "wlz", "baz", "hcz", "acz")
SCHOOL = {"age_days": 3000, "lenhei_cm": 128}
CHILD = Measures(
    sex="female", age_days=400, weight_kg=8.9, lenhei_cm=74, position="l", headc_cm=45,
    muac_cm=14.2, oedema=False,
)  # fmt: skip


def seen(**changes: object) -> Assessment:
    return assess(replace(CHILD, **changes), on=DAY)  # type: ignore[arg-type]


def lacks(found: Assessment) -> dict[str, str]:
    return {
        index: score.lack.name.lower() for index, score in found.scores.items() if score.z is None
    }


@pytest.mark.parametrize(
    ("age", "position", "compared"),
    [
        (730, "h", 80.7),
        (731, "h", 80),
        (730, "l", 80),
        (731, "l", 79.3),
        (730.4, "h", 80.7),
        (730.5, "h", 80),  # half a day is rounded up
        (730, None, 80),
        (None, "h", 80),
        (273, "h", 80),  # under nine months nobody stands
        (274, "h", 80.7),
    ],
)
def test_length_and_height_are_compared_as_the_standard_measures_at_that_age(
    age: float | None, position: str | None, compared: float
) -> None:
    assert seen(age_days=age, position=position, lenhei_cm=80).lenhei_cm == compared


def test_a_baby_recorded_as_standing_is_doubted() -> None:
    assert seen(age_days=273, position="h").position_doubted
    assert not seen(age_days=274, position="h").position_doubted
    assert not seen(age_days=273, position="l").position_doubted


@pytest.mark.parametrize(
    ("changes", "without"),
    [
        ({}, {}),
        ({"sex": None}, dict.fromkeys(ALL, "sex")),
        ({"age_days": None}, dict.fromkeys(("laz", "waz", "baz", "hcz", "acz"), "age")),
        ({"age_days": -1}, dict.fromkeys(("laz", "waz", "baz", "hcz", "acz"), "age")),
        ({"weight_kg": None}, dict.fromkeys(("waz", "wlz", "baz"), "measure")),
        ({"weight_kg": 0}, dict.fromkeys(("waz", "wlz", "baz"), "measure")),
        ({"lenhei_cm": None}, dict.fromkeys(("laz", "wlz", "baz"), "measure")),
        ({"headc_cm": None, "muac_cm": -1}, {"hcz": "measure", "acz": "measure"}),
        ({"oedema": True}, dict.fromkeys(("waz", "wlz", "baz"), "oedema")),
        ({"age_days": 90}, {"acz": "age_range"}),
        ({"age_days": 91}, {}),
        ({"age_days": 1826}, {}),
        ({"age_days": 1826.25}, dict.fromkeys(("wlz", "hcz", "acz"), "age_range")),
        ({"age_days": 1827}, dict.fromkeys(("wlz", "hcz", "acz"), "age_range")),
        ({"age_days": 1856}, dict.fromkeys(("wlz", "hcz", "acz"), "age_range")),
        ({"age_days": 3682}, dict.fromkeys(("wlz", "hcz", "acz"), "age_range")),
        ({"age_days": 3683}, dict.fromkeys(("waz", "wlz", "hcz", "acz"), "age_range")),
        ({"age_days": 6970}, dict.fromkeys(("waz", "wlz", "hcz", "acz"), "age_range")),
        ({"age_days": 6971}, dict.fromkeys(ALL, "age_range")),
        ({"lenhei_cm": 44.9}, {"wlz": "length_range"}),
        ({"lenhei_cm": 45}, {}),
        ({"lenhei_cm": 110}, {}),
        ({"lenhei_cm": 110.1}, {"wlz": "length_range"}),
        ({"age_days": 800, "position": "h", "lenhei_cm": 64.9}, {"wlz": "length_range"}),
        ({"age_days": 800, "position": "h", "lenhei_cm": 65}, {}),
        ({"age_days": 800, "position": "l", "lenhei_cm": 65.7}, {}),
        ({"age_days": 800, "position": "h", "lenhei_cm": 120}, {}),
        ({"age_days": 800, "position": "l", "lenhei_cm": 120.7}, {}),
        ({"age_days": 800, "position": "h", "lenhei_cm": 120.1}, {"wlz": "length_range"}),
    ],
)  # fmt: skip
def test_each_missing_z_score_says_why(changes: dict[str, object], without: dict[str, str]) -> None:
    assert lacks(seen(**changes)) == without


def test_without_an_age_the_table_is_that_of_the_position_or_of_87_cm() -> None:
    def wlz(lenhei: float, position: str | None) -> float | None:
        child = seen(age_days=None, lenhei_cm=lenhei, position=position)
        return child.scores[Index.WLZ].z

    assert wlz(86.9, None) == wlz(86.9, "l") != wlz(86.9, "h")
    assert wlz(87, None) == wlz(87, "h") != wlz(87, "l")


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [
        ({}, ""),
        ({"weight_kg": 8900}, "waz wlz baz"),  # grams
        ({"weight_kg": 89}, "waz wlz baz"),
        ({"lenhei_cm": 740}, "laz baz"),  # millimetres
        ({"muac_cm": 142}, "acz"),
        ({"headc_cm": 54}, "hcz"),
    ],
)
def test_a_value_in_another_unit_is_flagged(changes: dict[str, object], flagged: str) -> None:
    scores = seen(**changes).scores

    assert {index for index, score in scores.items() if score.flagged} == set(flagged.split())


@pytest.mark.parametrize(
    ("changes", "grade", "signs"),
    [
        ({}, Grade.NONE, ()),
        ({"weight_kg": 7.3}, Grade.MODERATE, ("wlz",)),
        ({"weight_kg": 6.8}, Grade.SEVERE, ("wlz",)),
        ({"muac_cm": 12.5}, Grade.NONE, ()),
        ({"muac_cm": 12.4}, Grade.MODERATE, ("muac",)),
        ({"muac_cm": 11.5}, Grade.MODERATE, ("muac",)),
        ({"muac_cm": 11.4}, Grade.SEVERE, ("muac",)),
        ({"muac_cm": 11.4, "age_days": 182}, Grade.NONE, ()),  # the bounds begin at six months
        ({"muac_cm": 11.4, "age_days": 183}, Grade.SEVERE, ("muac",)),
        ({"muac_cm": 11.4, "age_days": None}, Grade.SEVERE, ("muac",)),
        ({"oedema": True}, Grade.SEVERE, ("oedema",)),
        ({"oedema": True, "weight_kg": None, "muac_cm": None}, Grade.SEVERE, ("oedema",)),
        ({"weight_kg": None, "muac_cm": None}, Grade.UNKNOWN, ()),
        ({"weight_kg": 4}, Grade.SEVERE, ("wlz",)),  # implausible, and not left to wait
        ({"weight_kg": 8900, "muac_cm": 142}, Grade.UNKNOWN, ()),
    ],
)
def test_acute_malnutrition_by_weight_arm_or_swelling(
    changes: dict[str, object], grade: Grade, signs: tuple[str, ...]
) -> None:
    found = seen(**changes)

    assert (found.grades[Condition.ACUTE_MALNUTRITION], found.signs) == (grade, signs)
    assert {ref.key for ref in found.policies} == {
        "maternal_child.growth_grades",
        "maternal_child.muac_moderate",
        "maternal_child.muac_severe",
    }


def test_what_a_survey_counts_leaves_the_arm_and_the_implausible_out() -> None:
    wasting = Condition.WASTING

    assert seen(muac_cm=11).grades[wasting] == Grade.NONE
    assert seen(weight_kg=4).grades[wasting] == Grade.UNKNOWN
    assert seen(oedema=True).grades[wasting] == Grade.SEVERE


@pytest.mark.parametrize(
    ("changes", "condition", "grade"),
    [
        ({"lenhei_cm": 69.4}, Condition.STUNTING, Grade.MODERATE),
        ({"lenhei_cm": 66}, Condition.STUNTING, Grade.SEVERE),
        ({"weight_kg": 7}, Condition.UNDERWEIGHT, Grade.MODERATE),
        ({"weight_kg": 11.2}, Condition.OVERWEIGHT, Grade.MODERATE),
        ({"weight_kg": 12}, Condition.THINNESS, Grade.UNKNOWN),
        (SCHOOL | {"weight_kg": 20}, Condition.THINNESS, Grade.MODERATE),
        (SCHOOL | {"weight_kg": 31}, Condition.OVERWEIGHT, Grade.MODERATE),
        (SCHOOL | {"weight_kg": 37}, Condition.OVERWEIGHT, Grade.SEVERE),
    ],
)  # fmt: skip
def test_the_other_conditions(
    changes: dict[str, object], condition: Condition, grade: Grade
) -> None:
    assert seen(**changes).grades[condition] == grade


def test_before_the_bounds_were_set_nothing_is_graded() -> None:
    with pytest.raises(NotInForce):
        assess(CHILD, on=date(2009, 4, 30))


def test_every_reason_and_name_has_words() -> None:
    from spean.maternal_child.rules import growth

    assert set(growth.LACK_NAMES) == set(Lack) - {Lack.NONE}
    assert set(growth.INDEX_NAMES) == set(Index)
    assert set(growth.CONDITION_NAMES) == set(Condition)
    assert set(growth.GRADE_NAMES) == set(Grade)
