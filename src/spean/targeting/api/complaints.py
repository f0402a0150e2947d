"""Complaints over the API."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Page, Router, StrictSchema, idempotent, page_of
from spean.targeting import actions, queries
from spean.targeting.api.schemas import Asked, Version
from spean.targeting.models import Complaint, ComplaintChannel, ComplaintKind, Remedy

router = Router(tags=["targeting"])
LongText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class ComplaintIn(StrictSchema):
    """A complaint of anybody; about a household, or about the officials of a village."""

    kind: ComplaintKind
    channel: ComplaintChannel
    text: LongText
    household_id: UUID | None = None
    village_code: Annotated[str, Field(pattern=r"^(\d{8})?$")] = ""
    complainant: Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")] = ""
    phone: Annotated[str, Field(max_length=16, pattern=r"^[0-9+ ]*$")] = ""
    on_behalf: bool = False


class AnswerIn(StrictSchema):
    """The answer; a complaint that is upheld has a remedy."""

    version: Version
    upheld: bool
    answer: LongText
    remedy: Remedy = Remedy.NONE


class ComplaintOut(Schema):
    """One complaint. Send its `version` with the answer."""

    id: UUID
    version: int
    village: str
    household_id: UUID | None
    assessment_id: UUID | None
    kind: str
    channel: str
    text: str
    complainant: str
    phone: str
    on_behalf: bool
    received_on: date
    due_on: date
    state: str
    remedy: str
    answer: str
    resolved_on: date | None

    @classmethod
    def of(cls, complaint: Complaint) -> "ComplaintOut":
        """Describe a complaint."""
        copied = cls.model_fields.keys() - {"village"}
        return cls(
            **{name: getattr(complaint, name) for name in copied}, village=complaint.village.code
        )


@router.post("/complaints", response={201: ComplaintOut, **PROBLEMS})
@access.declared("targeting.receive_complaint", purpose=Purpose.TARGETING)
@idempotent
def lodge(request: Asked, body: ComplaintIn) -> Any:
    """Take a complaint down."""
    complaint = actions.lodge_complaint(
        **body.model_dump(), by=request.actor, on=timezone.localdate()
    )
    return Status(201, ComplaintOut.of(complaint))


@router.get("/complaints", response={200: Page[ComplaintOut], **PROBLEMS})
@access.declared("targeting.view_complaint", purpose=Purpose.TARGETING)
def complaints(
    request: Asked, state: str = "", area: AreaCode = "", cursor: str | None = None, limit: int = 50
) -> Any:
    """Give the complaints of the caller's areas, newest first."""
    rows = queries.complaints(by=request.actor, state=state, area=area)
    found, following = page_of(rows, cursor=cursor, limit=limit, key="-id")
    return {"items": [ComplaintOut.of(complaint) for complaint in found], "next": following}


@router.get("/complaints/{uuid:complaint_id}", response={200: ComplaintOut, **PROBLEMS})
@access.declared("targeting.view_complaint", purpose=Purpose.TARGETING)
def complaint(request: Asked, complaint_id: UUID) -> Any:
    """Give one complaint; the reading is recorded."""
    return ComplaintOut.of(queries.complaint(complaint_id, by=request.actor))


@router.post("/complaints/{uuid:complaint_id}/answer", response={200: ComplaintOut, **PROBLEMS})
@access.declared("targeting.resolve_complaint", purpose=Purpose.TARGETING)
@idempotent
def resolve(request: Asked, complaint_id: UUID, body: AnswerIn) -> Any:
    """Answer a complaint; its remedy takes effect at once."""
    answered = actions.resolve_complaint(
        complaint_id=complaint_id,
        version=body.version,
        upheld=body.upheld,
        answer=body.answer,
        remedy=body.remedy,
        by=request.actor,
        on=timezone.localdate(),
    )
    return ComplaintOut.of(answered)
