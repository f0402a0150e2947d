"""Finding people: a plain form, and answers while one types where the browser can."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.periods import age_on
from spean.registry import queries

USES = (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.OVERSIGHT)


@require_http_methods(["GET", "POST"])
@access.declared("registry.search", purpose=USES)
def find(request: WithActor) -> HttpResponse:
    """Find people by name, number or phone. What is typed is posted, so that no log keeps it."""
    text = request.POST.get("q", "").strip()
    today = timezone.localdate()
    found = queries.find_people(text, by=request.actor) if text else []
    context = {
        "text": text,
        "hits": [(hit, age_on(hit.birth_date, today)) for hit in found],
        "may_register": bool(access.areas(request.actor, "registry.register_household")),
    }
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "registry/hits.html" if partial else "registry/find.html", context)
