"""Pages of a pay point: where families are paid in cash, lists to print, signed lists taken in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound
from spean.locations import queries as locations
from spean.payments import actions, queries
from spean.payments.forms import SignedForm
from spean.payments.queries import RELEASE, VILLAGE, PayDocument


@require_GET
@access.declared(RELEASE, purpose=Purpose.PAYMENT)
def places(request: WithActor, order_id: UUID) -> HttpResponse:
    """Show where an order's families are paid, place below place, and what to print there."""
    order, area = queries.pay_order(order_id, by=request.actor), _area(request)
    if len(area) >= VILLAGE:
        return redirect("payments:pay_list", order_id, area)
    context = {
        "order": order,
        "area": area,
        "place": locations.names([area], on=timezone.localdate())[0][1],
        "rows": queries.pay_places(order, area, on=timezone.localdate()),
        "may_print": len(area) == VILLAGE - 2,
        "back_url": reverse("payments:order", args=[order_id]),
    }
    return render(request, "payments/pay_places.html", context)


def _area(request: WithActor) -> str:
    area = request.GET.get("area", "")
    if area and not (area.isdecimal() and area.isascii() and len(area) in (2, 4, 6, 8)):
        raise NotFound
    return area


@require_GET
@access.declared(RELEASE, purpose=Purpose.PAYMENT)
def document(request: WithActor, order_id: UUID) -> HttpResponse:
    """Print the list to sign, or the vouchers, of a commune or a village."""
    kind = request.GET.get("kind", PayDocument.LIST)
    if kind not in list(PayDocument):
        raise NotFound
    order, area = queries.pay_order(order_id, by=request.actor), _area(request)
    pdf = queries.pay_document(
        PayDocument(kind), order, area, by=request.actor, on=timezone.localdate()
    )
    return HttpResponse(pdf, content_type="application/pdf", headers={
        "Content-Disposition": f'inline; filename="{order.number}-{area}-{kind}.pdf"',
        "Cache-Control": "no-store",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RELEASE, purpose=Purpose.PAYMENT)
def village(request: WithActor, order_id: UUID, village: str) -> HttpResponse:
    """Show who is to be paid in a village, and take its signed list in."""
    order = queries.pay_order(order_id, by=request.actor)
    form = SignedForm(
        request.POST or None, listed=queries.to_sign(order, village, by=request.actor),
        initial={"paid_on": timezone.localdate()},
    )  # fmt: skip
    if request.method == "POST" and form.carry_out(lambda: _take(request, order_id, village, form)):
        messages.success(request, _("The signed list is taken in."))
        return redirect("payments:pay_list", order_id, village)
    context = {
        "order": order,
        "village": village,
        "place": locations.names([village], on=timezone.localdate())[0][1],
        "form": form,
        "back_url": f"{reverse('payments:pay_places', args=[order_id])}?area={village[:6]}",
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "payments/pay_list.html", context, status=status)


def _take(request: WithActor, order_id: UUID, village: str, form: SignedForm) -> None:
    said = form.cleaned_data
    actions.take_signed_list(
        order_id=order_id, village=village, by=request.actor, on=timezone.localdate(),
        signed=form.signed,
        others_did_not_come=said["others"] == "not_come", paid_by=said["paid_by"],
        paid_on=said["paid_on"],
    )  # fmt: skip
