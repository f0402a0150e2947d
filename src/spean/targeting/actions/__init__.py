"""Writes of targeting."""

from spean.targeting.actions.cases import (
    AlreadyOpen,
    AssessmentNotFound,
    BeforeTheLastStep,
    ChangedMeanwhile,
    HouseholdIsGone,
    ReasonNeeded,
)
from spean.targeting.actions.complaints import (
    AnsweredAlready,
    ComplaintNotFound,
    HouseholdNeeded,
    OwnMatter,
    RemedyDoesNotFit,
    TextNeeded,
    lodge_complaint,
    resolve_complaint,
)
from spean.targeting.actions.council import (
    ComplaintsOpen,
    InterviewerDecides,
    LevelNeedsReason,
    MovedTooFar,
    StillOnDisplay,
    decide,
)
from spean.targeting.actions.district import CouncilChecksItself, check
from spean.targeting.actions.households import (
    close_for_household,
    follow_household,
    note_members_changed,
)
from spean.targeting.actions.intake import take_in_interviews
from spean.targeting.actions.interviews import record_interview
from spean.targeting.actions.requests import (
    order_reinterview,
    refuse_request,
    request_assessment,
    withdraw_request,
)
from spean.targeting.actions.rounds import (
    RoundClosedAlready,
    RoundEndsBeforeItStarts,
    RoundHasNoVillages,
    RoundNotFound,
    close_round,
    plan_round,
)
from spean.targeting.actions.statuses import (
    NoCardToReplace,
    StatusSetToday,
    expire_statuses,
    renew_due,
    restore_statuses,
)
from spean.targeting.actions.village import (
    CircumstanceNeeded,
    ProposalIncomplete,
    ProposalTooFar,
    put_on_display,
    review_in_village,
)
from spean.targeting.models import ClosingReason

__all__ = [
    "AlreadyOpen",
    "AnsweredAlready",
    "AssessmentNotFound",
    "BeforeTheLastStep",
    "ChangedMeanwhile",
    "CircumstanceNeeded",
    "ClosingReason",
    "ComplaintNotFound",
    "ComplaintsOpen",
    "CouncilChecksItself",
    "HouseholdIsGone",
    "HouseholdNeeded",
    "InterviewerDecides",
    "LevelNeedsReason",
    "MovedTooFar",
    "NoCardToReplace",
    "OwnMatter",
    "ProposalIncomplete",
    "ProposalTooFar",
    "ReasonNeeded",
    "RemedyDoesNotFit",
    "RoundClosedAlready",
    "RoundEndsBeforeItStarts",
    "RoundHasNoVillages",
    "RoundNotFound",
    "StatusSetToday",
    "StillOnDisplay",
    "TextNeeded",
    "check",
    "close_for_household",
    "close_round",
    "decide",
    "expire_statuses",
    "follow_household",
    "lodge_complaint",
    "note_members_changed",
    "order_reinterview",
    "plan_round",
    "put_on_display",
    "record_interview",
    "refuse_request",
    "renew_due",
    "request_assessment",
    "resolve_complaint",
    "restore_statuses",
    "review_in_village",
    "take_in_interviews",
    "withdraw_request",
]
