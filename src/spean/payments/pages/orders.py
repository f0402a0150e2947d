"""Pages of payment orders: all of them, one with all that happened to it, its payments."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spean.kernel import access, navigation
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.kernel.forms import SpeanForm
from spean.locations import queries as locations
from spean.payments import actions, queries
from spean.payments.forms import ApprovalForm, GroundsForm
from spean.payments.models import Order
from spean.payments.queries import (
    MEDIA_TYPES,
    STATES,
    VIEW,
    FileFormat,
    programme_name,
    reason_words,
)

PAGE = 25
DOUBTS_SHOWN = 200
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


@require_GET
@access.declared(VIEW, purpose=MONEY)
def orders(request: WithActor) -> HttpResponse:
    """List the payment orders, the newest first."""
    listed, following = page_of(
        queries.orders(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    rows = [(row, programme_name(row.programme)) for row in listed]
    return render(request, "payments/orders.html", {"rows": rows, "next_cursor": following})


@require_GET
@access.declared(VIEW, purpose=MONEY)
def order(request: WithActor, order_id: UUID) -> HttpResponse:
    """Show one order: who did what, what became of its payments, what can be done next."""
    return show_order(request, queries.order(order_id, by=request.actor))


@require_GET
@access.declared(queries.VIEW_PAYEES, purpose=MONEY)
def order_payments(request: WithActor, order_id: UUID) -> HttpResponse:
    """List an order's payments: what two people approve."""
    found = queries.order(order_id, by=request.actor)
    rows, following = page_of(
        queries.payments_in(found, by=request.actor), cursor=request.GET.get("cursor"),
        limit=PAGE, key="id",
    )  # fmt: skip
    places = dict(locations.names({row.village for row in rows}, on=timezone.localdate()))
    context = {
        "order": found,
        "rows": [
            (row, row.village and places[row.village], STATES[row.state], reason_words(row.reason))
            for row in rows
        ],
        "may_pay": found.channel == Order.Channel.WALLET
        and access.allows(request.actor, queries.RELEASE, area=""),
        "next_cursor": following,
        "back_url": reverse("payments:order", args=[order_id]),
    }
    return render(request, "payments/order_payments.html", context)


def show_order(
    request: WithActor, found: Order, refused: SpeanForm | None = None, status: int = 200
) -> HttpResponse:
    """Show an order, with the form that was refused: that of the order, or of one of its names."""
    by, state = request.actor, found.state
    waiting = state == Order.State.PREPARED
    mine = by.name in (found.prepared_by, found.first_approved_by)
    context = {
        "order": found,
        "programme": programme_name(found.programme),
        "became": [(one, STATES[one.state]) for one in queries.became(found)],
        "form": refused,
        "approval_form": ApprovalForm(initial={"list_hash": found.list_hash}),
        "may_approve": waiting and not mine and access.allows(by, queries.APPROVE, area=""),
        "may_release": state == Order.State.APPROVED
        and access.allows(by, queries.RELEASE, area=""),
        "may_fetch": state == Order.State.RELEASED and access.allows(by, queries.RELEASE, area=""),
        "may_ask": state in queries.WAITING
        and found.channel == Order.Channel.WALLET
        and access.allows(by, queries.RELEASE, area=""),
        "at_pay_point": found.channel == Order.Channel.PAY_POINT,
        "links": navigation.about("order", by=by, area=""),
        **_payees(found, by, refused),
        "is_screened": bool(queries.name_lists(by=by)),
        "may_decide": state in (Order.State.PREPARED, Order.State.APPROVED)
        and access.allows(by, queries.APPROVE, area=""),
        "may_cancel": state in (Order.State.PREPARED, Order.State.APPROVED)
        and access.allows(by, queries.PREPARE, area=""),
        "back_url": reverse("payments:orders"),
    }
    return render(request, "payments/order.html", context, status=status)


def _payees(found: Order, by: Actor, refused: SpeanForm | None) -> dict[str, object]:
    """Give what is shown of single payees, to who may see them."""
    if not access.allows(by, queries.VIEW_PAYEES, area=""):
        return {}
    doubts = queries.account_doubts(found, by=by)
    return {
        "sees_payees": True,
        "hits": [(one, hit_form(one.pk).or_refused(refused)) for one in queries.hits(found, by=by)],
        "doubts": [(one, doubt_form(one.pk).or_refused(refused)) for one in doubts[:DOUBTS_SHOWN]],
        "doubts_count": doubts.count(),
    }


def doubt_form(doubt_id: int, data: Any = None) -> GroundsForm:
    """Give the form by which somebody decides about one wallet that is held back."""
    return GroundsForm.of_row(f"doubt{doubt_id}", data)


def hit_form(hit_id: int, data: Any = None) -> GroundsForm:
    """Give the form by which somebody decides about one name that is like one listed."""
    return GroundsForm.of_row(f"hit{hit_id}", data)


@require_POST
@access.declared("payments.approve", purpose=Purpose.PAYMENT)
def approve(request: WithActor, order_id: UUID) -> HttpResponse:
    """Approve the list that was shown."""
    shown = request.POST.get("list_hash", "")
    return _do(request, order_id, _("The order is approved."), lambda: actions.approve_order(
        order_id=order_id, list_hash=shown, by=request.actor, at=timezone.now()
    ))  # fmt: skip


@require_POST
@access.declared("payments.release", purpose=Purpose.PAYMENT)
def release(request: WithActor, order_id: UUID) -> HttpResponse:
    """Release an approved order."""
    return _do(request, order_id, _("The order is released."), lambda: actions.release_order(
        order_id=order_id, by=request.actor, at=timezone.now()
    ))  # fmt: skip


@require_POST
@access.declared("payments.prepare", purpose=Purpose.PAYMENT)
def cancel(request: WithActor, order_id: UUID) -> HttpResponse:
    """Give an order up."""
    return _do(request, order_id, _("The order is cancelled."), lambda: actions.cancel_order(
        order_id=order_id, by=request.actor, at=timezone.now()
    ))  # fmt: skip


def _do(request: WithActor, order_id: UUID, said: str, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except SpeanError as error:
        if error.status in (403, 404):
            raise
        form = SpeanForm({})
        form.add_refusal(error)
        return show_order(request, queries.order(order_id, by=request.actor), form, error.status)
    messages.success(request, said)
    return redirect("payments:order", order_id)


@require_GET
@access.declared("payments.release", purpose=Purpose.PAYMENT)
def order_file(request: WithActor, order_id: UUID) -> StreamingHttpResponse:
    """Give a released order's file for its channel, in the form that was chosen."""
    asked = request.GET.get("format", FileFormat.CSV)
    if asked not in MEDIA_TYPES:
        raise NotFound
    form = FileFormat(asked)
    found, pieces = queries.order_file(order_id, by=request.actor, form=form)
    ending, media_type = MEDIA_TYPES[form]
    answer = StreamingHttpResponse(pieces, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.number}{ending}"'
    return answer


@require_GET
@access.declared("payments.release", purpose=Purpose.PAYMENT)
def payment_code(request: WithActor, order_id: UUID, reference: str) -> HttpResponse:
    """Show the KHQR code by which an officer pays one family with a banking app."""
    found, text = queries.payment_code(order_id, reference, by=request.actor, at=timezone.now())
    drawn = segno.make(text, error="m", micro=False, encoding="utf-8")
    context = {
        "payment": found,
        "qr": drawn.svg_data_uri(border=4, scale=4),
        "back_url": reverse("payments:order_payments", args=[order_id]),
    }
    return render(request, "payments/payment_code.html", context)
