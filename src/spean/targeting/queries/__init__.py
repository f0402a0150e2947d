"""Reads of targeting."""

from spean.targeting.models import Assessment
from spean.targeting.queries.assessments import (
    SCORECARD,
    answers_of,
    assessment,
    assessments,
    assessments_of,
    case_to_interview,
    heads,
    household_of,
    household_status,
    interview_round,
    open_case_of,
    rounds,
    scorecard,
    statuses_ending,
)
from spean.targeting.queries.complaints import complaint, complaints
from spean.targeting.queries.dashboard import (
    AgeCount,
    CommuneCount,
    Dashboard,
    LevelCount,
    MonthCount,
    StateCount,
    dashboard,
    poor_by_commune,
)
from spean.targeting.queries.exchange import poverty_columns
from spean.targeting.queries.explanations import (
    Answered,
    Circumstance,
    CutOff,
    Explanation,
    explanation,
    words,
)
from spean.targeting.queries.snapshot import snapshot_parts
from spean.targeting.queries.waiting import waiting_for
from spean.targeting.rules import points_of_answers, score

__all__ = [
    "SCORECARD",
    "AgeCount",
    "Answered",
    "Assessment",
    "Circumstance",
    "CommuneCount",
    "CutOff",
    "Dashboard",
    "Explanation",
    "LevelCount",
    "MonthCount",
    "StateCount",
    "answers_of",
    "assessment",
    "assessments",
    "assessments_of",
    "case_to_interview",
    "complaint",
    "complaints",
    "dashboard",
    "explanation",
    "heads",
    "household_of",
    "household_status",
    "interview_round",
    "open_case_of",
    "points_of_answers",
    "poor_by_commune",
    "poverty_columns",
    "rounds",
    "score",
    "scorecard",
    "snapshot_parts",
    "statuses_ending",
    "waiting_for",
    "words",
]
