"""One page for each step: what is known above, the form below."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import N_, SpeanError
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting import actions, forms, queries
from spean.targeting.forms.steps import StepForm, step_data
from spean.targeting.models import Assessment
from spean.targeting.pages.lists import case_context

Act = Callable[..., Assessment]
ON_DISPLAY = N_(
    "Save when the list hangs in the village. From then on people can object; when the days of "
    "display are over the commune council can decide."
)
both = require_http_methods(["GET", "POST"])


def _take(
    request: WithActor,
    assessment_id: UUID,
    act: Act,
    heading: str,
    make: Callable[..., StepForm],
    advice: str = "",
) -> HttpResponse:
    """Show a step's form for a case, and take the step when it is sent."""
    case = queries.assessment(assessment_id, by=request.actor)
    form = make(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        try:
            act(
                assessment_id=assessment_id,
                **step_data(form),
                by=request.actor,
                on=timezone.localdate(),
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("targeting:assessment", assessment_id)
    context: dict[str, Any] = case_context(case, request.actor)
    context |= {"form": form, "heading": _(heading), "advice": _(advice) if advice else ""}
    return render(request, "targeting/step.html", context)


@both
@access.declared("targeting.interview", purpose=Purpose.TARGETING)
def interview(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Record the interview; it is scored at once."""
    card = queries.scorecard(on=timezone.localdate())

    def make(*args: Any, **kwargs: Any) -> StepForm:
        return forms.InterviewForm(*args, scorecard=card, **kwargs)

    return _take(request, assessment_id, actions.record_interview, N_("Interview"), make)


@both
@access.declared("targeting.refuse", purpose=Purpose.TARGETING)
def refuse(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Refuse to take a request up."""
    heading = N_("Refuse the request")
    return _take(request, assessment_id, actions.refuse_request, heading, forms.RefusalForm)


@both
@access.declared("targeting.request", purpose=Purpose.TARGETING)
def withdraw(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Close a case that the household no longer wants."""
    heading = N_("The household withdraws")
    return _take(request, assessment_id, actions.withdraw_request, heading, forms.WithdrawalForm)


@both
@access.declared("targeting.review_in_village", purpose=Purpose.TARGETING)
def review(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Record what the village representatives say."""
    heading = N_("Review in the village")
    return _take(request, assessment_id, actions.review_in_village, heading, forms.ReviewForm)


@both
@access.declared("targeting.display", purpose=Purpose.TARGETING)
def display(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Say that the result is on the list in the village."""
    heading = N_("Put on display")
    return _take(
        request, assessment_id, actions.put_on_display, heading, forms.DisplayForm, ON_DISPLAY
    )


@both
@access.declared("targeting.decide", purpose=Purpose.TARGETING)
def decide(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Record the council's decision."""
    heading = N_("Decision of the commune council")
    return _take(request, assessment_id, actions.decide, heading, forms.DecisionForm)


@both
@access.declared("targeting.check", purpose=Purpose.TARGETING)
def check(request: WithActor, assessment_id: UUID) -> HttpResponse:
    """Confirm the council's decision, or send it back."""
    heading = N_("Check by the district")
    return _take(request, assessment_id, actions.check, heading, forms.CheckForm)


@both
@access.declared("targeting.request", purpose=Purpose.TARGETING)
def request_assessment(request: WithActor, household_id: UUID) -> HttpResponse:
    """Take a household's request."""
    return _open(
        request,
        household_id,
        forms.RequestForm(request.POST or None),
        actions.request_assessment,
        N_("Ask for an assessment"),
    )


@both
@access.declared("targeting.check", purpose=Purpose.TARGETING)
def reinterview(request: WithActor, household_id: UUID) -> HttpResponse:
    """Have a household interviewed anew."""
    return _open(
        request,
        household_id,
        forms.ReinterviewForm(request.POST or None),
        actions.order_reinterview,
        N_("Order a new interview"),
    )


def _open(
    request: WithActor, household_id: UUID, form: Any, act: Act, heading: str
) -> HttpResponse:
    household = registry.household(household_id, by=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            case = act(
                household_id=household_id,
                **form.cleaned_data,
                by=request.actor,
                on=timezone.localdate(),
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("targeting:assessment", case.pk)
    members = registry.people_in([household_id]).get(household_id, [])
    context = {
        "household": household,
        "place": locations.path(household.village.code, on=timezone.localdate()),
        "members": members,
        "form": form,
        "heading": _(heading),
    }
    return render(request, "targeting/open.html", context)
