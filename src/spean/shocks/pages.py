"""Pages of shocks: those on record, one of them, a plan, a family that was missed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, runs
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.results.queries.words import VALUE_NAMES
from spean.shocks import actions, queries
from spean.shocks.forms import (
    MEASURES,
    AskForm,
    EventForm,
    MeasuresForm,
    PlacesForm,
    PlanForm,
    ReasonForm,
)
from spean.shocks.models import Event, Plan

MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 25
SHOWN = 60


@require_GET
@access.declared(queries.VIEW, purpose=MONEY)
def events(request: WithActor) -> HttpResponse:
    """List the shocks, the newest first."""
    rows, following = page_of(
        queries.events(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    context = {"rows": rows, "next_cursor": following, "may_manage": _may(request)}
    return render(request, "shocks/events.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def note(request: WithActor) -> HttpResponse:
    """Put a shock on record."""
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.note_event(
                kind=given["kind"], title=given["title"], since=given["since"],
                source=given["source"], measures=form.measures, by=request.actor,
            )  # fmt: skip
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return redirect("shocks:event", made.pk)
    context = {"form": form, "back_url": reverse("shocks:events")}
    return render(request, "shocks/note.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=MONEY)
def event(request: WithActor, event_id: UUID) -> HttpResponse:
    """Show a shock: where, how grave, whom it affects, what is planned."""
    return _event(request, queries.event(event_id, by=request.actor))


def _event(request: WithActor, found: Event, status: int = 200, **forms: SpeanForm) -> HttpResponse:
    on = timezone.localdate()
    codes = queries.places_of(found, on=on)
    grounds = queries.grounds(found, on=on)
    context = {
        "event": found,
        "places": locations.names(codes[:SHOWN], on=on),
        "more_places": max(len(codes) - SHOWN, 0),
        "affected": _affected(codes),
        "grounds": [(MEASURES[one.name], one) for one in grounds],
        "plans": found.plans.order_by("-id"),
        "missed": queries.missed(found, by=request.actor)[:SHOWN],
        "may_manage": _may(request),
        "form": next((form for form in forms.values() if form.errors), None),
        "places_form": forms.get("places") or PlacesForm(initial={"since": on}),
        "measures_form": forms.get("measures")
        or MeasuresForm(names=tuple(one.name for one in grounds), initial=found.measures),
        "plan_form": forms.get("plan") or PlanForm(initial={"start": on}),
        "reason_form": ReasonForm(),
        "back_url": reverse("shocks:events"),
    }
    return render(request, "shocks/event.html", context, status=status)


def _affected(codes: list[str]) -> list[tuple[str, int]] | str:
    """Give how many families of each level live there, or why that isn't known."""
    try:
        counts = queries.affected(codes)
    except SpeanError as error:
        return explain(error)
    return [(str(VALUE_NAMES["level"][level]), count) for level, count in counts.items()]


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def strike(request: WithActor, event_id: UUID) -> HttpResponse:
    """Add places, by their codes or by a drawn area."""
    form = PlacesForm(request.POST, request.FILES)

    def act() -> None:
        given = form.cleaned_data
        said = {"since": given["since"], "source": given["source"], "by": request.actor}
        if given["file"]:
            drawn = given["file"].read().decode("utf-8", errors="replace")
            actions.strike_drawn(event_id=event_id, drawn=drawn, **said)
        else:
            actions.strike(event_id=event_id, places=given["places"].split(), **said)

    return _do(request, event_id, "places", form, act)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def measure(request: WithActor, event_id: UUID) -> HttpResponse:
    """Note what was measured."""
    form = MeasuresForm(request.POST)
    return _do(request, event_id, "measures", form, lambda: actions.measure(
        event_id=event_id, measures=form.measures, by=request.actor
    ))  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def propose(request: WithActor, event_id: UUID) -> HttpResponse:
    """Propose the prepared plan."""
    form = PlanForm(request.POST)
    return _do(request, event_id, "plan", form, lambda: actions.propose_plan(
        event_id=event_id, start=form.cleaned_data["start"], by=request.actor,
        on=timezone.localdate(),
    ))  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def end(request: WithActor, event_id: UUID) -> HttpResponse:
    """Say that the shock is over."""
    actions.end_strike(event_id=event_id, on=timezone.localdate(), by=request.actor)
    messages.success(request, _("The shock is over."))
    return redirect("shocks:event", event_id)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def answer(request: WithActor, missed_id: UUID) -> HttpResponse:
    """Answer a family that says it was missed."""
    try:
        found = actions.answer(
            missed_id=missed_id, taken_in=request.POST.get("answer") == "take_in",
            reason=request.POST.get("reason", ""), by=request.actor, on=timezone.localdate(),
        )  # fmt: skip
    except (actions.NotWaiting, actions.ReasonMissing) as error:
        messages.error(request, explain(error))
        found = queries.missed_for(missed_id)
    return redirect("shocks:event", found.event_id)


