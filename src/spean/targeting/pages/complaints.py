"""Complaints: received by anybody's hand, answered by another."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.registry import queries as registry
from spean.targeting import actions, forms, queries
from spean.targeting.models import ComplaintState

PAGE = 25
ANSWER = "targeting.resolve_complaint"


@require_GET
@access.declared("targeting.view_complaint", purpose=Purpose.TARGETING)
def complaints(request: WithActor) -> HttpResponse:
    """List the complaints of the actor's areas, newest first."""
    state = request.GET.get("state", "open")
    state = state if state in {"", *ComplaintState.values} else "open"
    found = queries.complaints(by=request.actor, state=state)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    context = {
        "complaints": rows,
        "state": state,
        "states": ComplaintState.choices,
        "today": timezone.localdate(),
        "may_receive": bool(access.areas(request.actor, "targeting.receive_complaint")),
        "next_cursor": following,
    }
    return render(request, "targeting/complaints.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("targeting.receive_complaint", purpose=Purpose.TARGETING)
def new_complaint(request: WithActor) -> HttpResponse:
    """Take a complaint, about a household (`?household=`) or about none."""
    household_id = _household_id(request.GET.get("household", ""))
    household = registry.household(household_id, by=request.actor) if household_id else None
    form = forms.ComplaintForm(
        request.POST or None,
        about_household=household is not None,
        by=request.actor,
        on=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            complaint = actions.lodge_complaint(
                household_id=household_id,
                **form.complaint(),
                by=request.actor,
                on=timezone.localdate(),
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The complaint is recorded."))
            return redirect("targeting:complaint", complaint.pk)
    members = registry.people_in([household_id]).get(household_id, []) if household_id else []
    context = {"form": form, "household": household, "members": members}
    return render(request, "targeting/new_complaint.html", context)


def _household_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


@require_http_methods(["GET", "POST"])
@access.declared("targeting.view_complaint", purpose=Purpose.TARGETING)
def complaint(request: WithActor, complaint_id: UUID) -> HttpResponse:
    """Show a complaint, and take its answer from whom may give it."""
    shown = queries.complaint(complaint_id, by=request.actor)
    area = shown.village.code
    if request.method == "POST":
        access.require(request.actor, ANSWER, area=area)
    open_to_me = access.allows(request.actor, ANSWER, area=area)
    form = None
    if request.method == "POST" or (open_to_me and shown.state == ComplaintState.OPEN):
        form = forms.AnswerForm(
            request.POST or None, initial={"version": shown.version}, complaint=shown
        )
    if form is not None and form.is_valid() and _answered(request, complaint_id, form):
        return redirect("targeting:complaint", complaint_id)
    context = {"complaint": shown, "form": form, "today": timezone.localdate()}
    return render(request, "targeting/complaint.html", context)


def _answered(request: WithActor, complaint_id: UUID, form: forms.AnswerForm) -> bool:
    try:
        actions.resolve_complaint(
            complaint_id=complaint_id,
            **form.cleaned_data,
            by=request.actor,
            on=timezone.localdate(),
        )
    except SpeanError as error:
        form.add_refusal(error)
        return False
    messages.success(request, _("The answer is recorded."))
    return True
