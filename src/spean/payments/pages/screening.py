"""Pages of the lists of names to whom nothing may be paid, and of payees like them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.payments import actions, queries
from spean.payments.forms import ListForm
from spean.payments.pages.orders import hit_form, show_order

MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


@require_http_methods(["GET", "POST"])
@access.declared(queries.VIEW, purpose=MONEY)
def name_lists(request: WithActor) -> HttpResponse:
    """Show the lists in use; take one in, in place of the one of its code."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.load_list(**form.cleaned_data, by=request.actor)
        except SpeanError as error:
            if error.status == 403:
                raise
            form.add_refusal(error)
        else:
            messages.success(request, _("The list is in use."))
            return redirect("payments:name_lists")
    context = {
        "rows": queries.name_lists(by=request.actor),
        "form": form,
        "may_load": access.allows(request.actor, queries.LISTS, area=""),
    }
    return render(request, "payments/name_lists.html", context)


@require_POST
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
def decide_hit(request: WithActor, hit_id: int) -> HttpResponse:
    """Decide whether a payee is the person on the list."""
    order, form = queries.hit_for(hit_id).payment.order_id, hit_form(hit_id, request.POST)
    if not form.carry_out(lambda: actions.decide_hit(
        hit_id=hit_id, same_person=request.POST.get("decision") == "same",
        grounds=form.cleaned_data["grounds"], by=request.actor,
    )):  # fmt: skip
        return show_order(request, queries.order(order, by=request.actor), form, 422)
    messages.success(request, _("Your decision is on record."))
    return redirect("payments:order", order)
