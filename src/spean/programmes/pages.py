"""What one household is owed, and why."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.programmes import queries
from spean.programmes.queries.words import CRITERIA, NAMES, PER

PURPOSES = (Purpose.TARGETING, Purpose.OVERSIGHT)


@require_GET
@access.declared("programmes.view_entitlements", purpose=PURPOSES)
def entitlements(request: WithActor, household_id: UUID) -> HttpResponse:
    """Show, for each programme in force today, what the household is owed and what held."""
    found = queries.entitlements_of(household_id, by=request.actor, on=timezone.localdate())
    shown = [
        {
            "name": NAMES[code],
            "per": PER[code],
            "amount": one.facts["amount"],
            "criteria": [(CRITERIA[test.name], test.held) for test in one.criteria],
            "sources": one.policies,
        }
        for one in found.decisions
        for code in (one.kind.removeprefix("programmes."),)
    ]
    context = {
        "found": found,
        "programmes": shown,
        "back_url": reverse("registry:household", args=[household_id]),
    }
    return render(request, "programmes/entitlements.html", context)
