"""The expression that scores a nation agrees, row by row, with one slow and obvious reference."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from spean.kernel.policy import Scorecard, policy
from spean.targeting.rules import HouseholdFacts, score, score_household

TODAY = date(2026, 1, 1)
CARDS = [policy.scorecard("targeting.scorecard", on=day) for day in (date(2022, 10, 11), TODAY)]
CHOICES = {q.code: [a.code for a in q.answers] for q in CARDS[0].questions if not q.derived}

Family = tuple[dict[str, str], HouseholdFacts]

count = st.integers(0, 6)
facts = st.builds(HouseholdFacts, *[count] * (len(fields(HouseholdFacts)) - 1), st.booleans())
answers = st.fixed_dictionaries({code: st.sampled_from(given) for code, given in CHOICES.items()})
families = st.tuples(answers, facts)


def _reference(family: Family, card: Scorecard) -> tuple[int, str]:
    given_answers, known = family
    total = 0
    for question in card.questions:
        answer = given_answers.get(question.code) or _dependants(known)
        total += next(a.points for a in question.answers if a.code == answer)
    vulnerable = (
        known.members_disabled > 0
        or known.members_60_and_over > 0
        or known.members_under_18 > 0
        or known.members_under_2 > 0
        or known.female_head
    )
    for level, lowest in card.levels:
        if total >= lowest and (level != "at_risk" or vulnerable):
            return total, level
    return total, "not_poor"


def _dependants(known: HouseholdFacts) -> str:
    if known.dependants <= known.members_of_working_age:
        return "up_to_one"
    return "over_one" if known.dependants <= 2 * known.members_of_working_age else "over_two"


def _rows(listed: Sequence[Family]) -> list[dict[str, Any]]:
    return [{"n": n, **chosen, **asdict(known)} for n, (chosen, known) in enumerate(listed)]


def _batch(rows: list[dict[str, Any]], card: Scorecard) -> list[tuple[int, str]]:
    scored = score(ibis.memtable(pa.Table.from_pylist(rows)), card).order_by("n")
    return [(r["points"], r["level"]) for r in scored.to_pyarrow().to_pylist()]


@settings(max_examples=40, deadline=None)
@given(st.lists(families, min_size=1, max_size=60), st.sampled_from(CARDS))
def test_the_batch_agrees_with_the_reference(listed: list[Family], card: Scorecard) -> None:
    assert _batch(_rows(listed), card) == [_reference(family, card) for family in listed]


@settings(max_examples=60, deadline=None)
@given(families, st.sampled_from(CARDS))
def test_one_family_at_the_counter_agrees_with_the_reference(
    family: Family, card: Scorecard
) -> None:
    decision = score_household(*family, card, on=TODAY)

    points = sum(int(c.value or 0) for c in decision.criteria if c.name.startswith("question."))
    assert (decision.facts["points"], decision.outcome) == _reference(family, card)
    assert points == decision.facts["points"]


@settings(max_examples=30, deadline=None)
@given(st.lists(families, min_size=1, max_size=20), st.sampled_from([-1, 0, 1]))
def test_the_batch_agrees_where_a_total_is_just_at_a_cut_off(
    listed: list[Family], beside: int
) -> None:
    total = max(_reference(listed[0], CARDS[1])[0] + beside, 3)
    for levels in (
        (("poor_1", total), ("poor_2", total - 1), ("at_risk", total - 2)),
        (("poor_1", 99), ("poor_2", 98), ("at_risk", total)),
    ):
        card = replace(CARDS[1], levels=levels)
        assert _batch(_rows(listed), card) == [_reference(family, card) for family in listed]


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("roof", "gold", (None, None)),
        ("roof", None, (None, None)),
        ("dependants", None, (None, None)),
        ("members_disabled", None, (43, None)),
    ],
)
def test_what_is_not_known_makes_nobody_not_poor(
    column: str, value: str | None, found: tuple[int | None, str | None]
) -> None:
    known = HouseholdFacts(3, 0, 0, 0, 0, 0, 3, False)
    chosen = {q.code: q.answers[0].code for q in CARDS[1].questions if not q.derived}
    chosen |= {"roof": "tiles", "walls": "brick", "condition": "good", "transport": "bicycle"}
    rows = [*_rows([(chosen, known)] * 2)]
    rows[1][column] = value

    assert _batch(rows, CARDS[1])[1] == found


@pytest.mark.django_db
@pytest.mark.parametrize("card", CARDS, ids=["before the reform", "since"])
def test_postgresql_agrees_with_the_reference(card: Scorecard) -> None:
    chance = Random(68)
    listed = [
        (
            {code: chance.choice(given) for code, given in CHOICES.items()},
            HouseholdFacts(*(chance.randint(0, 3) for _ in range(7)), chance.random() < 0.2),
        )
        for _ in range(300)
    ]
    rows = _rows(listed)
    kinds = {str: ("text", "string"), int: ("bigint", "int64"), bool: ("boolean", "boolean")}
    columns = {name: kinds[type(value)] for name, value in rows[0].items()}
    table = ibis.table({name: kind for name, (_, kind) in columns.items()}, name="families")
    wanted = score(table, card).order_by("n").select("points", "level")

    with connection.cursor() as cursor:
        described = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE families ({described})")
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO families VALUES ({places})", [list(row.values()) for row in rows]
        )
        cursor.execute(str(ibis.to_sql(wanted, dialect="postgres")))
        found = cursor.fetchall()

    assert found == [_reference(family, card) for family in listed]
