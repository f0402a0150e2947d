"""The mother-and-child card, to print."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.maternal_child import queries


@require_GET
@access.declared("maternal_child.view_record", purpose=Purpose.CARE)
def care_card(request: WithActor, person_id: UUID) -> HttpResponse:
    """Give the card as a PDF."""
    content = queries.care_card(person_id, by=request.actor, on=timezone.localdate())
    named = f'inline; filename="card-{person_id}.pdf"'
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": named}
    )
