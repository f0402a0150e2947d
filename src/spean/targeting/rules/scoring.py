"""Points and level of a household, as one expression over columns.

The same expression scores one family at the counter and a whole table of them: `score` takes a
table with one text column for each asked question and the columns of `HouseholdFacts`, and adds a
column of points for each question, `points`, `vulnerable_…` and `level`.
"""

import threading
from collections.abc import Mapping
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
from spean.kernel.policy import Question, Scorecard

NOT_POOR = "not_poor"
AT_RISK = "at_risk"


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


# The five vulnerabilities of the at-risk tier (phnompenhpost.com, planning ministry introduces new
# IDPoor measures, 12 October 2022).
VULNERABILITIES: Mapping[str, str] = {
    "member_disabled": "members_disabled",
    "member_60_and_over": "members_60_and_over",
    "member_under_18": "members_under_18",
    "member_under_2": "members_under_2",
    "female_head": "female_head",
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


def score(households: ir.Table, card: Scorecard) -> ir.Table:
    """Add points, vulnerabilities and level to a table of interviewed households."""
    points = {
        f"points_{question.code}": _points(_answer(households, question), question)
        for question in card.questions
    }
    scored = households.mutate(**points)
    total = sum((scored[name] for name in points), ibis.literal(0)).cast("int64")
    vulnerable = {
        f"vulnerable_{name}": scored[column].cast("int64") > 0
        for name, column in VULNERABILITIES.items()
    }
    scored = scored.mutate(points=total, **vulnerable)
    return scored.mutate(level=_level(scored, card, list(vulnerable)))


def _answer(households: ir.Table, question: Question) -> ir.StringValue:
    if not question.derived:
        return households[question.code]
    return DERIVED[question.code](households)


def _dependants(households: ir.Table) -> ir.StringValue:
    """Compare dependants with members of working age, without a division."""
    dependants, workers = households.dependants, households.members_of_working_age
    return ibis.cases(
        (dependants <= workers, "up_to_one"),
        (dependants <= workers * 2, "over_one"),
        else_="over_two",
    )


DERIVED = {"dependants": _dependants}


def _points(answer: ir.StringValue, question: Question) -> ir.IntegerValue:
    branches = [(answer == one.code, ibis.literal(one.points)) for one in question.answers]
    return ibis.cases(*branches, else_=ibis.null("int64")).cast("int64")


def _level(scored: ir.Table, card: Scorecard, vulnerable: list[str]) -> ir.StringValue:
    any_vulnerable = ibis.or_(*(scored[name] for name in vulnerable))
    branches = []
    for level, lowest in card.cut_offs.items():
        reached = scored.points >= lowest
        branches.append((reached & any_vulnerable if level == AT_RISK else reached, level))
    return ibis.cases(*branches, else_=NOT_POOR)


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
    cut-off (fact: the total, value: the lowest points), one for each vulnerability. Raises
    AnswersRefused.
    """
    check_answers(answers, card)
    row = _one_row(_sql(card), {**answers, **asdict(facts)})
    criteria = [
        Criterion(f"question.{q.code}", row[f"points_{q.code}"] > 0, _fact(q, answers, row),
                  row[f"points_{q.code}"], card.key)
        for q in card.questions
    ]  # fmt: skip
    criteria += [
        Criterion(f"cut_off.{level}", row["points"] >= lowest, row["points"], lowest, card.key)
        for level, lowest in card.cut_offs.items()
    ]
    criteria += [
        Criterion(f"vulnerable.{name}", row[f"vulnerable_{name}"], row[column])
        for name, column in VULNERABILITIES.items()
    ]
    return Decision(
        kind="targeting.score",
        outcome=row["level"],
        on=on,
        criteria=tuple(criteria),
        facts={"answers": dict(answers), "household": asdict(facts), "points": row["points"]},
        policies=(card.ref,),
    )


def _fact(question: Question, answers: Mapping[str, str], row: Mapping[str, Any]) -> str:
    if not question.derived:
        return answers[question.code]
    points = row[f"points_{question.code}"]
    return next(answer.code for answer in question.answers if answer.points == points)
