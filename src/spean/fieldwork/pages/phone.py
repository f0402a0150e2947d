"""The page that a phone keeps: the shell, its service worker, and what makes it installable.

None of them holds personal data, so they are open to everyone; what the page asks for is not.
"""

import hashlib
from functools import cache
from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.locations import queries as locations

FOLDERS = ("fieldwork/phone", "vendor/odk-xforms", "vendor/qr", "vendor/noto-sans-khmer")
FILES = ("vendor/govuk-frontend/govuk-frontend.min.css", "kernel/spean.css", "kernel/mark.svg")
A_WEEK = 7 * 24 * 60 * 60
KEPT = {".js", ".css", ".svg", ".png", ".woff2"}
# The engine of the forms runs as WebAssembly; photos are shown before they are sent.
POLICY = {"script-src": ["'wasm-unsafe-eval'"], "img-src": ["blob:"], "worker-src": ["'self'"]}


@require_GET
@access.public
@csp_update(POLICY)
def phone(request: HttpRequest) -> HttpResponse:
    """Show the page on the phone, the same for everybody."""
    return render(request, "fieldwork/phone.html", {"root": settings.STATIC_URL})


@require_GET
@access.public
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, which keeps the page's files of this very version."""
    root = settings.STATIC_URL
    context = {"version": _version(), "files": [f"{root}{name}" for name in _files()]}
    return render(
        request,
        "fieldwork/service_worker.js",
        context,
        content_type="text/javascript; charset=utf-8",
    )


@require_GET
@access.public
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the page is installed on a phone."""
    return JsonResponse(
        {
            "name": "ស្ពាន មូលដ្ឋាន · Spean in the field",
            "short_name": "ស្ពាន",
            "lang": "km",
            "id": "/field/",
            "start_url": "/field/",
            "scope": "/field/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0b4f5c",
            "icons": [
                {
                    "src": static(f"fieldwork/phone/icon-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size in (192, 512)
            ],
        },
        content_type="application/manifest+json",
    )


@require_GET
@access.public
@gzip_page
@cache_control(public=True, max_age=A_WEEK)
def place_names(request: HttpRequest) -> JsonResponse:
    """Give both names of every place by its code: a card says its village as a code alone."""
    places = locations.places(on=timezone.localdate())
    rows = places.values_list("code", "name_km", "name_en")
    return JsonResponse({code: names for code, *names in rows})


@cache
def _files() -> tuple[str, ...]:
    """Give the names of the static files without which the page doesn't work."""
    folders = [(name, Path(str(finders.find(name)))) for name in FOLDERS]
    inside = [
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in KEPT
    ]
    return (*FILES, *inside)


@cache
def _version() -> str:
    """Give a mark that changes with any of the files."""
    mark = hashlib.sha256()
    for name in _files():
        mark.update(name.encode() + Path(str(finders.find(name))).read_bytes())
    return mark.hexdigest()[:16]
