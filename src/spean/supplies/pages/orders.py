"""Orders: proposed with their reasons, approved or refused, sent."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access, formats
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.supplies import actions, queries
from spean.supplies.forms import Asked, QuantitiesForm, ReasonForm, SendForm
from spean.supplies.models import Order
from spean.supplies.pages.forms import asked
from spean.supplies.pages.stock import PAGE, READS


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def orders(request: WithActor) -> HttpResponse:
    """List what is on its way, then the orders, the newest first."""
    rows, following = page_of(
        queries.orders(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    context = {
        "rows": rows,
        "next_cursor": following,
        "shipments": queries.shipments(by=request.actor)[:100],
        "back_url": reverse("supplies:area"),
    }
    return render(request, "supplies/orders.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def propose(request: WithActor, code: str) -> HttpResponse:
    """Propose an order: the numbers propose, the facility may know better."""
    today = timezone.localdate()
    facility = queries.facility_for(code, by=request.actor, on=today, permission=queries.RECORD)
    lines = [
        Asked(one.item.code, str(one.item), _why(one), one.quantity)
        for one in queries.proposals(facility=facility, on=today)
    ]
    form = QuantitiesForm(request.POST or None, lines=lines)
    return asked(
        request, form,
        lambda: actions.propose_order(
            facility=code, quantities=form.quantities(), by=request.actor, on=today
        ),
        title=_("Propose an order"), caption=facility.name,
        back=reverse("supplies:facility", args=[code]),
        then=lambda made: reverse("supplies:order", args=[made.pk]),
    )  # fmt: skip


def _why(one: queries.Proposal) -> str:
    numbers, judged = one.supplied.numbers, one.supplied.judged
    if judged.monthly is None:
        return _("Consumption is not known: write what is needed. Here: %(here)s.") % {
            "here": formats.number(numbers.on_hand)
        }
    return _(
        "%(monthly)s a month × %(most)s months − %(here)s here − %(coming)s on the way, in packs "
        "of %(pack)s"
    ) % {
        "monthly": formats.number(judged.monthly, 1),
        "most": formats.number(one.supplied.bounds.most_months),
        "here": formats.number(numbers.on_hand), "coming": formats.number(numbers.on_the_way),
        "pack": formats.number(one.item.pack),
    }  # fmt: skip


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def order(request: WithActor, order_id: UUID) -> HttpResponse:
    """Show an order, and what may be done with it."""
    found = queries.order(order_id, by=request.actor)
    here = found.facility.place.code
    proposed = found.state == Order.State.PROPOSED
    may_approve = access.allows(request.actor, queries.APPROVE, area=here)
    context = {
        "order": found,
        "lines": found.lines.all(),
        "may_decide": proposed and may_approve and found.proposed_by != request.actor.name,
        "may_send": found.state == Order.State.APPROVED and may_approve,
        "senders": _senders(request, found) if found.state == Order.State.APPROVED else [],
        "shipment": getattr(found, "shipment", None),
        "back_url": reverse("supplies:orders"),
    }
    return render(request, "supplies/order.html", context)


def _senders(request: WithActor, found: Order) -> list[Any]:
    every = queries.facilities_for(
        by=request.actor, on=timezone.localdate(), permission=queries.RECORD
    )
    return [one for one in every if one.pk != found.facility_id]


def _lines(found: Order) -> list[Asked]:
    return [
        Asked(line.item.code, str(line.item), "",
              line.quantity if line.approved is None else line.approved)
        for line in found.lines.all() if line.approved != 0
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.APPROVE, purpose=Purpose.CARE)
def approve(request: WithActor, order_id: UUID) -> HttpResponse:
    """Approve an order, as proposed or changed."""
    found = queries.order(order_id, by=request.actor)
    form = QuantitiesForm(request.POST or None, lines=_lines(found))
    return asked(
        request, form,
        lambda: actions.approve_order(
            order_id=order_id, quantities=form.quantities(), by=request.actor,
            on=timezone.localdate(),
        ),
        title=_("Approve the order"), caption=found.facility.name,
        back=reverse("supplies:order", args=[order_id]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.APPROVE, purpose=Purpose.CARE)
def refuse(request: WithActor, order_id: UUID) -> HttpResponse:
    """Refuse an order."""
    found = queries.order(order_id, by=request.actor)
    form = ReasonForm(request.POST or None)
    return asked(
        request, form,
        lambda: actions.refuse_order(
            order_id=order_id, by=request.actor, on=timezone.localdate(), **form.cleaned_data
        ),
        title=_("Refuse the order"), caption=found.facility.name,
        back=reverse("supplies:order", args=[order_id]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def send(request: WithActor, order_id: UUID) -> HttpResponse:
    """Send what was approved: `?from=` names the facility that gives it, else a central store."""
    found = queries.order(order_id, by=request.actor)
    sender = request.GET.get("from", "")
    today = timezone.localdate()
    form = SendForm(request.POST or None, lines=_lines(found), batches=not sender,
                    initial={"day": today})  # fmt: skip
    if found.state != Order.State.APPROVED:
        return redirect("supplies:order", order_id)
    return asked(
        request, form,
        lambda: actions.send_shipment(
            to=found.facility.code, sender=sender, lines=form.lines(),
            day=form.cleaned_data["day"], order_id=order_id, by=request.actor, on=today,
        ),
        title=_("Send what was approved"), caption=found.facility.name,
        back=reverse("supplies:order", args=[order_id]),
        then=lambda made: reverse("supplies:shipment", args=[made.pk]),
    )  # fmt: skip
