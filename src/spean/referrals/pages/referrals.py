"""The referrals that are open, the latest first; one on a page; asking for one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, navigation
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.form_page import answer
from spean.kernel.way_charts import Span, spans
from spean.referrals import actions, queries
from spean.referrals.forms import RequestForm
from spean.referrals.models import Feedback, Reason, Referral, StepName, WayName
from spean.referrals.queries import DELAY_OF, LEGS, WAITS_FOR, Shown
from spean.referrals.rules import ENDS, State, Step, moments_of, steps_from
from spean.registry import queries as registry

PAGE = 25


def address(referral_id: UUID) -> str:
    """Give the address of a referral's page."""
    return reverse("referrals:referral", args=[referral_id])


@require_GET
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def referrals(request: WithActor) -> HttpResponse:
    """List what is open, the latest first, then everything, newest first."""
    cursor = request.GET.get("cursor")
    rows, following = page_of(
        queries.referrals(by=request.actor), cursor=cursor, limit=PAGE, key="-id"
    )
    opened = [] if cursor else queries.open_by_lateness(by=request.actor, now=timezone.now())
    context = {
        "open": [(one.referral, one.waits, _waits_for(one)) for one in opened],
        "first": not cursor,
        "rows": rows,
        "next_cursor": following,
    }
    return render(request, "referrals/referrals.html", context)


def _waits_for(one: Shown) -> object:
    return WAITS_FOR[one.waits.leg] if one.waits else ""


@require_GET
@access.declared(queries.VIEW, purpose=Purpose.CARE)
def referral(request: WithActor, referral_id: UUID) -> HttpResponse:
    """Show a referral: where it stands, its way as a drawing and step by step, trips, feedback."""
    found = queries.referral(referral_id, by=request.actor, now=timezone.now())
    one, by = found.referral, request.actor
    told = list(one.feedback.all())
    sender = access.allows(by, queries.REQUEST, area=one.from_area)
    context = {
        "referral": one,
        "waits": found.waits,
        "waits_for": _waits_for(found),
        "reasons": [Reason(code).label for code in one.reasons],
        "ways": [WayName(code).label for code in one.ways],
        "legs": [(LEGS[leg.leg], DELAY_OF.get(leg.leg, ""), leg) for leg in found.legs],
        "drawing": _drawing(found),
        "told": told,
        "unread": told[0] if told and told[0].read_at is None and sender else None,
        "links": navigation.about("trip", by=by, area=one.to_area),
        **_may(request, one),
    }
    return render(request, "referrals/referral.html", context)


def _may(request: WithActor, one: Referral) -> dict[str, Any]:
    """Say what the reader may do now."""
    by = request.actor
    following = steps_from(State(one.state), [step.kind for step in one.steps.all()])
    receives = access.allows(by, queries.RECEIVE, area=one.to_area)
    areas = (one.from_area, one.to_area)
    dispatches = any(access.allows(by, queries.DISPATCH, area=area) for area in areas)
    there = one.state in (State.ARRIVED, State.HANDED_OVER)
    return {
        "steps": [
            (step, StepName(step).label) for step in following
            if step is not Step.DISPATCHED and actions.may_take(one, step, by=by)
        ],
        "may_dispatch": dispatches and one.transport and Step.DISPATCHED in following,
        "may_measure": dispatches,
        "may_tell": receives and there,
        "may_go_on": receives and there and not one.followed_by.all(),
    }  # fmt: skip


def _drawing(found: Shown) -> str:
    """Draw the legs one below the other, in minutes since the request."""
    one = found.referral
    moments = moments_of((step.kind, step.at) for step in one.steps.all())
    drawn = []
    for leg in found.legs:
        end = ENDS[leg.leg][1] if leg.leg in ENDS else Step.REQUESTED
        to = round((moments[end] - one.requested_at).total_seconds() / 60)
        late = leg.target is not None and leg.minutes > leg.target
        drawn.append(Span(str(LEGS[leg.leg]), to - leg.minutes, to, late))
    return spans(drawn, title=_("Minutes since the request")) if drawn else ""


@require_GET
@access.declared(queries.REQUEST, purpose=Purpose.CARE)
def household(request: WithActor, household_id: UUID) -> HttpResponse:
    """Choose who of a household is referred; show the referrals before."""
    found = registry.household(household_id, by=request.actor)
    access.require(request.actor, queries.REQUEST, area=found.village.code)
    rows = queries.of_household(household_id, by=request.actor)
    return render(request, "referrals/household.html", {"household": found, "rows": rows})


@require_http_methods(["GET", "POST"])
@access.declared(queries.REQUEST, purpose=Purpose.CARE)
def ask(request: WithActor, person_id: UUID) -> HttpResponse:
    """Refer a person; a record that found the danger has filled in what it knows."""
    by, now = request.actor, timezone.now()
    on = queries.day_of(now)
    home = queries.home_for(person_id, by=by, on=on)
    facilities = queries.facilities_to(on=on)
    mine = [one for one in facilities
            if access.allows(by, queries.REQUEST, area=one.place.code)]  # fmt: skip
    form = RequestForm(request.POST or None, initial=_known(request.GET), now=now,
                       facilities=facilities, starts=mine)  # fmt: skip
    return answer(
        request, form,
        lambda: actions.request_referral(
            person_id=person_id, need=form.need(), source_key=form.cleaned_data["source"],
            **form.said("to_facility", "from_facility"), at=form.moment(), by=by, now=now,
        ),
        title=_("Refer, ask for transport"), done=_("The referral is recorded."),
        then=lambda made: address(made.pk), caption=str(home.person),
        back_url=reverse("referrals:household", args=[home.household_id]),
    )  # fmt: skip


def _known(given: QueryDict) -> dict[str, Any]:
    """Give what the address says: the record that asks (`source`), and its danger signs."""
    return {
        "reasons": [code for code in given.getlist("reason") if code in Reason.values],
        "note": given.get("note", "")[:300],
        "urgency": given.get("urgency", ""),
        "source": given.get("source", "")[:100],
    }


@require_GET
@access.declared(queries.REQUEST, purpose=Purpose.CARE)
def feedback_to_read(request: WithActor) -> HttpResponse:
    """List what facilities told and nobody of the senders has read."""
    rows = queries.unread_feedback(by=request.actor)[:100]
    return render(request, "referrals/feedback_to_read.html", {"rows": rows})


@require_POST
@access.declared(queries.REQUEST, purpose=Purpose.CARE)
def note_read(request: WithActor, feedback_id: UUID) -> HttpResponse:
    """Note that the senders have read it."""
    told: Feedback = actions.note_read(
        feedback_id=feedback_id, by=request.actor, now=timezone.now()
    )
    return redirect("referrals:referral", told.referral_id)
