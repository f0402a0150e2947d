"""Rounds of interviews in whole villages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.locations import queries as locations
from spean.targeting import actions, forms, queries
from spean.targeting.pages.lists import listed

PAGE = 25
LISTED_VILLAGES = 250  # a large district


@require_GET
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
def rounds(request: WithActor) -> HttpResponse:
    """List the rounds, newest first."""
    found = queries.rounds(by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    return render(request, "targeting/rounds.html", {"rounds": rows, "next_cursor": following})


@require_http_methods(["GET", "POST"])
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
def new_round(request: WithActor) -> HttpResponse:
    """Plan a round: a case is opened for each household of its villages."""
    form = forms.RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planned = actions.plan_round(
                **form.cleaned_data, by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The round is planned."))
            return redirect("targeting:round", planned.pk)
    context = {"form": form, "villages": _villages_of(request.actor)}
    return render(request, "targeting/new_round.html", context)


@require_GET
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
def interview_round(request: WithActor, round_id: UUID) -> HttpResponse:
    """Show a round's villages and cases."""
    shown = queries.interview_round(round_id, by=request.actor)
    context = {"round": shown} | listed(request, within=shown)
    return render(request, "targeting/round.html", context)


@require_POST
@access.declared("targeting.plan_round", purpose=Purpose.TARGETING)
def close_round(request: WithActor, round_id: UUID) -> HttpResponse:
    """Close a round; what was not interviewed is closed with it."""
    actions.close_round(round_id=round_id, by=request.actor, on=timezone.localdate())
    messages.success(request, _("The round is closed."))
    return redirect("targeting:round", round_id)


def _villages_of(by: Actor) -> list[object]:
    """Give the villages where the actor may plan a round; none where they are too many to list."""
    areas = access.areas(by, "targeting.plan_round")
    found = locations.places("village", on=timezone.localdate(), areas=areas)
    listed: list[object] = list(found.select_related("parent")[: LISTED_VILLAGES + 1])
    return listed if len(listed) <= LISTED_VILLAGES else []
