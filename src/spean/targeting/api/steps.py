"""The steps of a case over the API. Each names the version that the caller last saw."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, idempotent
from spean.targeting import actions
from spean.targeting.api.schemas import (
    Asked,
    AssessmentOut,
    CaseCheckIn,
    DecisionIn,
    DisplayIn,
    InterviewIn,
    RefusalIn,
    ReviewIn,
    WithdrawalIn,
)

router = Router(tags=["targeting"])
CASE = "/assessments/{uuid:assessment_id}"
ANSWERS = {200: AssessmentOut, **PROBLEMS}


@router.post(f"{CASE}/refusal", response=ANSWERS)
@access.declared("targeting.refuse", purpose=Purpose.TARGETING)
@idempotent
def refuse(request: Asked, assessment_id: UUID, body: RefusalIn) -> Any:
    """Refuse to take a request up, for a listed reason."""
    case = actions.refuse_request(
        assessment_id=assessment_id,
        version=body.version,
        reason=body.reason,
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)


@router.post(f"{CASE}/withdrawal", response=ANSWERS)
@access.declared("targeting.request", purpose=Purpose.TARGETING)
@idempotent
def withdraw(request: Asked, assessment_id: UUID, body: WithdrawalIn) -> Any:
    """Close a case because the household no longer wants it."""
    case = actions.withdraw_request(
        assessment_id=assessment_id,
        version=body.version,
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)


@router.post(f"{CASE}/interview", response=ANSWERS)
@access.declared("targeting.interview", purpose=Purpose.TARGETING)
@idempotent
def interview(request: Asked, assessment_id: UUID, body: InterviewIn) -> Any:
    """Record the answers and score them by the scorecard of today."""
    case = actions.record_interview(
        assessment_id=assessment_id,
        version=body.version,
        answers=body.answers,
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)


@router.post(f"{CASE}/village-review", response=ANSWERS)
@access.declared("targeting.review_in_village", purpose=Purpose.TARGETING)
@idempotent
def review(request: Asked, assessment_id: UUID, body: ReviewIn) -> Any:
    """Record what the village representatives say of the scored level."""
    case = actions.review_in_village(
        assessment_id=assessment_id,
        version=body.version,
        opinion=body.opinion,
        proposed_level=body.proposed_level or "",
        circumstance=body.circumstance or "",
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)


@router.post(f"{CASE}/display", response=ANSWERS)
@access.declared("targeting.display", purpose=Purpose.TARGETING)
@idempotent
def display(request: Asked, assessment_id: UUID, body: DisplayIn) -> Any:
    """Put the case on the list in the village."""
    case = actions.put_on_display(
        assessment_id=assessment_id,
        version=body.version,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)


@router.post(f"{CASE}/decision", response=ANSWERS)
@access.declared("targeting.decide", purpose=Purpose.TARGETING)
@idempotent
def decide(request: Asked, assessment_id: UUID, body: DecisionIn) -> Any:
    """Record the commune council's decision."""
    case = actions.decide(
        assessment_id=assessment_id,
        version=body.version,
        level=body.level,
        reason=body.reason or "",
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)


@router.post(f"{CASE}/check", response=ANSWERS)
@access.declared("targeting.check", purpose=Purpose.TARGETING)
@idempotent
def check(request: Asked, assessment_id: UUID, body: CaseCheckIn) -> Any:
    """Confirm the council's decision, which issues the card, or send it back."""
    case = actions.check(
        assessment_id=assessment_id,
        version=body.version,
        outcome=body.outcome,
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return AssessmentOut.of(case)
