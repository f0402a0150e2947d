"""Pages of money: the orders, one order with all that happened to it, budgets, answers."""

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, navigation
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.kernel.formats import riel
from spean.kernel.i18n import explain, explain_stored
from spean.kernel.ids import new_id
from spean.kernel.money import Money
from spean.payments import actions, queries
from spean.payments.forms import AnswersForm, ApprovalForm, GroundsForm, RevisionForm
from spean.payments.models import VERDICTS, Order
from spean.payments.queries import EFFECTS, MEDIA_TYPES, STATES, VIEW, FileFormat, programme_name
from spean.payments.rules import Verdict

PAGE = 25
DOUBTS_SHOWN = 200
SHOWN = 200
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
    return _order(request, queries.order(order_id, by=request.actor))


@require_GET
@access.declared(queries.VIEW_PAYEES, purpose=MONEY)
def order_payments(request: WithActor, order_id: UUID) -> HttpResponse:
    """List an order's payments: what two people approve."""
    found = queries.order(order_id, by=request.actor)
    rows, following = page_of(
        queries.payments_in(found, by=request.actor), cursor=request.GET.get("cursor"),
        limit=PAGE, key="id",
    )  # fmt: skip
    context = {
        "order": found,
        "rows": [(row, STATES[row.state]) for row in rows],
        "may_pay": found.channel == Order.Channel.WALLET
        and access.allows(request.actor, queries.RELEASE, area=""),
        "next_cursor": following,
        "back_url": reverse("payments:order", args=[order_id]),
    }
    return render(request, "payments/order_payments.html", context)


def _order(request: WithActor, found: Order, refused: SpeanError | None = None) -> HttpResponse:
    shown = {"list_hash": found.list_hash}
    form = ApprovalForm(shown if refused else None, initial=shown)
    if refused:
        form.add_refusal(refused)
    by, state = request.actor, found.state
    waiting = state == Order.State.PREPARED
    mine = by.name in (found.prepared_by, found.first_approved_by)
    context = {
        "order": found,
        "programme": programme_name(found.programme),
        "became": [(one, STATES[one.state]) for one in queries.became(found)],
        "form": form,
        "may_approve": waiting and not mine and access.allows(by, queries.APPROVE, area=""),
        "may_release": state == Order.State.APPROVED
        and access.allows(by, queries.RELEASE, area=""),
        "may_fetch": state == Order.State.RELEASED and access.allows(by, queries.RELEASE, area=""),
        "at_pay_point": found.channel == Order.Channel.PAY_POINT,
        "links": navigation.about("order", by=by, area=""),
        **_payees(found, by),
        "is_screened": bool(queries.name_lists(by=by)),
        "may_decide": state in (Order.State.PREPARED, Order.State.APPROVED)
        and access.allows(by, queries.APPROVE, area=""),
        "may_cancel": state in (Order.State.PREPARED, Order.State.APPROVED)
        and access.allows(by, queries.PREPARE, area=""),
        "back_url": reverse("payments:orders"),
    }
    return render(
        request, "payments/order.html", context, status=refused.status if refused else 200
    )


def _payees(found: Order, by: Actor) -> dict[str, object]:
    """Give what is shown of single payees, to who may see them."""
    if not access.allows(by, queries.VIEW_PAYEES, area=""):
        return {}
    doubts = queries.account_doubts(found, by=by)
    return {
        "sees_payees": True,
        "hits": [(one, _grounds(f"hit{one.pk}")) for one in queries.hits(found, by=by)],
        "doubts": doubts[:DOUBTS_SHOWN],
        "doubts_count": doubts.count(),
    }


def _grounds(name: str) -> GroundsForm:
    """Give the form of one decision of several on a page: each has ids of its own."""
    return GroundsForm(auto_id=f"{name}_%s")


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
        return _order(request, queries.order(order_id, by=request.actor), error)
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


@require_http_methods(["GET", "POST"])
@access.declared(VIEW, purpose=MONEY)
def answer_files(request: WithActor) -> HttpResponse:
    """List the files that channels sent, and take one in."""
    form = AnswersForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = actions.receive_answers(
                file=file, name=file.name, by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            if error.status == 403:
                raise
            form.add_refusal(error)
        else:
            return redirect("payments:answer_file", kept.pk)
    rows, following = page_of(
        queries.answer_files(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE,
        key="-id",
    )  # fmt: skip
    context = {
        "form": form, "rows": rows, "next_cursor": following,
        "may_send": access.allows(request.actor, queries.RELEASE, area=""),
    }  # fmt: skip
    return render(request, "payments/answer_files.html", context)


@require_GET
@access.declared(VIEW, purpose=MONEY)
def answer_file(request: WithActor, file_id: UUID) -> HttpResponse:
    """Show what a file did: rows that paid, rows that can't be read, rows for a person."""
    kept = queries.answer_file(file_id, by=request.actor)
    odd = list(queries.answers_for_a_person(kept)[:SHOWN])
    possible = queries.possible(odd)
    context = {
        "file": kept,
        "effects": [(EFFECTS[effect], count) for effect, count in kept.effects.items()],
        "unreadable": [(one["row"], explain_stored(one)) for one in kept.unreadable],
        "odd": [
            (
                row,
                EFFECTS[row.effect],
                [
                    (
                        one.value,
                        f"{VERDICTS[one]}: {riel(holds)}"
                        if one == Verdict.PARTLY
                        else VERDICTS[one],
                    )
                    for one, holds in possible[row.pk].items()
                ],
                _grounds(f"row{row.pk}"),
            )
            for row in odd
        ],
        "may_decide": access.allows(request.actor, queries.APPROVE, area=""),
        "back_url": reverse("payments:answer_files"),
    }
    return render(request, "payments/answer_file.html", context)


@require_POST
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
def decide_answer(request: WithActor, answer_id: int) -> HttpResponse:
    """Decide about an answer that goes against the books."""
    found = queries.answer_for(answer_id)
    try:
        actions.decide_answer(
            answer_id=answer_id, verdict=request.POST.get("verdict", ""),
            grounds=request.POST.get("grounds", ""), by=request.actor, on=timezone.localdate(),
        )  # fmt: skip
    except SpeanError as error:
        if error.status == 403:
            raise
        messages.error(request, explain(error))
    else:
        messages.success(request, _("Your decision is on record."))
    return redirect("payments:answer_file", found.file_id)


@require_http_methods(["GET", "POST"])
@access.declared(VIEW, purpose=MONEY)
def budgets(request: WithActor) -> HttpResponse:
    """Show where each programme's money is, and its revisions; revise a budget."""
    form = RevisionForm(request.POST or None, initial={"key": str(new_id())})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        revise = actions.appropriate if given.pop("way") == "gives" else actions.withdraw
        try:
            given["amount"] = Money.parse(given["amount"]).amount
            revise(**given, by=request.actor, on=timezone.localdate())
        except SpeanError as error:
            if error.status == 403:
                raise
            form.add_refusal(error)
        else:
            messages.success(request, _("The budget is revised."))
            return redirect("payments:budgets")
    context = {
        "form": form,
        "rows": [(programme_name(one.programme), one) for one in queries.budgets(by=request.actor)],
        "revisions": [
            (programme_name(one.programme), one) for one in queries.revisions(by=request.actor)
        ],
        "may_fund": access.allows(request.actor, actions.FUND, area=""),
    }
    return render(request, "payments/budgets.html", context)
