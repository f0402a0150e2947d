"""Why a household was scored as it was: what a page shows and the letter to the family says."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from spean.kernel.decisions import Decision, PolicyRef
from spean.kernel.policy import Question, Text, policy
from spean.targeting.models import Assessment, Level
from spean.targeting.queries.assessments import SCORECARD


@dataclass(frozen=True, slots=True)
class Answered:
    """One question, what was answered, and its points out of the most it can give."""

    question: Text
    answer: Text
    points: int
    most: int
    derived: bool


@dataclass(frozen=True, slots=True)
class CutOff:
    """The lowest points of a level, and whether the household reached them."""

    level: str
    points: int
    reached: bool

    @property
    def label(self) -> str:
        """The level's name in the reader's language."""
        return str(Level(self.level).label)


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What a level asks for beside its points, and whether the household has it."""

    level: str
    text: Text
    held: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart: answers, points, cut-offs, circumstances and sources."""

    on: date
    level: str
    points: int
    most_points: int
    answers: tuple[Answered, ...]
    cut_offs: tuple[CutOff, ...]
    circumstances: tuple[Circumstance, ...]
    policies: tuple[PolicyRef, ...]


def words(text: Text) -> str:
    """Give a policy's text in the reader's language."""
    return text.en if (get_language() or "km").startswith("en") else text.km


def explanation(assessment: Assessment) -> Explanation | None:
    """Take the case's stored score apart; None before the interview.

    The texts are those of the scorecard that was in force on the day of the score.
    """
    if assessment.decision is None:
        return None
    decision = Decision.from_json(assessment.decision.body)
    card = policy.scorecard(SCORECARD, on=decision.on)
    return Explanation(
        on=decision.on,
        level=decision.outcome,
        points=int(decision.facts["points"]),
        most_points=card.most_points,
        answers=tuple(_answered(question, decision) for question in card.questions),
        cut_offs=tuple(
            CutOff(level, points, decision.criterion(f"cut_off.{level}").held)
            for level, points in card.cut_offs.items()
        ),
        circumstances=tuple(
            Circumstance(c.level, c.text, decision.criterion(f"vulnerable.{c.code}").held)
            for c in card.conditions
        ),
        policies=decision.policies,
    )


def _answered(question: Question, decision: Decision) -> Answered:
    criterion = decision.criterion(f"question.{question.code}")
    answer = next(one for one in question.answers if one.code == criterion.fact)
    return Answered(
        question=question.text,
        answer=answer.text,
        points=int(criterion.value or 0),
        most=max(one.points for one in question.answers),
        derived=question.derived,
    )
