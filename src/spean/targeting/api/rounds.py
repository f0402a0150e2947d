"""Rounds of interviews over the API."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.targeting import actions, queries
from spean.targeting.api.schemas import Asked
from spean.targeting.models import InterviewRound

router = Router(tags=["targeting"])
VillageCode = Annotated[str, Field(pattern=r"^\d{8}$")]


class RoundIn(StrictSchema):
    """Villages to be interviewed; all their households, or only those named."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
    villages: Annotated[list[VillageCode], Field(max_length=200)]
    starts_on: date
    ends_on: date
    households: Annotated[list[UUID], Field(max_length=5000)] | None = None


class RoundOut(Schema):
    """One round."""

    id: UUID
    name: str
    area: str
    starts_on: date
    ends_on: date
    state: str
    closed_on: date | None

    @classmethod
    def of(cls, planned: InterviewRound) -> "RoundOut":
        """Describe a round."""
        return cls(**{name: getattr(planned, name) for name in cls.model_fields})


@router.post("/rounds", response={201: RoundOut, **PROBLEMS})
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
@idempotent
def plan(request: Asked, body: RoundIn) -> Any:
    """Plan a round; a case is opened for each household without an open one."""
    planned = actions.plan_round(
        name=body.name,
        village_codes=body.villages,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        household_ids=body.households,
        by=request.actor,
        on=timezone.localdate(),
    )
    return Status(201, RoundOut.of(planned))


@router.get("/rounds", response={200: Page[RoundOut], **PROBLEMS})
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
def rounds(request: Asked, cursor: str | None = None, limit: int = 50) -> Any:
    """Give the rounds of the caller's areas, newest first."""
    rows = queries.rounds(by=request.actor)
    found, following = page_of(rows, cursor=cursor, limit=limit, key="-id")
    return {"items": [RoundOut.of(planned) for planned in found], "next": following}


@router.post("/rounds/{uuid:round_id}/close", response={200: RoundOut, **PROBLEMS})
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
@idempotent
def close(request: Asked, round_id: UUID) -> Any:
    """Close a round; what was not interviewed is closed with it."""
    return RoundOut.of(
        actions.close_round(round_id=round_id, by=request.actor, on=timezone.localdate())
    )
