"""Points and level of a household, as one expression over columns.

The same expression scores one family at the counter and a whole table of them: `score` takes a
table with one text column for each asked question and the columns of `HouseholdFacts`, and adds
`answer_…` (derived questions), `points_…`, `points`, `vulnerable_…` and `level`.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from spean.kernel.decisions import Criterion, Decision
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import Answer, Question, Scorecard

NOT_POOR = "not_poor"


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """What the registry knows of a household on a day; counts of members."""

    members: int
    members_under_2: int
    members_under_18: int
    members_60_and_over: int
    members_disabled: int
    dependants: int  # under 15, or 60 and over
    members_of_working_age: int  # 15 to 59
    female_head: bool


# The column that tells whether a condition of the scorecard holds: a count above 0, or yes.
CONDITIONS: Mapping[str, str] = {
    "member_disabled": "members_disabled",
    "member_60_and_over": "members_60_and_over",
    "member_under_18": "members_under_18",
    "member_under_2": "members_under_2",
    "female_head": "female_head",
}
# The two columns that a derived question compares.
MEASURES: Mapping[str, tuple[str, str]] = {
    "dependants": ("dependants", "members_of_working_age"),
}


class QuestionUnknown(SpeanError):
    """Refuse an answer to a question that the scorecard doesn't ask."""

    code = "targeting.question_unknown"
    message = N_("The scorecard of this day has no question “%(question)s”.")


class QuestionUnanswered(SpeanError):
    """Refuse an interview that leaves a question out."""

    code = "targeting.question_unanswered"
    message = N_("Answer this question.")


class AnswerUnknown(SpeanError):
    """Refuse an answer that isn't one of the question's."""

    code = "targeting.answer_unknown"
    message = N_("“%(answer)s” is not one of the answers. Choose one of the list.")


class AnswersRefused(SpeanError):
    """Refuse an interview, with every question at fault and why (`field_errors`)."""

    code = "targeting.answers_refused"
    message = N_("Some answers are missing or not valid. Correct them and save again.")

    def __init__(self, field_errors: list[tuple[str, SpeanError]]) -> None:
        super().__init__()
        self.field_errors = field_errors


def check_answers(answers: Mapping[str, str], card: Scorecard) -> None:
    """Refuse answers that the scorecard can't score, all at once. Raises AnswersRefused."""
    asked = {question.code: question for question in card.questions if not question.derived}
    wrong: list[tuple[str, SpeanError]] = [
        (code, QuestionUnknown(question=code)) for code in answers if code not in asked
    ]
    for code, question in asked.items():
        given = answers.get(code)
        if not given:
            wrong.append((code, QuestionUnanswered()))
        elif given not in {answer.code for answer in question.answers}:
            wrong.append((code, AnswerUnknown(answer=given)))
    if wrong:
        raise AnswersRefused(wrong)


def points_of_answers(interviews: ir.Table, card: Scorecard) -> ir.Table:
    """Add the points of each asked question, `points_<question>`, and their sum, `points_asked`.

    `score` does so itself where it was not done. Before a join with the counts it is three times
    as fast: an engine compares each distinct answer of a column once, while the column is as
    stored, and one number goes through the join instead of all the answers.
    """
    asked = [question for question in card.questions if not question.derived]
    scored = interviews.mutate(
        **{f"points_{q.code}": _points(interviews[q.code], q) for q in asked}
    )
    return scored.mutate(points_asked=_total(scored, asked))


def score(households: ir.Table, card: Scorecard) -> ir.Table:
    """Add answers to derived questions, points, conditions and level to interviewed households.

    Where an answer is not on the scorecard, or a fact is missing, `points` or `level` is NULL:
    what isn't known makes nobody not poor.
    """
    if "points_asked" not in households.columns:
        households = points_of_answers(households, card)
    derived = [question for question in card.questions if question.derived]
    scored = households.mutate(
        **{f"answer_{q.code}": _derived(households, q, lambda one: one.code) for q in derived},
        **{f"points_{q.code}": _derived(households, q, lambda one: one.points) for q in derived},
    )
    total = (scored.points_asked + _total(scored, derived)).cast("int64")
    scored = scored.mutate(points=total)
    held = {c.code: _holds(scored[CONDITIONS[c.code]]) for c in card.conditions}
    return scored.mutate(
        **{f"vulnerable_{code}": condition for code, condition in held.items()},
        level=_level(scored.points, held, card),
    )


