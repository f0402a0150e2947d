"""Who pays for a trip, why, and on which visit it stands."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from spean.health_equity import queries
from spean.health_equity.pages.visits import READS, why
from spean.kernel import access
from spean.kernel.edge import WithActor


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def transport(request: WithActor, trip_id: UUID) -> HttpResponse:
    """Show who pays for a trip."""
    found = queries.transport(trip_id, by=request.actor)
    context = {"transport": found, "criteria": why(found.cover)}
    return render(request, "health_equity/transport.html", context)
