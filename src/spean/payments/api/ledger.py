"""The ledger and one payment followed through it, over the API."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, page_of
from spean.kernel.edge import WithActor
from spean.payments import queries

router = Router()
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class LineOut(Schema):
    """What an entry added to an account, in riel."""

    account: str
    amount: int


class EntryOut(Schema):
    """A movement of money: its lines add up to nothing."""

    id: UUID
    kind: str
    on: date
    source: str
    order: UUID | None
    made_by: str
    made_at: datetime
    lines: list[LineOut]


class SaidOut(Schema):
    """What a channel said of a payment, what it did, and what a person decided."""

    file: UUID
    row: int
    outcome: str
    effect: str
    verdict: str | None


class PaymentMovedOut(Schema):
    """What came to the family (above 0) or went back (below 0), in riel, by which entry."""

    entry: UUID
    on: date
    amount: int


class TraceOut(Schema):
    """A payment followed from the budget to the family and back."""

    reference: str
    order: UUID
    amount: int
    held: int
    state: str
    entries: list[UUID]
    said: list[SaidOut]
    moved: list[PaymentMovedOut]
    others: list[str]


@router.get("/entries", response={200: Page[EntryOut], **PROBLEMS})
@access.declared(queries.VIEW, purpose=MONEY)
def entries(
    request: WithActor, order: UUID | None = None, cursor: str | None = None, limit: int = 25
) -> Any:
    """List the ledger's entries, the newest first, or those of one order."""
    listed = queries.entries(by=request.actor, order_id=order)
    rows, following = page_of(listed, cursor=cursor, limit=limit, key="-id")
    sums = queries.sums(rows)
    items = [
        EntryOut(
            id=row.pk, kind=row.kind, on=row.on, source=row.source, order=row.order_id,
            made_by=row.made_by, made_at=row.made_at,
            lines=[LineOut(account=code, amount=int(sum_)) for code, sum_ in sums.get(row.pk, ())],
        )
        for row in rows
    ]  # fmt: skip
    return {"items": items, "next": following}


@router.get("/trace/{reference}", response={200: TraceOut, **PROBLEMS})
@access.declared(queries.VIEW_PAYEES, purpose=MONEY)
def trace(request: WithActor, reference: str) -> Any:
    """Follow one payment by its reference."""
    found = queries.trace(reference, by=request.actor)
    return TraceOut(
        reference=found.payment.reference, order=found.payment.order_id,
        amount=int(found.payment.amount), held=int(found.payment.held), state=found.payment.state,
        entries=[entry.pk for entry in found.order],
        said=[
            SaidOut(file=one.file_id, row=one.row, outcome=one.outcome, effect=one.effect,
                    verdict=one.verdict.verdict if hasattr(one, "verdict") else None)
            for one in found.answers
        ],
        moved=[PaymentMovedOut(entry=entry.pk, on=entry.on, amount=int(amount))
               for entry, amount in found.moved],
        others=[one.reference for one in found.others],
    )  # fmt: skip
