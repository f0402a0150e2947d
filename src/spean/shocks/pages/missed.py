"""A family that says a shock missed it asks, and is answered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.shocks import actions, queries
from spean.shocks.forms import AskForm
from spean.shocks.pages.events import answer_form, show_event


@require_http_methods(["GET", "POST"])
@access.declared(queries.ASK, purpose=Purpose.TARGETING)
def ask(request: WithActor, household_id: UUID) -> HttpResponse:
    """Take down that a family says it was missed."""
    on = timezone.localdate()
    listed = [(str(one.pk), str(one)) for one in queries.open_events(on)]
    form = AskForm(request.POST or None, events=listed)
    before = queries.asked_by(household_id, by=request.actor, on=on)
    back = reverse("registry:household", args=[household_id])
    if request.method == "POST" and form.carry_out(lambda: actions.ask(
        event_id=UUID(form.cleaned_data["event"]), household_id=household_id,
        says=form.cleaned_data["says"], by=request.actor, on=on,
    )):  # fmt: skip
        messages.success(request, _("It is on record. The office of the programme answers."))
        return redirect(back)
    context = {"form": form, "events": listed, "before": before, "back_url": back}
    return render(request, "shocks/ask.html", context, status=422 if form.errors else 200)


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.PAYMENT)
def answer(request: WithActor, missed_id: UUID) -> HttpResponse:
    """Answer a family that says it was missed."""
    said = request.POST.get("answer")
    event_id, form = queries.missed_for(missed_id).event_id, answer_form(missed_id, request.POST)
    if not form.carry_out(lambda: actions.answer(
        missed_id=missed_id, taken_in=said in ("take_in", "alone"), alone=said == "alone",
        reason=form.cleaned_data["reason"], by=request.actor, on=timezone.localdate(),
    )):  # fmt: skip
        found = queries.event(event_id, by=request.actor)
        return show_event(request, found, 422, answer=form)
    messages.success(request, _("It is on record."))
    return redirect("shocks:event", event_id)