def _do(
    request: WithActor, event_id: UUID, name: str, form: SpeanForm, act: Callable[[], Any]
) -> HttpResponse:
    """Carry out what a form of the event's page asks for; show the form again where refused."""
    if form.carry_out(act):
        messages.success(request, _("It is on record."))
        return redirect("shocks:event", event_id)
    return _event(request, queries.event(event_id, by=request.actor), 422, **{name: form})


@require_GET
@access.declared(queries.VIEW, purpose=MONEY)
def plan(request: WithActor, plan_id: UUID) -> HttpResponse:
    """Show a plan, to be approved by two."""
    return _plan(request, queries.plan(plan_id, by=request.actor))


def _plan(request: WithActor, found: Plan, refused: SpeanError | None = None) -> HttpResponse:
    done = runs.last_done("entitlements")
    waiting = found.state == Plan.State.PROPOSED
    mine = request.actor.name in (found.proposed_by, found.first_approved_by)
    form = ReasonForm({} if refused else None)
    if refused:
        form.errors.clear()
        form.add_refusal(refused)
    context = {
        "plan": found,
        "triggers": [(MEASURES[one["name"]], one) for one in found.triggers],
        "places": locations.names(found.places[:SHOWN], on=found.start),
        "more_places": max(len(found.places) - SHOWN, 0),
        "may_approve": waiting
        and not mine
        and access.allows(request.actor, actions.APPROVE, area=""),
        "may_refuse": waiting and access.allows(request.actor, actions.APPROVE, area=""),
        "worked_out": done is not None and done.result["on"] == found.start.isoformat(),
        "form": form,
        "back_url": reverse("shocks:event", args=[found.event_id]),
    }
    return render(request, "shocks/plan.html", context, status=refused.status if refused else 200)


@require_POST
@access.declared(actions.APPROVE, purpose=Purpose.PAYMENT)
def decide(request: WithActor, plan_id: UUID) -> HttpResponse:
    """Approve a plan, or refuse it with a reason."""
    try:
        if request.POST.get("decision") == "approve":
            actions.approve_plan(plan_id=plan_id, by=request.actor)
        else:
            reason = request.POST.get("reason", "")
            actions.refuse_plan(plan_id=plan_id, reason=reason, by=request.actor)
    except SpeanError as error:
        if error.status in (403, 404):
            raise
        return _plan(request, queries.plan(plan_id, by=request.actor), error)
    messages.success(request, _("Your decision is on record."))
    return redirect("shocks:plan", plan_id)


@require_http_methods(["GET", "POST"])
@access.declared(actions.ASK, purpose=Purpose.TARGETING)
def ask(request: WithActor, household_id: UUID) -> HttpResponse:
    """Take down that a family says it was missed."""
    listed = [(str(one.pk), str(one)) for one in queries.open_events()]
    form = AskForm(request.POST or None, events=listed)
    on = timezone.localdate()
    registry.household_as_of(household_id, by=request.actor, on=on)
    back = reverse("registry:household", args=[household_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(
                event_id=UUID(form.cleaned_data["event"]), household_id=household_id,
                says=form.cleaned_data["says"], by=request.actor, on=on,
            )  # fmt: skip
        except SpeanError as error:
            if error.status in (403, 404):
                raise
            form.add_refusal(error)
        else:
            messages.success(request, _("It is on record. The office of the programme answers."))
            return redirect(back)
    return render(request, "shocks/ask.html", {"form": form, "events": listed, "back_url": back})


def _may(request: WithActor) -> bool:
    return access.allows(request.actor, queries.MANAGE, area="")
