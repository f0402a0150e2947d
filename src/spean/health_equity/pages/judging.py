"""The rules judge the claims that wait: at once, or as long work that can be followed."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.health_equity import actions
from spean.health_equity.actions.judging import KIND
from spean.health_equity.forms.claims import JudgeForm
from spean.health_equity.models import Claim
from spean.health_equity.queries import claims as queries
from spean.health_equity.queries import facilities_for
from spean.kernel import access, runs
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import Conflict
from spean.kernel.formats import number
from spean.kernel.i18n import explain, explain_stored
from spean.kernel.models import LongRun

SHOWN = 5


@require_http_methods(["GET", "POST"])
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
def judge(request: WithActor) -> HttpResponse:
    """Let the rules judge the claims that wait, of a facility or of all."""
    by, today = request.actor, timezone.localdate()
    listed = facilities_for(queries.JUDGE, by=by, on=today)
    form = JudgeForm(request.POST or None, facilities=listed, today=today)
    done: list[Mapping[str, int] | LongRun] = []
    if request.method == "POST" and form.carry_out(
        lambda: done.append(actions.judge_waiting(asked=form.asked, by=by, on=today))
    ):
        if isinstance(done[0], LongRun):
            messages.success(request, _("These are many claims: they are judged as long work."))
            return redirect("health_equity:judge_claims")
        messages.success(request, _outcomes(done[0]) or _("No claim waited."))
        said = form.cleaned_data
        where = f"?facility={said['facility']}&month={said['month']}"
        return redirect(reverse("health_equity:claims") + where)
    context = _runs(request) | {"form": form, "back_url": reverse("health_equity:claims")}
    status = 422 if form.errors else 200
    return render(request, "health_equity/judge_claims.html", context, status=status)


@require_GET
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
def runs_shown(request: WithActor) -> HttpResponse:
    """Give the runs alone, which the page asks for again while one goes on."""
    return render(request, "health_equity/judging_runs.html", _runs(request))


def _runs(request: WithActor) -> dict[str, Any]:
    listed = list(runs.runs_of(KIND, by=request.actor)[:SHOWN])
    rows = [
        (run, explain_stored(run.error) if run.error else _outcomes(run.result)) for run in listed
    ]
    return {"runs": rows, "any_open": any(run.is_open for run in listed)}


def _outcomes(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{Claim.State(one).label} {number(n)}" for one, n in counted.items())


@require_POST
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
def cancel(request: WithActor, run_id: UUID) -> HttpResponse:
    """Stop a run at its next step: what is judged stays judged."""
    words = _("The work stops at its next step.")
    return _do(request, words, lambda: runs.cancel(run_id=run_id, by=request.actor))


@require_POST
@access.declared(queries.JUDGE, purpose=Purpose.PAYMENT)
def resume(request: WithActor, run_id: UUID) -> HttpResponse:
    """Let a run that stopped go on with the rest."""
    words = _("The work is in the queue.")
    return _do(request, words, lambda: runs.resume(run_id=run_id, by=request.actor))


def _do(request: WithActor, words: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except Conflict as error:
        messages.error(request, explain(error))
    return redirect("health_equity:judge_claims")
