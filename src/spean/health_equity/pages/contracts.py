"""Which facilities a scheme pays, and which are suspended."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spean.health_equity import actions, queries
from spean.health_equity.forms import ContractForm, EndForm, SuspensionForm
from spean.health_equity.models import SchemeName
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain
from spean.locations import queries as locations

MANAGE = "health_equity.manage_contracts"


@require_http_methods(["GET", "POST"])
@access.declared(MANAGE, purpose=Purpose.PAYMENT)
def contracts(request: WithActor) -> HttpResponse:
    """List the facilities with who pays them; make a contract, or suspend one."""
    today = timezone.localdate()
    choices = [(one.code, f"{one.code} {one.name}") for one in locations.facilities(today)]
    contract = ContractForm(
        request.POST if "act" in request.POST else None, facilities=choices, prefix=None,
        initial={"start": today},
    )  # fmt: skip
    suspension = SuspensionForm(
        request.POST if "reason" in request.POST else None, facilities=choices, auto_id="stop_%s",
        initial={"start": today},
    )  # fmt: skip
    if contract.carry_out(lambda: _make(request, actions.make_contract, contract.cleaned_data)) or (
        suspension.carry_out(
            lambda: _make(request, actions.suspend_facility, suspension.cleaned_data)
        )
    ):
        return redirect("health_equity:contracts")
    rows = [
        (facility, locations.level_of(facility),
         [(one, SchemeName(one.scheme).label) for one in held], stopped)
        for facility, held, stopped in queries.contracts(by=request.actor, on=today)
    ]  # fmt: skip
    context = {"rows": rows, "form": contract, "suspension": suspension}
    status = 422 if contract.errors or suspension.errors else 200
    return render(request, "health_equity/contracts.html", context, status=status)


def _make(request: WithActor, act: Callable[..., object], said: dict[str, Any]) -> None:
    act(**said, by=request.actor, on=timezone.localdate())
    messages.success(request, _("It is on record."))


@require_POST
@access.declared(MANAGE, purpose=Purpose.PAYMENT)
def end(request: WithActor, kind: str, row_id: UUID) -> HttpResponse:
    """Let a contract, or a suspension, hold no longer."""
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the day from which it holds no longer."))
        return redirect("health_equity:contracts")
    day = form.cleaned_data["end"]
    try:
        if kind == "contract":
            actions.end_contract(contract_id=row_id, end=day, by=request.actor)
        else:
            actions.end_suspension(suspension_id=row_id, end=day, by=request.actor)
    except SpeanError as error:
        if error.status == 403:
            raise
        messages.error(request, explain(error))
    return redirect("health_equity:contracts")
