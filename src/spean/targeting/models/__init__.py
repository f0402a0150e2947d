"""What targeting stores, and what must always be true of it."""

from spean.targeting.models.assessments import Assessment, AssessmentStep
from spean.targeting.models.choices import (
    Attention,
    CheckOutcome,
    Circumstance,
    ClosingReason,
    ComplaintChannel,
    ComplaintKind,
    ComplaintState,
    Level,
    Opinion,
    Origin,
    RefusalReason,
    Remedy,
    RequestChannel,
    RoundState,
)
from spean.targeting.models.complaints import Complaint
from spean.targeting.models.rounds import InterviewRound
from spean.targeting.models.states import (
    AFTER_INTERVIEW,
    BEFORE_DECISION,
    MOVES,
    OPEN,
    Move,
    NotAtThisStep,
    State,
    Step,
    following,
)
from spean.targeting.models.statuses import PovertyStatus

__all__ = [
    "AFTER_INTERVIEW",
    "BEFORE_DECISION",
    "MOVES",
    "OPEN",
    "Assessment",
    "AssessmentStep",
    "Attention",
    "CheckOutcome",
    "Circumstance",
    "ClosingReason",
    "Complaint",
    "ComplaintChannel",
    "ComplaintKind",
    "ComplaintState",
    "InterviewRound",
    "Level",
    "Move",
    "NotAtThisStep",
    "Opinion",
    "Origin",
    "PovertyStatus",
    "RefusalReason",
    "Remedy",
    "RequestChannel",
    "RoundState",
    "State",
    "Step",
    "following",
]
