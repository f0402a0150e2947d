"""Each rule of adjudication, on both sides of what it tests."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from spean.health_equity.rules.adjudication import FACTS, RULES, Level, compiled
from spean.kernel.policy import policy, strict_yaml

DAY = date(2026, 3, 10)
SOMEBODY = UUID(int=1)
# A consultation at a health centre that is in order.
GOOD: dict[str, Any] = {
    "scheme": "hef", "came_on": DAY, "left_on": DAY, "submitted_on": DAY, "sex": "female",
    "birth_date": date(1990, 1, 1), "referred": False, "diagnoses": 1, "diagnoses_wrong": 0,
    "deadline": 92, "claim_ceiling": 2_000_000, "year_ceiling": 8_000_000, "claimed_in_year": 0,
    "place": 1, "service": "outpatient", "on": DAY, "quantity": 1, "asked": 4000,
    "facility_open": True, "level": "health_centre", "contracted": True, "suspended": False,
    "service_known": True, "inpatient": False, "fee": 4000, "fee_elsewhere": True,
    "most_quantity": 2, "women_only": False, "youngest": None, "oldest": None,
    "diagnosis_asked": False, "diagnosis_fits": None, "referral_asked": False,
    "documents_there": True, "person": SOMEBODY, "registered_sex": "female",
    "registered_birth": date(1990, 1, 1), "birth_precision": "exact", "death_date": None,
    "age": 36, "covered": True, "ended": False, "waiting": False, "order_own": 5,
    "order_first": 5, "paid_before": 0, "same_day": 0, "stays": 0, "service_times": 0,
    "most_service_times": None, "kind_times": 0, "most_kind_times": None,
}  # fmt: skip
TYPES = {"int64": "BIGINT", "string": "VARCHAR"}
CASES = [
    (code, fires, facts)
    for code, sides in strict_yaml.read(Path(__file__).with_name("rules.yaml")).items()
    for fires, side in ((True, "fires"), (False, "not"))
    for facts in sides[side]
]


def judged(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    """Judge lines of facts, in DuckDB; a line that names no claim is a claim of its own."""
    columns = ", ".join(f'"{name}" {TYPES.get(kind, kind)}' for name, kind in FACTS.items())
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE facts ({columns})")
        for number, line in enumerate(lines):
            row = GOOD | {"claim": UUID(int=number)} | line
            engine.execute(f"INSERT INTO facts VALUES ({', '.join('?' * len(FACTS))})",
                           [row[name] for name in FACTS])  # fmt: skip
        found = engine.execute(f"{compiled('duckdb')} ORDER BY claim, place")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@cache
def _all_cases() -> list[dict[str, Any]]:
    return judged(*(facts for _, _, facts in CASES))


@pytest.mark.parametrize(
    ("number", "code", "fires"), [(n, code, fires) for n, (code, fires, _) in enumerate(CASES)]
)
def test_a_rule_fires_on_one_side_and_not_on_the_other(
    number: int, code: str, *, fires: bool
) -> None:
    assert _all_cases()[number][code] is fires


def test_every_rule_has_a_case_on_both_sides() -> None:
    assert {(code, fires) for code, fires, _ in CASES} == {
        (code, fires) for code in RULES for fires in (True, False)
    }


def test_the_claim_in_order_breaks_no_rule() -> None:
    (line,) = judged({})

    assert [code for code in RULES if line[code]] == []
    assert (line["paid"], line["allowed"], line["held"]) == (4000, 1, False)


def test_the_policy_that_a_rule_names_is_there() -> None:
    known = {*policy.all_keys, "health_equity.fees"}

    assert {rule.policy for rule in RULES.values() if rule.policy} <= known


def test_what_is_above_the_quantity_and_the_fee_is_cut() -> None:
    (line,) = judged({"quantity": 4, "asked": 20_000, "most_quantity": 2})

    assert (line["allowed"], line["paid"]) == (2, 8000)


def test_less_than_the_fee_is_paid_as_it_was_asked() -> None:
    (line,) = judged({"quantity": 3, "asked": 3001, "most_quantity": 2})

    assert line["paid"] == 2000


def test_a_ceiling_cuts_the_last_lines() -> None:
    claim = {"claim": SOMEBODY, "claim_ceiling": 6000}

    lines = judged(*({"place": place} | claim for place in (1, 2, 3)))

    assert [line["paid"] for line in lines] == [4000, 2000, 0]
    assert [line["over_claim_ceiling"] for line in lines] == [True] * 3


def test_a_line_that_is_rejected_is_not_held() -> None:
    (line,) = judged({"suspended": True, "documents_there": False})

    assert (line["paid"], line["held"]) == (0, False)


def test_rules_about_the_claim_read_columns_of_the_claim() -> None:
    of_line = list(FACTS)[list(FACTS).index("place") :]
    of_person = {"person", "registered_sex", "registered_birth", "birth_precision", "death_date"}
    changed = [
        judged({name: None if GOOD[name] is not None else 1})
        for name in of_line
        if name not in of_person and not isinstance(GOOD[name], date)
    ]

    about_claim = [code for code, rule in RULES.items() if rule.level is Level.CLAIM]
    assert not any(line[0][code] for line in changed for code in about_claim)
