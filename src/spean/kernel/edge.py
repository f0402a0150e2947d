"""What happens at the edge of every request: errors become pages, refusals become audit lines."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from psycopg.errors import InsufficientPrivilege

from spean.kernel import audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotAllowed, SpeanError
from spean.kernel.i18n import explain


class WithActor(HttpRequest):
    """A request whose route declared who may use it: the actor is known (see `kernel.access`)."""

    actor: Actor


log = structlog.get_logger()


class ClosedForNow(SpeanError):
    """Say that the database lets nobody use a table: a large load has it for itself."""

    code = "kernel.closed_for_now"
    message = N_(
        "These records are closed while a large file is being taken in. Try again in some minutes; "
        "if they stay closed, tell your administrator."
    )
    status = 503


def in_words(error: Exception) -> SpeanError | None:
    """Give the error that people can act on; None for a fault of ours."""
    if isinstance(error, SpeanError):
        return error
    why = error.__cause__
    if isinstance(error, ProgrammingError) and isinstance(why, InsufficientPrivilege):
        # Triggers that keep a table as it is raise the same state; this is the right on a table.
        return ClosedForNow() if why.diag.source_function == "aclcheck_error" else None
    return None


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
        refusal = in_words(error)
        if refusal is None:
            return None
        note_refusal(request, refusal)
        return render(
            request,
            "kernel/error.html",
            {"explanation": explain(refusal), "status": refusal.status},
            status=refusal.status,
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
