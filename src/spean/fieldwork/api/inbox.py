"""The inbox and the supervision of field work over the API."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from spean.fieldwork import actions, queries
from spean.fieldwork.api.phones import Words
from spean.fieldwork.queries import Submission
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import in_both_languages

RESOLVE, SUPERVISE = "fieldwork.resolve_inbox", "fieldwork.supervise"
PURPOSES = (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE)
Reason = Annotated[str, Field(min_length=1, max_length=300)]
router = Router(tags=["fieldwork"])


class PartOut(Schema):
    """One thing that a record asks for, and why it waits."""

    name: str
    state: str
    reasons: list[Words]
    seen: str
    recorded: str
    offered: str


class FieldRecordOut(Schema):
    """A record from a phone: from whom, when, where it stands, and its parts."""

    id: UUID
    instance_id: str
    form_id: str
    version: str
    state: str
    area: str
    sent_by: str
    received_at: datetime
    parts: list[PartOut]


class FieldAnswerOut(Schema):
    """One answer as it stands; `path` is what a correction names."""

    path: str
    question: dict[str, str]
    text: str


class RecordInFull(FieldRecordOut):
    """A record with its answers."""

    answers: list[FieldAnswerOut]


class FieldCorrectionIn(StrictSchema):
    """Other answers by path, and how one knows."""

    answers: dict[str, str]
    note: Reason


class DayIn(StrictSchema):
    """The day on which a form was filled in, and how one knows."""

    day: date
    note: Reason


class FieldDecisionIn(StrictSchema):
    """What a person says of one part: exactly one of the three."""

    part: str
    others: bool = False
    household: UUID | None = None
    insist: bool = False


class DropIn(StrictSchema):
    """Leave what is recorded, in place of one part."""

    part: str
    note: Reason


class ReasonIn(StrictSchema):
    """A reason."""

    note: Reason


class VillageOut(Schema):
    """Interviews to hold and held in one village."""

    code: str
    to_do: int
    overdue: int
    done: int


class EnumeratorOut(Schema):
    """One enumerator's interviews; `minutes` is the median."""

    username: str
    interviews: int
    minutes: float | None
    without_position: int
    waiting: int
    pointed_out: int


class SupervisionOut(Schema):
    """An area's field work over some days; nobody is ranked."""

    area: str
    first_day: date
    last_day: date
    villages: list[VillageOut]
    enumerators: list[EnumeratorOut]


def _out(row: Submission, parts: list[queries.Part]) -> FieldRecordOut:
    return FieldRecordOut(
        id=row.pk,
        instance_id=row.instance_id,
        form_id=row.form.form_id,
        version=row.form.version,
        state=row.state,
        area=row.area,
        sent_by=row.user.username,
        received_at=row.received_at,
        parts=[
            PartOut(
                name=part.name,
                state=part.state,
                reasons=[Words(**in_both_languages(reason)) for reason in part.reasons],
                seen=part.seen,
                recorded=part.recorded,
                offered=part.offered,
            )
            for part in parts
        ],
    )


def _told(row: Submission) -> FieldRecordOut:
    return _out(row, list(row.parts.order_by("name")))


def _given(request: WithActor, submission_id: UUID) -> dict[str, Any]:
    """Give what every word on a record takes: which one, who speaks, when."""
    return {"submission_id": submission_id, "by": request.actor, "at": timezone.now()}


@router.get("/inbox", response={200: Page[FieldRecordOut], **PROBLEMS})
@access.declared(RESOLVE, purpose=PURPOSES)
def inbox(request: WithActor, cursor: str | None = None, limit: int = 25) -> Page[FieldRecordOut]:
    """List the records that wait for a person, each with the parts that wait."""
    rows, following = page_of(queries.inbox(by=request.actor), cursor=cursor, limit=limit)
    items = [_out(row, getattr(row, queries.WAITING)) for row in rows]
    return Page[FieldRecordOut](items=items, next=following)


@router.get("/inbox/{submission_id}", response={200: RecordInFull, **PROBLEMS})
@access.declared(RESOLVE, purpose=PURPOSES)
def record(request: WithActor, submission_id: UUID) -> RecordInFull:
    """Give one record with its answers."""
    found = queries.submission(submission_id, by=request.actor)
    answers = [
        FieldAnswerOut(path=one.path, question=dict(one.question), text=one.text)
        for one in queries.shown_answers(found)
    ]
    return RecordInFull(**_out(found, list(found.parts.all())).model_dump(), answers=answers)


@router.post("/inbox/{submission_id}/corrections", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def correct(
    request: WithActor, submission_id: UUID, correction: FieldCorrectionIn
) -> FieldRecordOut:
    """Put answers right, and try again."""
    return _told(
        actions.correct_answers(**correction.model_dump(), **_given(request, submission_id))
    )


@router.post("/inbox/{submission_id}/day", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def say_day(request: WithActor, submission_id: UUID, said: DayIn) -> FieldRecordOut:
    """Say on which day the form was filled in, and try again."""
    return _told(actions.say_day(**said.model_dump(), **_given(request, submission_id)))


@router.post("/inbox/{submission_id}/decision", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def decide(request: WithActor, submission_id: UUID, decision: FieldDecisionIn) -> FieldRecordOut:
    """Say who a family is, or which value holds, and try again."""
    return _told(actions.decide_part(**decision.model_dump(), **_given(request, submission_id)))


@router.post("/inbox/{submission_id}/drop", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def drop(request: WithActor, submission_id: UUID, dropped: DropIn) -> FieldRecordOut:
    """Leave what is recorded, in place of one part."""
    return _told(actions.drop_part(**dropped.model_dump(), **_given(request, submission_id)))


@router.post("/inbox/{submission_id}/answer-for", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def answer_for(request: WithActor, submission_id: UUID, reason: ReasonIn) -> FieldRecordOut:
    """Take a record in under one's own name."""
    return _told(actions.answer_for(note=reason.note, **_given(request, submission_id)))


@router.post("/inbox/{submission_id}/retry", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def try_again(request: WithActor, submission_id: UUID) -> FieldRecordOut:
    """Try again, for what stood in the way may be gone."""
    return _told(actions.try_again(**_given(request, submission_id)))


@router.post("/inbox/{submission_id}/dismissal", response={200: FieldRecordOut, **PROBLEMS})
@idempotent
@access.declared(RESOLVE, purpose=PURPOSES)
def dismiss(request: WithActor, submission_id: UUID, reason: ReasonIn) -> FieldRecordOut:
    """Set a record aside for good."""
    return _told(actions.dismiss(because=reason.note, **_given(request, submission_id)))


@router.get("/supervision", response={200: SupervisionOut, **PROBLEMS})
@access.declared(SUPERVISE, purpose=Purpose.TARGETING)
def supervision(
    request: WithActor, area: AreaCode, first_day: date, last_day: Annotated[date, Query()]
) -> SupervisionOut:
    """Give how the interviews of an area went between two days."""
    found = queries.supervision(
        area, first_day=first_day, last_day=last_day, by=request.actor, on=timezone.localdate()
    )
    return SupervisionOut.model_validate(found)
