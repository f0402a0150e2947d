"""The expression that scores a nation agrees, row by row, with one slow and obvious reference."""

from dataclasses import asdict, fields
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from spean.kernel.policy import Scorecard, policy
from spean.targeting.rules import HouseholdFacts, score, score_household

CARDS = [
    policy.scorecard("targeting.scorecard", on=day)
    for day in (date(2022, 10, 11), date(2026, 1, 1))
]
count = st.integers(0, 6)
facts = st.builds(HouseholdFacts, *[count] * (len(fields(HouseholdFacts)) - 1), st.booleans())
answers = st.fixed_dictionaries(
    {
        q.code: st.sampled_from([a.code for a in q.answers])
        for q in CARDS[0].questions
        if not q.derived
    }
)


def _reference(
    given_answers: dict[str, str], known: HouseholdFacts, card: Scorecard
) -> tuple[int, str]:
    total = 0
    for question in card.questions:
        answer = given_answers.get(question.code) or _dependants(known)
        total += next(a.points for a in question.answers if a.code == answer)
    vulnerable = (
        known.members_disabled > 0 or known.members_60_and_over > 0 or known.members_under_18 > 0
        or known.members_under_2 > 0 or known.female_head
    )  # fmt: skip
    for level, lowest in card.levels:
        if total >= lowest and (level != "at_risk" or vulnerable):
            return total, level
    return total, "not_poor"


def _dependants(known: HouseholdFacts) -> str:
    if known.dependants <= known.members_of_working_age:
        return "up_to_one"
    return "over_one" if known.dependants <= 2 * known.members_of_working_age else "over_two"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(answers, facts), min_size=1, max_size=60), st.sampled_from(CARDS))
def test_the_batch_agrees_with_the_reference(
    households: list[tuple[dict[str, str], HouseholdFacts]], card: Scorecard
) -> None:
    rows: list[dict[str, Any]] = [
        {"n": n, **given_answers, **asdict(known)}
        for n, (given_answers, known) in enumerate(households)
    ]

    scored = score(ibis.memtable(pa.Table.from_pylist(rows)), card).order_by("n")

    assert [(r["points"], r["level"]) for r in scored.to_pyarrow().to_pylist()] == [
        _reference(given_answers, known, card) for given_answers, known in households
    ]


@settings(max_examples=60, deadline=None)
@given(answers, facts, st.sampled_from(CARDS))
def test_one_family_at_the_counter_agrees_with_the_reference(
    given_answers: dict[str, str], known: HouseholdFacts, card: Scorecard
) -> None:
    decision = score_household(given_answers, known, card, on=date(2026, 1, 1))

    points = sum(int(c.value or 0) for c in decision.criteria if c.name.startswith("question."))
    assert (decision.facts["points"], decision.outcome) == _reference(given_answers, known, card)
    assert points == decision.facts["points"]
