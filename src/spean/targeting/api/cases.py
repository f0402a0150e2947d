"""Cases over the API: ask for one, list them, read one with its history and its reasons."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Page, Router, idempotent, page_of
from spean.targeting import actions, queries
from spean.targeting.api.schemas import Asked, AssessmentOut, ReinterviewIn, RequestIn
from spean.targeting.models import Assessment
from spean.targeting.queries import Explanation, words

router = Router(tags=["targeting"])


class StepOut(Schema):
    """One step that was taken."""

    step: str
    state: str
    on: date
    by: str
    note: str


class AnswerOut(Schema):
    """One question, its answer and its points, in the language of Accept-Language."""

    question: str
    answer: str
    points: int
    most: int


class CutOffOut(Schema):
    """The lowest points of a level."""

    level: str
    points: int
    reached: bool


class CircumstanceOut(Schema):
    """What a level asks for beside its points."""

    level: str
    text: str
    held: bool


class SourceOut(Schema):
    """A policy value that the score used."""

    key: str
    since: date
    reference: str


class ExplanationOut(Schema):
    """Why the household was scored as it was."""

    on: date
    level: str
    points: int
    most_points: int
    answers: list[AnswerOut]
    cut_offs: list[CutOffOut]
    circumstances: list[CircumstanceOut]
    policies: list[SourceOut]


class AssessmentWhole(AssessmentOut):
    """One case with its history and the reasons of its score."""

    steps: list[StepOut]
    complaints: list[UUID]
    explanation: ExplanationOut | None


@router.post("/assessments", response={201: AssessmentOut, **PROBLEMS})
@access.declared("targeting.request", purpose=Purpose.TARGETING)
@idempotent
def request_assessment(request: Asked, body: RequestIn) -> Any:
    """Take a household's request to be assessed."""
    case = actions.request_assessment(
        household_id=body.household_id,
        channel=body.channel,
        note=body.note,
        by=request.actor,
        on=timezone.localdate(),
    )
    return Status(201, AssessmentOut.of(case))


@router.get("/assessments", response={200: Page[AssessmentOut], **PROBLEMS})
@access.declared("targeting.view_assessment", purpose=Purpose.TARGETING)
def assessments(
    request: Asked, state: str = "", area: AreaCode = "", cursor: str | None = None, limit: int = 50
) -> Any:
    """Give the cases of the caller's areas, newest first; `state=open` for all that wait."""
    rows = queries.assessments(by=request.actor, state=state, area=area)
    found, following = page_of(rows, cursor=cursor, limit=limit, key="-id")
    return {"items": [AssessmentOut.of(case) for case in found], "next": following}


@router.get("/assessments/{uuid:assessment_id}", response={200: AssessmentWhole, **PROBLEMS})
@access.declared("targeting.view_assessment", purpose=Purpose.TARGETING)
def assessment(request: Asked, assessment_id: UUID) -> Any:
    """Give one case; the reading is recorded."""
    return whole(queries.assessment(assessment_id, by=request.actor))


@router.post(
    "/households/{uuid:household_id}/reinterview", response={201: AssessmentOut, **PROBLEMS}
)
@access.declared("targeting.check", purpose=Purpose.TARGETING)
@idempotent
def order_reinterview(request: Asked, household_id: UUID, body: ReinterviewIn) -> Any:
    """Have a household interviewed anew."""
    case = actions.order_reinterview(
        household_id=household_id, reason=body.reason, by=request.actor, on=timezone.localdate()
    )
    return Status(201, AssessmentOut.of(case))


def whole(case: Assessment) -> AssessmentWhole:
    """Describe a case with its history and reasons."""
    reasons = queries.explanation(case)
    return AssessmentWhole(
        **AssessmentOut.of(case).model_dump(),
        steps=[StepOut.model_validate(step) for step in case.steps.all()],
        complaints=[complaint.pk for complaint in case.complaints.all()],
        explanation=None if reasons is None else _explained(reasons),
    )


def _explained(reasons: Explanation) -> ExplanationOut:
    return ExplanationOut(
        on=reasons.on,
        level=reasons.level,
        points=reasons.points,
        most_points=reasons.most_points,
        answers=[
            AnswerOut(
                question=words(row.question),
                answer=words(row.answer),
                points=row.points,
                most=row.most,
            )
            for row in reasons.answers
        ],
        cut_offs=[CutOffOut.model_validate(row) for row in reasons.cut_offs],
        circumstances=[
            CircumstanceOut(level=row.level, text=words(row.text), held=row.held)
            for row in reasons.circumstances
        ],
        policies=[SourceOut.model_validate(row) for row in reasons.policies],
    )
