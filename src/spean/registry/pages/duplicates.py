"""Pairs of records that may be one person: two people, or one record too many."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.registry import actions, queries

PAGE = 25
MERGE = "registry.merge_people"


@require_GET
@access.declared(MERGE, purpose=Purpose.REGISTRATION)
def duplicates(request: WithActor) -> HttpResponse:
    """Show the pairs to be looked at, side by side, the likeliest first; the rest wait."""
    found = queries.duplicate_pairs(by=request.actor).order_by("-likeness", "-id")
    rows, waiting = list(found[:PAGE]), found.count()
    homes = queries.homes_of([p for pair in rows for p in (pair.first_id, pair.second_id)])
    pairs = [(pair, homes.get(pair.first_id), homes.get(pair.second_id)) for pair in rows]
    context = {"pairs": pairs, "more": max(0, waiting - PAGE)}
    return render(request, "registry/duplicates.html", context)


@require_POST
@access.declared(MERGE, purpose=Purpose.REGISTRATION)
def different(request: WithActor, pair_id: UUID) -> HttpResponse:
    """Record that the two records are two people."""
    actions.say_different(pair_id=pair_id, by=request.actor, on=timezone.localdate())
    messages.success(request, _("Recorded: two different people."))
    return redirect("registry:duplicates")


@require_POST
@access.declared(MERGE, purpose=Purpose.REGISTRATION)
def merge(request: WithActor, pair_id: UUID) -> HttpResponse:
    """Propose to merge the pair, keeping the record that the button names."""
    pair = queries.duplicate_pair(pair_id, by=request.actor)
    keep, drop = pair.first, pair.second
    if request.POST.get("keep") == "second":
        keep, drop = drop, keep
    change = actions.propose_change(
        kind="merge_people",
        person=keep,
        proposal={"drop": str(drop.pk)},
        reason=_("Two records of one person"),
        by=request.actor,
        on=timezone.localdate(),
    )
    messages.success(request, _("The merge is proposed. Another person decides it."))
    return redirect("registry:change", change.pk)
