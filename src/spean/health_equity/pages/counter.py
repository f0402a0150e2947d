"""At the counter: is this patient covered? The short interview of who has no card."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from spean.health_equity import actions, queries
from spean.health_equity.actions.identification import IDENTIFY
from spean.health_equity.forms import InterviewForm, LookUpForm, OpenForm
from spean.health_equity.models import GroupName, SchemeName
from spean.health_equity.rules import INTERVIEW, Finding
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.formats import day
from spean.kernel.policy import policy

SHOWN_AT_ONCE = 3
COLOURS = {"good": "green", "wait": "yellow", "bad": "red"}
MOODS = {Finding.COVERED: "good", Finding.EXPIRED: "wait", Finding.UNCLEAR: "wait"}


@require_http_methods(["GET", "POST"])
@access.declared(queries.CHECK, purpose=Purpose.CARE)
def counter(request: WithActor) -> HttpResponse:
    """Say of a patient whether somebody pays. What was typed never stands in an address."""
    today = timezone.localdate()
    if handle := request.POST.get("patient"):
        return _told(request, queries.Answer(None, (queries.patient(
            handle, by=request.actor, on=today),)))  # fmt: skip
    form = LookUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _told(
            request, queries.look_up(form.cleaned_data["text"], by=request.actor, on=today)
        )
    status = 422 if form.errors else 200
    return render(request, "health_equity/counter.html", {"form": form}, status=status)


def _told(request: WithActor, found: queries.Answer) -> HttpResponse:
    """Show what was found: some people one by one, many as a list to choose from."""
    context = {
        "form": LookUpForm(),
        "asked": True,
        "card": found.card,
        "patients": [shown(one) for one in found.patients],
        "to_choose": found.card is None and len(found.patients) > SHOWN_AT_ONCE,
        "may_record": bool(access.areas(request.actor, queries.RECORD)),
    }
    return render(request, "health_equity/counter.html", context)


def shown(one: queries.Patient) -> dict[str, Any]:
    """Give a patient with the finding and each scheme's word in the reader's language."""
    lines = [
        {
            "scheme": SchemeName(cover.scheme).label,
            "group": GroupName(cover.group).label,
            "outcome": queries.OUTCOMES[cover.outcome],
            "until": cover.until,
            "criteria": [
                (queries.CRITERIA[line.criterion.name], line.criterion.held, line.source)
                for line in cover.decision.explain()
            ],
        }
        for cover in one.covers
    ]
    words = queries.FINDINGS[one.finding]
    mood = MOODS.get(one.finding, "bad")
    return {
        "one": one,
        "title": words.title,
        "advice": words.advice,
        "mood": mood,
        "colour": COLOURS[mood],
        "schemes": lines,
    }


@require_http_methods(["POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def open_visit(request: WithActor) -> HttpResponse:
    """Begin a visit of the patient who was looked up; ask first where and when."""
    today = timezone.localdate()
    handle = request.POST.get("patient", "")
    found = queries.patient(handle, by=request.actor, on=today)
    choices = queries.facilities_for(queries.RECORD, by=request.actor, on=today)
    sent = request.POST if "facility" in request.POST else None
    form = OpenForm(sent, facilities=choices, initial={"came_on": today})
    if sent is not None and form.is_valid():
        said = form.cleaned_data
        came = actions.Came(said["came_on"], request.POST.get("card", ""), said["referred_from"])
        try:
            made = actions.open_visit(
                handle=handle, facility=said["facility"], came=came, by=request.actor, on=today
            )
        except SpeanError as error:
            if error.status in (403, 404) and error.field is None:
                raise
            form.add_refusal(error)
        else:
            return redirect("health_equity:visit", made.pk)
    context = {"form": form, "patient": shown(found), "card": request.POST.get("card", "")}
    status = 422 if form.errors else 200
    return render(request, "health_equity/open_visit.html", context, status=status)


@require_http_methods(["POST"])
@access.declared(IDENTIFY, purpose=Purpose.CARE)
def interview(request: WithActor) -> HttpResponse:
    """Hold the short interview with a family that no scheme covers."""
    today = timezone.localdate()
    handle = request.POST.get("patient", "")
    found = queries.patient(handle, by=request.actor, on=today)
    choices = queries.facilities_for(IDENTIFY, by=request.actor, on=today)
    sent = request.POST if "facility" in request.POST else None
    form = InterviewForm(
        sent, facilities=choices, scorecard=policy.scorecard(INTERVIEW, on=today),
    )  # fmt: skip
    if form.carry_out(lambda: _identify(request, handle, form)):
        again = queries.patient(handle, by=request.actor, on=today)
        return _told(request, queries.Answer(None, (again,)))
    context = {"form": form, "patient": shown(found)}
    status = 422 if form.errors else 200
    return render(request, "health_equity/interview.html", context, status=status)


def _identify(request: WithActor, handle: str, form: InterviewForm) -> None:
    done = actions.identify_household(
        handle=handle, facility=form.cleaned_data["facility"], answers=form.answers(),
        by=request.actor, on=timezone.localdate(),
    )  # fmt: skip
    if done.cover is None or done.cover.end is None:
        messages.warning(request, _("The answers don't make the family poor. It can ask for an "
                                    "assessment at its commune."))  # fmt: skip
        return
    words = _("The family is covered until %(day)s, and its commune is asked to assess it.")
    messages.success(request, words % {"day": day(done.cover.end)})
