"""Pages of wallets: the provider is asked whose they are, doubts decided, numbers corrected."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.formats import number
from spean.kernel.spreadsheets import CSV_TYPE
from spean.locations import queries as locations
from spean.payments import actions, queries
from spean.payments.forms import HoldersForm
from spean.payments.pages.orders import doubt_form, show_order


@require_http_methods(["GET", "POST"])
@access.declared(queries.RELEASE, purpose=Purpose.PAYMENT)
def holders(request: WithActor, order_id: UUID) -> HttpResponse:
    """Take in whose the wallets of an order are, as the provider says."""
    found = queries.order_to_enquire(queries.order(order_id, by=request.actor))
    form = HoldersForm(request.POST or None, request.FILES or None)
    held: list[int] = []
    if request.method == "POST" and form.carry_out(lambda: held.append(
        actions.take_in_holders(order_id=order_id, by=request.actor, **form.cleaned_data)
    )):  # fmt: skip
        said = ngettext("%(n)s wallet is held back.", "%(n)s wallets are held back.", held[0])
        messages.success(request, said % {"n": number(held[0])})
        return redirect("payments:order", order_id)
    context = {"order": found, "form": form, "back_url": reverse("payments:order", args=[order_id])}
    return render(request, "payments/holders.html", context, status=422 if form.errors else 200)


@require_GET
@access.declared(queries.RELEASE, purpose=Purpose.PAYMENT)
def enquiry(request: WithActor, order_id: UUID) -> StreamingHttpResponse:
    """Give the file by which the provider is asked."""
    found, pieces = queries.enquiry_file(order_id, by=request.actor)
    answer = StreamingHttpResponse(pieces, content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{found.number}-wallets.csv"'
    return answer


@require_POST
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
def clear_wallet(request: WithActor, doubt_id: int) -> HttpResponse:
    """Decide that a wallet in another name is the family's."""
    order, form = queries.doubt_for(doubt_id).payment.order_id, doubt_form(doubt_id, request.POST)
    if not form.carry_out(lambda: actions.clear_wallet(
        doubt_id=doubt_id, grounds=form.cleaned_data["grounds"], by=request.actor
    )):  # fmt: skip
        return show_order(request, queries.order(order, by=request.actor), form, 422)
    messages.success(request, _("Your decision is on record."))
    return redirect("payments:order", order)


@require_GET
@access.declared(queries.CORRECT_WALLETS, purpose=Purpose.REGISTRATION)
def to_correct(request: WithActor) -> HttpResponse:
    """List the families of the area whose money waits because their wallet is not in their name."""
    on = timezone.localdate()
    rows = queries.wallets_to_correct(by=request.actor, on=on)
    places = dict(locations.names({one.payment.village for one in rows}, on=on))
    context: dict[str, Any] = {"rows": [(one, places[one.payment.village]) for one in rows]}
    return render(request, "payments/wallets_to_correct.html", context)
