"""Pages of the ledger: its entries, and one payment followed to the family and back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.payments import queries
from spean.payments.models import Order
from spean.payments.queries import ACCOUNTS, EFFECTS, ENTRIES, STATES, VIEW, programme_name

MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 25
CHANNELS = {channel.value: channel.label for channel in Order.Channel}


@require_GET
@access.declared(VIEW, purpose=MONEY)
def ledger(request: WithActor) -> HttpResponse:
    """List the entries of the ledger, the newest first, with what each added to which account."""
    listed = queries.entries(by=request.actor)
    rows, following = page_of(listed, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    sums = queries.sums(rows)
    context = {
        "rows": [
            (row, ENTRIES[row.kind], [_line(*one) for one in sums.get(row.pk, ())]) for row in rows
        ],
        "next_cursor": following,
        "back_url": reverse("payments:budgets"),
    }
    return render(request, "payments/ledger.html", context)


def _line(code: str, amount: object) -> tuple[str, str, object]:
    kind, *of = code.split(":")
    words = [str(CHANNELS.get(one) or programme_name(one)) for one in of]
    return ACCOUNTS[kind], ", ".join(words), amount


@require_GET
@access.declared(queries.VIEW_PAYEES, purpose=MONEY)
def trace(request: WithActor, reference: str) -> HttpResponse:
    """Follow one payment from the budget to the family, and back."""
    found = queries.trace(reference, by=request.actor)
    context = {
        "found": found,
        "state": STATES[found.payment.state],
        "order": [(entry, ENTRIES[entry.kind]) for entry in found.order],
        "answers": [(answer, EFFECTS[answer.effect]) for answer in found.answers],
        "moved": [(entry, ENTRIES[entry.kind], amount) for entry, amount in found.moved],
        "others": [(other, STATES[other.state]) for other in found.others],
        "back_url": reverse("payments:order_payments", args=[found.payment.order_id]),
    }
    return render(request, "payments/trace.html", context)
