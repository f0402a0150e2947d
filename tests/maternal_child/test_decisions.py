"""A case built from a row of a decision table fires that row and no other."""

from datetime import date
from typing import Any

import pytest

from spean.kernel.policy import DecisionRow, DecisionTable, policy
from spean.maternal_child.models import BOUNDS, Sign
from spean.maternal_child.rules import SIGNS, URGENCIES, VisitKind, decide, fired

ON = date(2026, 11, 27)
TABLES = {
    name: policy.decisions(f"maternal_child.decisions.{name}", on=ON)
    for name in ("antenatal", "postnatal", "newborn", "child")
}
ROWS = [(name, row) for name, table in TABLES.items() for row in table.rows]
SIGNS_OF = {
    "antenatal": VisitKind.PREGNANCY, "postnatal": VisitKind.AFTER_BIRTH,
    "newborn": VisitKind.NEWBORN, "child": VisitKind.CHILD,
}  # fmt: skip


def value(fact: str, condition: str) -> Any:
    if fact == "danger_signs":
        return [condition]
    if condition == "absent":
        return None
    if condition == "yes":
        return True
    least, between, most = condition.partition("..")
    return int(least or most) if between else condition


def codes(table: DecisionTable, facts: dict[str, Any]) -> list[str]:
    return [row.code for row in fired(table, facts)]


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{n}-{r.code}" for n, r in ROWS])
def test_a_case_built_from_a_row_fires_exactly_that_row(name: str, row: DecisionRow) -> None:
    facts = {fact: value(fact, condition) for fact, condition in row.when.items()}

    assert codes(TABLES[name], facts) == [row.code]
    assert row.urgency in URGENCIES
    assert decide(name, facts, on=ON).outcome == row.urgency


RANGES = [
    (name, row, fact)
    for name, row in ROWS
    for fact, condition in row.when.items()
    if ".." in condition
]


@pytest.mark.parametrize(
    ("name", "row", "fact"), RANGES, ids=[f"{n}-{r.code}-{f}" for n, r, f in RANGES]
)
def test_a_row_does_not_fire_just_outside_its_range(name: str, row: DecisionRow, fact: str) -> None:
    facts = {fact: value(fact, condition) for fact, condition in row.when.items()}
    least, _, most = row.when[fact].partition("..")

    outside = [int(least) - 1] if least and int(least) else []
    outside += [int(most) + 1] if most else []

    assert outside
    for number in outside:
        assert row.code not in codes(TABLES[name], facts | {fact: number})


@pytest.mark.parametrize("name", TABLES)
def test_each_danger_sign_that_can_be_recorded_has_a_row(name: str) -> None:
    asked = {row.when["danger_signs"] for row in TABLES[name].rows if "danger_signs" in row.when}

    assert asked == set(SIGNS[SIGNS_OF[name]]) <= set(Sign.values)


def test_the_facts_of_the_rows_are_what_a_contact_keeps() -> None:
    kept = {*BOUNDS, "danger_signs", "protein", "oedema", "hiv", "syphilis", "hepatitis_b"}
    kept |= {"malaria", "age_days", "wasting"}

    assert {fact for _, row in ROWS for fact in row.when} <= kept


def test_several_rows_may_fire_and_the_most_urgent_decides() -> None:
    found = decide("antenatal", {"haemoglobin": 90, "systolic": 170}, on=ON)

    assert found.outcome == "refer_now"
    assert [one.name for one in found.criteria] == ["severe_systolic", "anaemia"]


def test_where_nothing_is_found_nothing_follows() -> None:
    assert decide("child", {"breaths": 39, "age_days": 400}, on=ON).outcome == "none"
