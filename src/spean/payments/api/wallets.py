"""Wallets in doubt over the API: seen on an order, asked of the provider, cleared, corrected."""

from typing import IO, Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils import timezone
from ninja import Field, Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import (
    FILE_BODY,
    PROBLEMS,
    Router,
    StrictSchema,
    idempotent,
    idempotent_upload,
)
from spean.kernel.edge import WithActor
from spean.kernel.spreadsheets import CSV_TYPE
from spean.payments import actions, queries
from spean.payments.api.answers import Sha256
from spean.payments.models import AccountDoubt

router = Router()


class AccountDoubtOut(Schema):
    """A wallet of an order that may be somebody else's; `holder` is whose the provider says."""

    id: int
    payment: str
    household: UUID | None
    account: str
    kind: str
    families: int
    before: str
    holder: str
    holds_back: bool
    decided_by: str
    grounds: str


class HoldersOut(Schema):
    """How many payments of an order wait, their wallets not being in the families' names."""

    held_back: int


class ClearingIn(StrictSchema):
    """By what one tells that a wallet in another name is the family's."""

    grounds: str = Field(max_length=300)


class WalletToCorrectOut(Schema):
    """A family whose money waits until its number in the registry is another."""

    household: UUID | None
    village: str
    account: str
    kind: str


@router.get("/orders/{order_id}/account_doubts", response={200: list[AccountDoubtOut], **PROBLEMS})
@access.declared(queries.VIEW_PAYEES, purpose=(Purpose.PAYMENT, Purpose.OVERSIGHT))
def account_doubts(request: WithActor, order_id: UUID) -> Any:
    """List an order's wallets that families share, that look like a slip, or are in other names."""
    order = queries.order(order_id, by=request.actor)
    return [_doubt(one) for one in queries.account_doubts(order, by=request.actor)]


@router.get("/orders/{order_id}/wallets", response={200: None, **PROBLEMS})
@access.declared(queries.RELEASE, purpose=Purpose.PAYMENT)
def enquiry_file(request: WithActor, order_id: UUID) -> Any:
    """Give an order's wallets as the provider is asked about them: CSV (reference, account)."""
    _, pieces = queries.enquiry_file(order_id, by=request.actor)
    return StreamingHttpResponse(pieces, content_type=CSV_TYPE)


@router.put(
    "/orders/{order_id}/holders/{sha256}",
    response={200: HoldersOut, **PROBLEMS},
    openapi_extra=FILE_BODY,
)
@access.declared(queries.RELEASE, purpose=Purpose.PAYMENT)
@idempotent_upload
def take_in_holders(request: WithActor, order_id: UUID, sha256: Sha256, file: IO[bytes]) -> Any:
    """Take in whose the provider says that they are: CSV (reference, holder), of any size."""
    held = actions.take_in_holders(order_id=order_id, file=file, by=request.actor)
    return HoldersOut(held_back=held)


@router.post("/account_doubts/{doubt_id}/clearing", response={200: AccountDoubtOut, **PROBLEMS})
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
@idempotent
def clear_wallet(request: WithActor, doubt_id: int, body: ClearingIn) -> Any:
    """Say that a wallet in another name is the family's: it may be paid."""
    return _doubt(actions.clear_wallet(doubt_id=doubt_id, grounds=body.grounds, by=request.actor))


@router.get("/wallets", response={200: list[WalletToCorrectOut], **PROBLEMS})
@access.declared(queries.CORRECT_WALLETS, purpose=Purpose.REGISTRATION)
def wallets_to_correct(request: WithActor) -> Any:
    """List the families of one's area whose wallet is not in their name, until it is corrected."""
    return [
        WalletToCorrectOut(
            household=one.payment.household_id, village=one.payment.village,
            account=one.payment.account, kind=one.kind,
        )
        for one in queries.wallets_to_correct(by=request.actor, on=timezone.localdate())
    ]  # fmt: skip


def _doubt(found: AccountDoubt) -> AccountDoubtOut:
    same = ("id", "kind", "families", "before", "holder", "holds_back", "decided_by", "grounds")
    return AccountDoubtOut(
        payment=found.payment.reference, household=found.payment.household_id,
        account=found.payment.account, **{name: getattr(found, name) for name in same},
    )  # fmt: skip
