"""A plan against a shock: shown, approved by two, added to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.forms import SpeanForm
from spean.locations import queries as locations
from spean.programmes.queries import is_worked_out
from spean.programmes.queries.words import programme_name
from spean.shocks import actions, queries
from spean.shocks.forms import MEASURES, ReasonForm
from spean.shocks.models import Plan
from spean.shocks.pages.events import MONEY, SHOWN


@require_GET
@access.declared(queries.VIEW, purpose=MONEY)
def plan(request: WithActor, plan_id: UUID) -> HttpResponse:
    """Show a plan, to be approved by two."""
    return _plan(request, queries.plan(plan_id, by=request.actor))


def _plan(request: WithActor, found: Plan, refused: SpeanForm | None = None) -> HttpResponse:
    waiting = found.state == Plan.State.PROPOSED
    mine = request.actor.name in (found.proposed_by, found.first_approved_by)
    context = {
        "plan": found,
        "triggers": [(MEASURES[one["name"]], one) for one in found.triggers],
        "programmes": [programme_name(code) for code in found.programmes],
        "may_add": found.state == Plan.State.APPROVED
        and not found.adds_to_id
        and access.allows(request.actor, queries.MANAGE, area=""),
        "missing": queries.missing_from(found, on=timezone.localdate()),
        "places": locations.names(found.places[:SHOWN], on=found.start),
        "more_places": max(len(found.places) - SHOWN, 0),
        "may_approve": waiting
        and not mine
        and access.allows(request.actor, queries.APPROVE, area=""),
        "may_refuse": waiting and access.allows(request.actor, queries.APPROVE, area=""),
        "worked_out": found.state == Plan.State.APPROVED and is_worked_out(found.start),
        "form": refused,
        "reason_form": refused if isinstance(refused, ReasonForm) else ReasonForm(),
        "back_url": reverse("shocks:event", args=[found.event_id]),
    }
    return render(request, "shocks/plan.html", context, status=422 if refused else 200)


@require_POST
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
def decide(request: WithActor, plan_id: UUID) -> HttpResponse:
    """Approve a plan, or refuse it with a reason."""
    approves = request.POST.get("decision") == "approve"
    form = SpeanForm({}) if approves else ReasonForm(request.POST)

    def act() -> None:
        if approves:
            actions.approve_plan(plan_id=plan_id, by=request.actor)
        else:
            reason = form.cleaned_data["reason"]
            actions.refuse_plan(plan_id=plan_id, reason=reason, by=request.actor)

    if not form.carry_out(act):
        return _plan(request, queries.plan(plan_id, by=request.actor), form)
    messages.success(request, _("Your decision is on record."))
    return redirect("shocks:plan", plan_id)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def add(request: WithActor, plan_id: UUID) -> HttpResponse:
    """Propose to add to a plan whom the shock struck besides."""
    form, made = SpeanForm({}), list[Plan]()
    if not form.carry_out(lambda: made.append(
        actions.propose_addition(plan_id=plan_id, by=request.actor, on=timezone.localdate())
    )):  # fmt: skip
        return _plan(request, queries.plan(plan_id, by=request.actor), form)
    return redirect("shocks:plan", made[0].pk)
