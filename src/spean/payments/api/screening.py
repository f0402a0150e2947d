"""The lists of names and payees like them, over the API."""

import io
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema, Status
from pydantic import Base64Bytes

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.payments import actions, queries
from spean.payments.models import ScreeningHit
from spean.payments.rules import HitState

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class NameListIn(StrictSchema):
    """A list of names: CSV (reference, name), or the United Nations' Consolidated List as XML."""

    code: str = Field(pattern=r"^[-a-zA-Z0-9_]{1,40}$")
    content: Base64Bytes


class NameListOut(Schema):
    """A list in use."""

    code: str
    names: int
    sha256: str
    loaded_by: str
    loaded_at: datetime


class HitOut(Schema):
    """A payee whose name sounds like one on a list."""

    id: int
    payment: str
    household: UUID | None
    list: str
    reference: str
    name: str
    state: HitState
    decided_by: str
    grounds: str


class HitDecisionIn(StrictSchema):
    """Whether a payee is the person listed, and by what that is told."""

    same_person: bool
    grounds: str = Field(max_length=300)


@router.get("/lists", response={200: list[NameListOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def name_lists(request: WithActor) -> Any:
    """List the lists in use."""
    return [
        NameListOut(code=one.code, names=count, sha256=one.sha256, loaded_by=one.loaded_by,
                    loaded_at=one.loaded_at)
        for one, count in queries.name_lists(by=request.actor)
    ]  # fmt: skip


@router.post("/lists", response={201: NameListOut, **PROBLEMS})
@access.declared(queries.LISTS, purpose=Purpose.PAYMENT)
@idempotent
def load_list(request: WithActor, body: NameListIn) -> Any:
    """Take a list in, in place of the one of its code."""
    made = actions.load_list(code=body.code, file=io.BytesIO(body.content), by=request.actor)
    return Status(201, NameListOut(code=made.code, names=made.names.count(), sha256=made.sha256,
                                   loaded_by=made.loaded_by, loaded_at=made.loaded_at))  # fmt: skip


@router.get("/orders/{order_id}/hits", response={200: list[HitOut], **PROBLEMS})
@access.declared(queries.VIEW_PAYEES, purpose=MONEY)
def hits(request: WithActor, order_id: UUID) -> Any:
    """List an order's payees whose names sound like one listed."""
    order = queries.order(order_id, by=request.actor)
    return [_hit(one) for one in queries.hits(order, by=request.actor)]


@router.post("/hits/{hit_id}/decision", response={200: HitOut, **PROBLEMS})
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def decide_hit(request: WithActor, hit_id: int, body: HitDecisionIn) -> Any:
    """Decide whether a payee is the person listed, who is not paid then."""
    decided = actions.decide_hit(
        hit_id=hit_id, same_person=body.same_person, grounds=body.grounds, by=request.actor
    )
    return Status(200, _hit(decided))


def _hit(found: ScreeningHit) -> HitOut:
    same = ("id", "list", "reference", "name", "state", "decided_by", "grounds")
    return HitOut(
        payment=found.payment.reference, household=found.payment.household_id,
        **{name: getattr(found, name) for name in same},
    )  # fmt: skip
