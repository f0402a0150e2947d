"""The cycles in which families are paid."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, charts
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.formats import number, riel
from spean.kernel.forms import SpeanForm
from spean.payments import queries as payments
from spean.programmes import actions, queries
from spean.programmes.forms import CorrectionForm, CycleForm, DecisionForm, OrderForm
from spean.programmes.models import Cycle
from spean.programmes.queries.words import SOON, programme_name

MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 25


@require_GET
@access.declared("programmes.view_cycles", purpose=MONEY)
def cycles(request: WithActor) -> HttpResponse:
    """List the payment cycles, the newest first."""
    rows, following = page_of(
        queries.cycles(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    context = {
        "rows": [(row, programme_name(row.programme)) for row in rows],
        "next_cursor": following,
        "may_open": access.allows(request.actor, "programmes.open_cycle", area=""),
    }
    return render(request, "programmes/cycles.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("programmes.open_cycle", purpose=Purpose.PAYMENT)
def open_cycle(request: WithActor) -> HttpResponse:
    """Freeze what a programme owes for some days."""
    on, codes = queries.can_open(timezone.localdate())
    choices = [(code, programme_name(code)) for code in codes]
    form = CycleForm(request.POST or None, programmes=choices, initial={"start": on})
    made: list[Cycle] = []
    if request.method == "POST" and form.carry_out(lambda: made.append(actions.open_cycle(
        programme=form.cleaned_data["programme"], start=form.cleaned_data["start"],
        end=form.cleaned_data["last_day"] + timedelta(days=1), by=request.actor,
        on=timezone.localdate(),
    ))):  # fmt: skip
        messages.success(request, _("The cycle is open."))
        return redirect("programmes:cycle", made[0].pk)
    context = {"form": form, "programmes": choices, "on": date.fromisoformat(on) if on else None}
    status = 422 if form.errors else 200
    return render(request, "programmes/open_cycle.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.declared("programmes.view_cycles", purpose=MONEY)
def cycle(request: WithActor, cycle_id: UUID) -> HttpResponse:
    """Show a cycle's life on one page; order its payments."""
    found = queries.cycle(cycle_id, by=request.actor)
    form = OrderForm(request.POST or None)
    made: list[UUID] = []
    if request.method == "POST" and form.carry_out(lambda: made.append(actions.order_cycle(
        cycle_id=cycle_id, **form.cleaned_data, by=request.actor, on=timezone.localdate()
    ))):  # fmt: skip
        return redirect("payments:order", made[0])
    return _cycle(request, found, order=form)


def _cycle(request: WithActor, found: Cycle, **forms: SpeanForm) -> HttpResponse:
    """Show a cycle, with the form that was filled in, if one was."""
    refused = next((form for form in forms.values() if form.errors), None)
    shown = {
        "order": OrderForm(), "correction": CorrectionForm(), "decision": DecisionForm(),
    } | forms  # fmt: skip
    context = _life(found, by=request.actor) | {
        "form": refused, **{f"{name}_form": form for name, form in shown.items()},
    }  # fmt: skip
    return render(request, "programmes/cycle.html", context, status=422 if refused else 200)


def _life(found: Cycle, *, by: access.Actor) -> dict[str, Any]:
    """Give a cycle's life: what it owes, its orders, how long families waited, what waits."""
    orders = queries.orders_of(found, by=by)
    return {
        "cycle": found,
        "name": programme_name(found.programme),
        "last_day": found.end - timedelta(days=1) if found.end else None,
        "left": queries.not_ordered(found, orders),
        "orders": [
            (order, [(one, payments.STATES[one.state]) for one in became])
            for order, became in orders
        ],
        "soon": _soon(found),
        "waiting": _waiting(found, by=by),
        "may_correct": access.allows(by, queries.CORRECT_ALL, area=""),
        "may_order": access.allows(by, "payments.prepare", area=""),
        "back_url": reverse("programmes:cycles"),
    }


def _waiting(found: Cycle, *, by: access.Actor) -> int:
    """Count the overpayments about which this actor may decide."""
    may = access.allows(by, queries.DECIDE, area="")
    return queries.waiting_corrections(found, by=by).count() if may else 0


@require_POST
@access.declared(queries.CORRECT_ALL, purpose=Purpose.PAYMENT)
def correct(request: WithActor, cycle_id: UUID) -> HttpResponse:
    """Work a whole cycle out anew."""
    form = CorrectionForm(request.POST)

    def act() -> None:
        found = actions.correct_cycle(
            cycle_id=cycle_id, reason=form.cleaned_data["reason"], by=request.actor,
            on=timezone.localdate(),
        )  # fmt: skip
        messages.success(request, _corrected(found))

    if form.carry_out(act):
        return redirect("programmes:cycle", cycle_id)
    return _cycle(request, queries.cycle(cycle_id, by=request.actor), correction=form)


def _corrected(found: actions.Mended) -> str:
    """Say how much too little and too much a cycle owed, and what comes of it."""
    little = ngettext("Too little: %(n)s family, %(riel)s, paid in the next cycle.",
                      "Too little: %(n)s families, %(riel)s, paid in the next cycle.",
                      found.too_little)  # fmt: skip
    much = ngettext("Too much: %(n)s family, %(riel)s, about which an approver decides.",
                    "Too much: %(n)s families, %(riel)s, about which an approver decides.",
                    found.too_much)  # fmt: skip
    return " ".join([
        little % {"n": number(found.too_little), "riel": riel(found.arrears)},
        much % {"n": number(found.too_much), "riel": riel(found.overpaid)},
    ])  # fmt: skip


@require_POST
@access.declared(queries.DECIDE, purpose=Purpose.PAYMENT)
def decide(request: WithActor, cycle_id: UUID) -> HttpResponse:
    """Decide about all that a cycle owed too much."""
    form = DecisionForm(request.POST)

    def act() -> None:
        decided = actions.decide_corrections(
            cycle_id=cycle_id, take_back=request.POST.get("decision") == "take_back",
            grounds=form.cleaned_data["grounds"], by=request.actor, on=timezone.localdate(),
        )  # fmt: skip
        said = ngettext("Your decision about %(n)s family is on record.",
                        "Your decision about %(n)s families is on record.", decided)  # fmt: skip
        messages.success(request, said % {"n": number(decided)})

    if form.carry_out(act):
        return redirect("programmes:cycle", cycle_id)
    return _cycle(request, queries.cycle(cycle_id, by=request.actor), decision=form)


def _soon(found: Cycle) -> str:
    """Draw how long a cycle's families waited."""
    rows = [(str(SOON[soon]), count) for soon, count in queries.time_to_pay(found).items()]
    return charts.bar_by_place(rows, title=_("How long families waited"))
