"""What goes in and out of targeting's API."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Schema

from spean.kernel.access import Actor
from spean.kernel.api import StrictSchema
from spean.targeting.models import (
    Assessment,
    CheckOutcome,
    Circumstance,
    Level,
    Opinion,
    RefusalReason,
    RequestChannel,
)

Note = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
LongNote = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_]*$")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version last seen.")]


class Asked(HttpRequest):
    """A request whose asker the access guard has named."""

    actor: Actor


class RequestIn(StrictSchema):
    """A household's wish to be assessed."""

    household_id: UUID
    channel: RequestChannel
    note: Note = ""


class RefusalIn(StrictSchema):
    """Why a request is not taken up; "other" needs a note."""

    version: Version
    reason: RefusalReason
    note: LongNote = ""


class WithdrawalIn(StrictSchema):
    """The household no longer wants it."""

    version: Version
    note: LongNote = ""


class InterviewIn(StrictSchema):
    """Answers by question code, as `/scorecard` lists them."""

    version: Version
    answers: dict[Code, Code]
    note: LongNote = ""


class ReviewIn(StrictSchema):
    """The village's opinion; another level needs a circumstance."""

    version: Version
    opinion: Opinion
    proposed_level: Level | None = None
    circumstance: Circumstance | None = None
    note: LongNote = ""


class DisplayIn(StrictSchema):
    """Put the case on the list in the village."""

    version: Version


class DecisionIn(StrictSchema):
    """The council's level; another than the scored one needs a circumstance as reason."""

    version: Version
    level: Level
    reason: Circumstance | None = None
    note: LongNote = ""


class CaseCheckIn(StrictSchema):
    """The district's check; sending back needs a note."""

    version: Version
    outcome: CheckOutcome
    note: LongNote = ""


class ReinterviewIn(StrictSchema):
    """Why a household is interviewed anew."""

    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]


class AssessmentOut(Schema):
    """One case. Send its `version` with the next step."""

    id: UUID
    version: int
    household_id: UUID
    village: str
    state: str
    origin: str
    channel: str
    requested_on: date
    due_on: date | None
    attention: str
    interviewed_on: date | None
    points: str | None
    scored_level: str
    opinion: str
    proposed_level: str
    circumstance: str
    display_from: date | None
    display_until: date | None
    council_on: date | None
    council_level: str
    council_reason: str
    checked_on: date | None
    final_level: str
    refusal: str
    closing: str
    closed_on: date | None

    @classmethod
    def of(cls, case: Assessment) -> "AssessmentOut":
        """Describe a case."""
        copied = cls.model_fields.keys() - {"village", "points"}
        return cls(
            **{name: getattr(case, name) for name in copied},
            village=case.village.code,
            points=None if case.points is None else f"{case.points:f}",
        )
