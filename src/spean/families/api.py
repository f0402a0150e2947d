"""A family's record of money, and notices, over the API."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema, Status

from spean.families import actions, queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router, idempotent
from spean.kernel.edge import WithActor
from spean.programmes.queries import VIEW_CYCLES

router = Router(tags=["families"])


class GrantedOut(Schema):
    """A programme on whose list the family stands; `amount` in riel, null where not entitled."""

    programme: str
    state: str
    since: date
    amount: int | None


class AwaitedOut(Schema):
    """What was confirmed for the family and comes with a next payment (riel)."""

    programme: str
    kind: str
    on: date
    amount: int


class OwnOwedOut(Schema):
    """What a cycle owed the family (riel), with the criteria and counts that made it."""

    programme: str
    start: date
    amount: int
    decision: dict[str, Any]


class PaidOut(Schema):
    """A payment to the family (riel), what became of it, and what the family holds of it."""

    programme: str
    reference: str
    amount: int
    held: int
    channel: str
    state: str
    on: date | None
    reason: str


class RecordOut(Schema):
    """What a family is granted, awaits, was owed and paid, and why."""

    household: UUID
    granted: list[GrantedOut]
    awaited: list[AwaitedOut]
    owed: list[OwnOwedOut]
    paid: list[PaidOut]


class NoticeOut(Schema):
    """How many texts were handed over."""

    texts: int


@router.get("/{household_id}", response={200: RecordOut, **PROBLEMS})
@access.declared(VIEW_CYCLES, purpose=(Purpose.PAYMENT, Purpose.OVERSIGHT))
def record(request: WithActor, household_id: UUID) -> Any:
    """Give what a family sees of itself: granted, owed, paid and why."""
    found = queries.record_of(household_id, by=request.actor)
    return RecordOut(
        household=found.household_id,
        granted=[GrantedOut.from_orm(one) for one in found.granted],
        awaited=[AwaitedOut.from_orm(one) for one in found.awaited],
        owed=[OwnOwedOut.from_orm(one) for one in found.owed],
        paid=[PaidOut.from_orm(one) for one in found.paid],
    )


@router.post("/orders/{order_id}/notice", response={201: NoticeOut, **PROBLEMS})
@access.declared(queries.NOTIFY, purpose=Purpose.PAYMENT)
@idempotent
def tell(request: WithActor, order_id: UUID) -> Any:
    """Text the families of a released order, once, that their money comes."""
    made = actions.tell_families(order_id=order_id, by=request.actor)
    return Status(201, NoticeOut(texts=made.texts))
