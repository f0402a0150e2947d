"""How the work in the field goes, for those who supervise it; and interviews held again."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from spean.fieldwork import actions, forms, queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import NotFound, SpeanError
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting import queries as cases

SUPERVISE = "fieldwork.supervise"
WEEKS = timedelta(days=28)
SHOWN = 100
REASONS = {
    "too_short": gettext_lazy("Very short"),
    "many_that_day": gettext_lazy("Many interviews that day"),
    "far_away": gettext_lazy("Far from the village"),
    "no_position": gettext_lazy("No position"),
    "same_answers": gettext_lazy("Same answers as others that day"),
}


@require_GET
@access.declared(SUPERVISE, purpose=Purpose.TARGETING)
def supervision(request: WithActor) -> HttpResponse:
    """Show an area's field work over some days: by village, by enumerator, what stands out."""
    today = timezone.localdate()
    mine = access.areas(request.actor, SUPERVISE)
    area = request.GET.get("area", mine[0])
    asked = {"first_day": today - WEEKS, "last_day": today}
    form = forms.PeriodForm(request.GET if "first_day_day" in request.GET else None, initial=asked)
    days = form.cleaned_data if form.is_bound and form.is_valid() else asked
    found = queries.supervision(area, **days, by=request.actor, on=today)
    context = {
        "form": form,
        "found": found,
        "pointed_out": [
            (one, [REASONS[reason] for reason in one.reasons]) for one in found.pointed_out[:SHOWN]
        ],
        "more": max(0, len(found.pointed_out) - SHOWN),
        "path": locations.path(area, on=today) if area else (),
        "samples": queries.samples(by=request.actor)[:10],
    }
    return render(request, "fieldwork/supervision.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(SUPERVISE, purpose=Purpose.TARGETING)
def draw(request: WithActor) -> HttpResponse:
    """Draw interviews by lot, to be held again."""
    today = timezone.localdate()
    initial = {
        "area": access.areas(request.actor, SUPERVISE)[0],
        "first_day": today - WEEKS,
        "last_day": today,
        "seed": secrets.token_hex(4),
    }
    form = forms.DrawForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draw_sample(**form.cleaned_data, by=request.actor, on=today)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The interviews are drawn."))
            return redirect("fieldwork:sample", made.pk)
    return render(request, "fieldwork/draw.html", {"form": form})


@require_GET
@access.declared(SUPERVISE, purpose=Purpose.TARGETING)
def sample(request: WithActor, sample_id: UUID) -> HttpResponse:
    """Show a draw: which interviews are to be held again, and how far that is."""
    found, rows = queries.sample(sample_id, by=request.actor)
    places = locations.paths([row.submission.area for row in rows], on=timezone.localdate())
    shown = [(row, places[row.submission.area]) for row in rows]
    return render(request, "fieldwork/sample.html", {"sample": found, "rows": shown})


@require_http_methods(["GET", "POST"])
@access.declared(SUPERVISE, purpose=Purpose.TARGETING)
def check(request: WithActor, sampled_id: UUID) -> HttpResponse:
    """Hold an interview again, or show both answers side by side once it was."""
    today = timezone.localdate()
    found = queries.sampled_interview(sampled_id, by=request.actor)
    household_id = queries.household_of(found.submission)
    if household_id is None:
        raise NotFound
    family = registry.people_in([household_id]).get(household_id, [])
    context = {"found": found, "members": family, "household_id": household_id}
    if found.checked_on is not None:
        context["rows"] = _side_by_side(request, found, found.checked_on)
        return render(request, "fieldwork/checked.html", context)
    form = forms.CheckForm(request.POST or None, scorecard=cases.scorecard(on=today))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_check(
                sampled_id=sampled_id, answers=form.cleaned_data, by=request.actor, on=today
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The second interview is recorded."))
            return redirect("fieldwork:check", sampled_id)
    return render(request, "fieldwork/check.html", context | {"form": form})


def _side_by_side(
    request: WithActor, found: queries.SampledInterview, day: date
) -> list[tuple[str, str, str, bool]]:
    """Give each question with both answers in words, and whether they agree."""
    asked = {question.code: question for question in cases.scorecard(on=day).questions}
    rows = []
    for one in queries.compared(found, by=request.actor):
        said = {answer.code: cases.words(answer.text) for answer in asked[one.question].answers}
        question = cases.words(asked[one.question].text)
        first = said.get(one.first, one.first)
        rows.append((question, first, said.get(one.second, one.second), one.agree))
    return rows
