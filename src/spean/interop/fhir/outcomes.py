"""Errors as OperationOutcome, in the reader's language and, beside it, in the other one."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language

from spean.interop.fhir.datatypes import SPEAN, filled, translated
from spean.interop.fhir.errors import NotValid
from spean.kernel.errors import N_, SpeanError
from spean.kernel.i18n import in_both_languages, stored

_ISSUES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 409: "conflict",
    412: "conflict", 413: "too-long", 422: "business-rule", 429: "throttled", 500: "exception",
}  # fmt: skip


class OurFault(SpeanError):
    """Say that the fault is ours."""

    code = "interop.fhir_our_fault"
    message = N_("Something went wrong here. Nothing was saved; try again later.")
    status = 500


def outcome(*errors: SpeanError, severity: str = "error") -> dict[str, Any]:
    """Write an OperationOutcome with an issue for each error, and for each fault in a resource."""
    issues = [
        issue
        for error in errors
        for one, field in ((error, error.field), *_inside(error))
        for issue in _issues(one, field, severity)
    ]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _inside(error: SpeanError) -> Iterator[tuple[SpeanError, str]]:
    """Give the refusals that one sums up, each with the answer that it is about."""
    for field, problem in getattr(error, "field_errors", ()):
        yield problem, field


def _issues(error: SpeanError, field: str | None, severity: str) -> list[dict[str, Any]]:
    said = in_both_languages(stored(error))
    ours, other = ("en", "km") if (get_language() or "").startswith("en") else ("km", "en")
    issue = filled(
        severity=severity,
        code=getattr(error, "issue", None) or _ISSUES.get(error.status, "processing"),
        details={
            "coding": [{"system": f"{SPEAN}/CodeSystem/error", "code": error.code}],
            "text": said[ours],
            "_text": translated(other, said[other]),
        },
    )
    parts = error.parts if isinstance(error, NotValid) else ()
    if not parts:
        return [issue | filled(expression=[field] if field else [])]
    return [issue | {"expression": [path], "diagnostics": what} for path, what in parts]