def _total(scored: ir.Table, questions: Sequence[Question]) -> ir.IntegerValue:
    total = sum((scored[f"points_{q.code}"] for q in questions), ibis.literal(0))
    return total.cast("int32")


def _derived(
    households: ir.Table, question: Question, value: Callable[[Answer], str | int]
) -> ir.Value:
    """Give the value of the first answer above whose bound the measure lies.

    It is found without a division by nobody, and NULL where the measure isn't known.
    """
    above, below = (households[column] for column in MEASURES[question.code])
    *bounded, last = question.answers
    branches = [(above > below * answer.above, value(answer)) for answer in bounded]
    return ibis.cases(*branches, (above.notnull() & below.notnull(), value(last)))


def _holds(fact: ir.Value) -> ir.BooleanValue:
    return fact if fact.type().is_boolean() else fact > 0


def _points(answer: ir.StringValue, question: Question) -> ir.IntegerValue:
    branches = [(answer == one.code, ibis.literal(one.points)) for one in question.answers]
    return ibis.cases(*branches, else_=ibis.null("int32")).cast("int32")


def _level(
    points: ir.IntegerValue, held: Mapping[str, ir.BooleanValue], card: Scorecard
) -> ir.StringValue:
    branches, known = [], points.notnull()
    for level, lowest in card.levels:
        reached = points >= lowest
        needed = [held[c.code] for c in card.conditions if c.level == level]
        if needed:
            reached &= ibis.or_(*needed)
            known &= ibis.and_(*(one.notnull() for one in needed))
        branches.append((reached, level))
    return ibis.cases(*branches, (known, NOT_POOR), else_=ibis.null("string"))


@lru_cache(maxsize=16)
def _sql(card: Scorecard) -> str:
    """Compile the expression once for each scorecard."""
    asked = {question.code: "string" for question in card.questions if not question.derived}
    facts = {
        field.name: "boolean" if field.type is bool else "int64" for field in fields(HouseholdFacts)
    }
    table = ibis.table(asked | facts, name="households")
    return str(ibis.to_sql(score(table, card), dialect="duckdb"))


_local = threading.local()


def _one_row(sql: str, row: Mapping[str, Any]) -> dict[str, Any]:
    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = duckdb.connect(config={"threads": 1})
    connection.register("households", pa.Table.from_pylist([dict(row)]))
    try:
        scored = connection.execute(sql)
        names = [column[0] for column in scored.description]
        return dict(zip(names, scored.fetchall()[0], strict=True))
    finally:
        connection.unregister("households")


def score_household(
    answers: Mapping[str, str], facts: HouseholdFacts, card: Scorecard, *, on: date
) -> Decision:
    """Score one household by the expression that scores them all, and keep why.

    The criteria are: one for each question (fact: the answer, value: its points), one for each
    cut-off (fact: the total, value: the lowest points), one for each condition of the scorecard.
    Raises AnswersRefused.
    """
    check_answers(answers, card)
    row = _one_row(_sql(card), {**answers, **asdict(facts)})
    return Decision(
        kind="targeting.score",
        outcome=row["level"],
        on=on,
        criteria=tuple(_criteria(row, card)),
        facts={"answers": dict(answers), "household": asdict(facts), "points": row["points"]},
        policies=(card.ref,),
    )


def _criteria(row: Mapping[str, Any], card: Scorecard) -> Iterator[Criterion]:
    for question in card.questions:
        points = row[f"points_{question.code}"]
        name = f"question.{question.code}"
        answer = row[f"answer_{question.code}" if question.derived else question.code]
        yield Criterion(name, points > 0, answer, points, card.key)
    for level, lowest in card.levels:
        yield Criterion(
            f"cut_off.{level}", row["points"] >= lowest, row["points"], lowest, card.key
        )
    for condition in card.conditions:
        held, fact = row[f"vulnerable_{condition.code}"], row[CONDITIONS[condition.code]]
        yield Criterion(f"vulnerable.{condition.code}", held, fact, None, card.key)
