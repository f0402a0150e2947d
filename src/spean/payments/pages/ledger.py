"""Budgets, the ledger's entries, and one payment followed to the family and back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.formats import riel
from spean.kernel.ids import new_id
from spean.kernel.money import Money
from spean.payments import actions, queries
from spean.payments.forms import RevisionForm
from spean.payments.models import Order
from spean.payments.queries import (
    ACCOUNTS,
    EFFECTS,
    ENTRIES,
    STATES,
    VIEW,
    funder_name,
    programme_name,
    reason_words,
)
from spean.payments.rules import AccountKind

MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 25
CHANNELS = {channel.value: channel.label for channel in Order.Channel}


@require_http_methods(["GET", "POST"])
@access.declared(VIEW, purpose=MONEY)
def budgets(request: WithActor) -> HttpResponse:
    """Show where each programme's money is, and its revisions; revise a budget."""
    form = RevisionForm(request.POST or None, initial={"key": str(new_id())})
    if request.method == "POST" and form.carry_out(lambda: _revise(request, form)):
        return redirect("payments:budgets")
    context = {
        "form": form,
        "rows": [(programme_name(one.programme), one) for one in queries.budgets(by=request.actor)],
        "revisions": [
            (programme_name(one.programme), funder_name(one.funder), one)
            for one in queries.revisions(by=request.actor)
        ],
        "may_fund": access.allows(request.actor, actions.FUND, area=""),
    }
    return render(request, "payments/budgets.html", context)


def _revise(request: WithActor, form: RevisionForm) -> None:
    given = dict(form.cleaned_data)
    revise = actions.appropriate if given.pop("way") == "gives" else actions.withdraw
    given["amount"] = Money.parse(given["amount"]).amount
    revise(**given, by=request.actor, on=timezone.localdate())
    said = _("The budget of %(programme)s is revised by %(amount)s.") % {
        "programme": programme_name(given["programme"]), "amount": riel(given["amount"]),
    }  # fmt: skip
    messages.success(request, said)


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
    named = funder_name if kind == AccountKind.FUNDER else programme_name
    words = [str(CHANNELS.get(one) or named(one)) for one in of]
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
        "answers": [
            (answer, EFFECTS[answer.effect], reason_words(answer.reason))
            for answer in found.answers
        ],
        "moved": [(entry, ENTRIES[entry.kind], amount) for entry, amount in found.moved],
        "others": [(other, STATES[other.state]) for other in found.others],
        "back_url": reverse("payments:order_payments", args=[found.payment.order_id]),
    }
    return render(request, "payments/trace.html", context)
