"""What is done about a referral: a step, a vehicle, feedback, onward, back."""

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
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.form_page import answer
from spean.referrals import actions, queries
from spean.referrals.forms import FeedbackForm, NeedForm, StepForm, TripForm
from spean.referrals.forms.base import MomentForm
from spean.referrals.models import Referral, StepName
from spean.referrals.pages.referrals import address
from spean.referrals.queries import AGAINST, Proposed
from spean.referrals.rules import MOVING, Step


@require_http_methods(["GET", "POST"])
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def step(request: WithActor, referral_id: UUID, kind: str) -> HttpResponse:
    """Record a step."""
    found = queries.referral_for(referral_id)
    if kind not in StepName.values:
        raise NotFound
    if not actions.may_take(found, Step(kind), by=request.actor):
        raise NotAllowed(permission=queries.RECEIVE, area=found.to_area)
    now = timezone.now()
    form = StepForm(request.POST or None, step=Step(kind), trip=found.state in MOVING, now=now)
    return answer(
        request, form,
        lambda: actions.take_step(
            referral_id=referral_id, step=kind, **form.step(), by=request.actor, now=now
        ),
        title=str(StepName(kind).label), done=_("It is recorded."),
        then=lambda made: address(made.pk), caption=f"{found.number}, {found.person}",
        back_url=address(referral_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def dispatch(request: WithActor, referral_id: UUID) -> HttpResponse:
    """Choose the vehicle; those that can't go say why."""
    now, found = timezone.now(), queries.referral_for(referral_id)
    proposed = queries.could_go(referral_id, by=request.actor, on=queries.day_of(now))
    form = MomentForm(request.POST or None, now=now)
    if request.method == "POST" and form.carry_out(lambda: _send(request, referral_id, form)):
        messages.success(request, _("The vehicle is sent."))
        return redirect("referrals:referral", referral_id)
    context = {
        "referral": found,
        "form": form,
        "fit": [one for one in proposed if one.proposal.fits],
        "others": [(one, _against(one)) for one in proposed if not one.proposal.fits],
        "back_url": address(referral_id),
    }
    status = 422 if form.errors else 200
    return render(request, "referrals/dispatch.html", context, status=status)


def _send(request: WithActor, referral_id: UUID, form: MomentForm) -> None:
    try:
        vehicle = UUID(request.POST.get("vehicle", ""))
    except ValueError as error:
        raise NotFound from error
    actions.dispatch(
        referral_id=referral_id, vehicle_id=vehicle, at=form.moment(), by=request.actor,
        now=timezone.now(),
    )  # fmt: skip


def _against(one: Proposed) -> list[object]:
    return [AGAINST[test.name] for test in one.proposal.criteria if not test.held]


@require_http_methods(["GET", "POST"])
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def measure(request: WithActor, referral_id: UUID, trip_id: UUID) -> HttpResponse:
    """Write down the km of a trip that could not be worked out."""
    found = queries.referral_for(referral_id)
    queries.require_either(found, queries.DISPATCH, by=request.actor)
    form = TripForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.measure_trip(trip_id=trip_id, **form.cleaned_data, by=request.actor),
        title=_("Kilometres of the trip"), done=_("It is recorded."),
        then=lambda made: address(made.referral_id), caption=found.number,
        back_url=address(referral_id),
    )  # fmt: skip


def _received(request: WithActor, referral_id: UUID) -> Referral:
    found = queries.referral_for(referral_id)
    access.require(request.actor, queries.RECEIVE, area=found.to_area)
    return found


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECEIVE, purpose=Purpose.CARE)
def feedback(request: WithActor, referral_id: UUID) -> HttpResponse:
    """Tell who sent the patient."""
    found = _received(request, referral_id)
    form = FeedbackForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.give_feedback(
            referral_id=referral_id, told=form.told(), by=request.actor, now=timezone.now()
        ),
        title=_("Feedback to who sent the patient"), done=_("The feedback is sent."),
        then=lambda made: address(made.referral_id), caption=f"{found.number}, {found.person}",
        back_url=address(referral_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECEIVE, purpose=Purpose.CARE)
def onward(request: WithActor, referral_id: UUID, direction: str) -> HttpResponse:
    """Refer a patient who has arrived onward to another facility, or send them back home."""
    found, now = _received(request, referral_id), timezone.now()
    facilities = queries.facilities_to(on=queries.day_of(now), but=found.to_facility)
    known = {"urgency": "planned" if direction == "back" else found.urgency,
             "reasons": [] if direction == "back" else found.reasons}  # fmt: skip
    form = NeedForm(request.POST or None, facilities=facilities, now=now, initial=known)
    return answer(
        request, form,
        lambda: actions.send_on(
            referral_id=referral_id, direction=direction,
            to_facility=form.cleaned_data["to_facility"], need=form.need(),
            at=form.moment(), by=request.actor, now=now,
        ),
        title=_("Send back home") if direction == "back" else _("Refer onward"),
        done=_("The referral is recorded."), then=lambda made: address(made.pk),
        caption=f"{found.number}, {found.person}", back_url=address(referral_id),
    )  # fmt: skip
