"""What happens at the edge of every request: errors become pages, refusals become audit lines."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.i18n import explain


class WithActor(HttpRequest):
    """A request whose route declared who may use it: the actor is known (see `kernel.access`)."""

    actor: Actor


log = structlog.get_logger()


def note_refusal(request: Any, error: SpeanError) -> None:
    """Write the audit line of a refused request, once its transaction is gone."""
    actor = getattr(request, "actor", None)
    if isinstance(error, NotAllowed) and actor is not None:
        audit.refusal(
            by=actor,
            permission=str(error.facts.get("permission", error.code))[:40],
            area=str(error.facts.get("area", ""))[:8],
        )


class ErrorPages:
    """Answer a `SpeanError` that a page let through with a page that explains it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Render the error in the reader's language, with its own status."""
        if not isinstance(error, SpeanError):
            return None
        note_refusal(request, error)
        return render(
            request,
            "kernel/error.html",
            {"explanation": explain(error), "status": error.status},
            status=error.status,
        )


class UserLanguage:
    """Speak the language that the visitor chose here, else their own, else Khmer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        for_systems = request.path.startswith(("/api/", "/fhir/"))
        asked = request.headers.get("Accept-Language", "") if for_systems else ""
        user = getattr(request, "user", None)
        language = (
            chosen or ("en" if asked.startswith("en") else "") or getattr(user, "language", "")
        )
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
