"""Shipments: sent to another facility, shown, received whole or short."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.locations import queries as locations
from spean.supplies import actions, queries
from spean.supplies.forms import ReceiveForm, TransferForm
from spean.supplies.pages.forms import asked
from spean.supplies.pages.stock import READS


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def transfer(request: WithActor, code: str) -> HttpResponse:
    """Give an item to another facility; what expires first goes."""
    today = timezone.localdate()
    sender = queries.facility_for(code, by=request.actor, on=today, permission=queries.RECORD)
    rows = queries.supplied(facilities=[sender], on=today)
    form = TransferForm(
        request.POST or None, initial={"day": today, "item": request.GET.get("item", "")},
        items=[(one.item.code, str(one.item)) for one in rows if one.numbers.on_hand],
        facilities=[
            (one.code, one.name)
            for one in locations.facilities(today, area=sender.place.code[:2]) if one != sender
        ],
    )  # fmt: skip

    def send() -> object:
        given = form.cleaned_data
        lines = [actions.Sent(given["item"], given["quantity"])]
        return actions.send_shipment(
            to=given["to"], sender=code, lines=lines, day=given["day"], by=request.actor, on=today
        )

    return asked(
        request, form, send, title=_("Give to another facility"), caption=sender.name,
        back=reverse("supplies:facility", args=[code]),
    )  # fmt: skip


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def shipment(request: WithActor, shipment_id: UUID) -> HttpResponse:
    """Show a shipment."""
    found = queries.shipment(shipment_id, by=request.actor)
    may = access.allows(request.actor, queries.RECORD, area=found.to.place.code)
    context = {
        "shipment": found,
        "lines": found.lines.all(),
        "may_receive": may and found.received_on is None,
        "back_url": reverse("supplies:orders"),
    }
    return render(request, "supplies/shipment.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def receive(request: WithActor, shipment_id: UUID) -> HttpResponse:
    """Write down what came."""
    found = queries.shipment(shipment_id, by=request.actor)
    today = timezone.localdate()
    form = ReceiveForm(request.POST or None, lines=list(found.lines.all()), initial={"day": today})
    return asked(
        request, form,
        lambda: actions.receive_shipment(
            shipment_id=shipment_id, came=form.came(), day=form.cleaned_data["day"],
            by=request.actor, on=today,
        ),
        title=_("Receive the shipment"), caption=found.to.name,
        back=reverse("supplies:shipment", args=[shipment_id]),
    )  # fmt: skip
