"""How a household's level is found, and by when each step is due. Pure: no clock, no database."""

from spean.targeting.rules.deadlines import due_on
from spean.targeting.rules.levels import PovertyLevel, card_period, gets_card, levels_apart
from spean.targeting.rules.scoring import (
    AnswersRefused,
    AnswerUnknown,
    HouseholdFacts,
    QuestionUnanswered,
    QuestionUnknown,
    check_answers,
    points_of_answers,
    score,
    score_household,
)

__all__ = [
    "AnswerUnknown",
    "AnswersRefused",
    "HouseholdFacts",
    "PovertyLevel",
    "QuestionUnanswered",
    "QuestionUnknown",
    "card_period",
    "check_answers",
    "due_on",
    "gets_card",
    "levels_apart",
    "points_of_answers",
    "score",
    "score_household",
]
