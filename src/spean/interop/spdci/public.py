"""What anybody may read: our public keys, and the tree of places."""

import json
from datetime import date
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.interop.spdci import signing
from spean.kernel.access import public
from spean.locations import queries as locations

KEPT = 60 * 60
CONTEXT = {
    "@context": "http://spdci.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "http://schema.org/",
}


@public
@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    """Give our public keys (RFC 7517)."""
    return _kept(JsonResponse(signing.published()))


@public
@require_GET
def locations_tree(request: HttpRequest) -> HttpResponse:
    """Give every place that is valid today, with its official code and what holds it."""
    today = timezone.localdate()
    body = cache.get_or_set(f"spdci-locations-{today}", lambda: _tree(today), KEPT)
    return _kept(HttpResponse(body, content_type="application/json"))


def _tree(today: date) -> str:
    body = {
        "@context": CONTEXT,
        "@type": "LocationHierarchy",
        "last_updated": timezone.localtime().isoformat(timespec="seconds"),
        "locations": [_place(row) for row in locations.places(on=today)],
    }
    return json.dumps(body, ensure_ascii=False)


def _place(row: Any) -> dict[str, Any]:
    parent = row.code[:-2] or None
    return {
        "@type": "Place",
        "id": row.code,
        "identifier": [{"@type": "PropertyValue", "name": "gazetteer", "identifier": row.code}],
        "name": row.name_en,
        "alternate_name": row.name_km,
        "additional_type": f"gazetteer:{row.level.upper()}",
        "contained_in_place": parent,
        "containedInPlace": parent,
    }


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return response
