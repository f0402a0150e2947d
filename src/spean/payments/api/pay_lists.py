"""A pay point over the API: places, documents to print, signed lists."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Field, Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, AreaCode, Router, StrictSchema, idempotent
from spean.kernel.edge import WithActor
from spean.kernel.money import Money
from spean.payments import actions, queries
from spean.payments.api.answers import AnswerFileOut, file_out
from spean.payments.queries import RELEASE, PayDocument

router = Router()


class PayPlaceOut(Schema):
    """A place where families of an order are paid in cash, and how many have no answer yet."""

    code: str
    name: str
    payments: int
    amount: int
    waiting: int


class SignedIn(StrictSchema):
    """A payment whose family signed, and what it got: riel in digits, or null for all of it."""

    reference: str = Field(max_length=35)
    amount: str | None = None


class SignedListIn(StrictSchema):
    """A village's signed list: who paid and when, who signed, and whether the others came."""

    village: str = Field(pattern=r"^\d{8}$")
    paid_by: str = Field(max_length=60)
    paid_on: date
    signed: list[SignedIn]
    others: Literal["wait", "not_come"] = "wait"


@router.get("/orders/{order_id}/pay-places", response={200: list[PayPlaceOut], **PROBLEMS})
@access.declared(RELEASE, purpose=Purpose.PAYMENT)
def pay_places(request: WithActor, order_id: UUID, area: AreaCode = "") -> Any:
    """List the places right below an area where an order's families are paid in cash."""
    order = queries.pay_order(order_id, by=request.actor)
    rows = queries.pay_places(order, area, on=timezone.localdate())
    return [PayPlaceOut.model_validate(row, from_attributes=True) for row in rows]


@router.get("/orders/{order_id}/pay-documents/{kind}", response={200: None, **PROBLEMS})
@access.declared(RELEASE, purpose=Purpose.PAYMENT)
def pay_document(request: WithActor, order_id: UUID, kind: PayDocument, area: AreaCode) -> Any:
    """Give the list to sign, or the vouchers, of a commune or a village as a PDF."""
    order = queries.pay_order(order_id, by=request.actor)
    pdf = queries.pay_document(kind, order, area, by=request.actor, on=timezone.localdate())
    return HttpResponse(pdf, content_type="application/pdf")


@router.post("/orders/{order_id}/signed-lists", response={200: AnswerFileOut, **PROBLEMS})
@access.declared(RELEASE, purpose=Purpose.PAYMENT)
@idempotent
def take_signed_list(request: WithActor, order_id: UUID, body: SignedListIn) -> Any:
    """Take a village's signed list in; it counts like a file of the channel's answers."""
    signed = {
        one.reference: None if one.amount is None else Money.parse(one.amount).amount
        for one in body.signed
    }
    return file_out(actions.take_signed_list(
        order_id=order_id, village=body.village, signed=signed, paid_by=body.paid_by,
        paid_on=body.paid_on, others_did_not_come=body.others == "not_come", by=request.actor,
        on=timezone.localdate(),
    ))  # fmt: skip
