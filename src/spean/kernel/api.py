"""What every API operation shares: problems, pages by cursor, idempotent writes, who is asking.

Errors are `application/problem+json` (RFC 9457), `detail` in the reader's language. Lists are read
by cursor, never by offset. A write carries an `Idempotency-Key`: a repeat gets the first answer.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle
from oauth2_provider.models import get_access_token_model
from pydantic import ConfigDict

from spean.kernel.errors import N_, SpeanError
from spean.kernel.i18n import explain
from spean.kernel.idempotency import FILE_BODY, idempotent, idempotent_upload

__all__ = [
    "FILE_BODY",
    "PROBLEMS",
    "AreaCode",
    "Page",
    "Problem",
    "Router",
    "StrictSchema",
    "idempotent",
    "idempotent_upload",
    "page_of",
]

AreaCode = Annotated[str, Query(pattern=r"^(\d\d){0,4}$", description="Empty is the nation.")]
T = TypeVar("T")
M = TypeVar("M", bound=Model)


class StrictSchema(Schema):
    """An input that refuses fields it doesn't know."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FieldProblem(Schema):
    """One field's error."""

    field: str
    code: str
    detail: str


class Problem(Schema):
    """An error as RFC 9457 shapes it, with Spean's stable `code` and the fields at fault."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    errors: list[FieldProblem] = []


PROBLEMS: dict[Any, type[Problem]] = {frozenset({400, 401, 403, 404, 409, 413, 422, 429}): Problem}


class Page(Schema, Generic[T]):
    """Some rows, and the cursor that gives the next ones (null at the end)."""

    items: list[T]
    next: str | None = None


class BadCursor(SpeanError):
    """Refuse a cursor that this list never gave."""

    code = "kernel.bad_cursor"
    message = N_("This cursor is not one that the list gave. Start again from the first page.")
    status = 400
    field = "cursor"


class BadLimit(SpeanError):
    """Refuse a page size outside 1 to 100."""

    code = "kernel.bad_limit"
    message = N_("Ask for 1 to 100 rows a page.")
    status = 400
    field = "limit"


_ident = BaseThrottle().get_ident


def caller(request: HttpRequest) -> str:
    """Give the address from which a request comes, behind as many proxies as are set."""
    return str(_ident(request))


def page_of(
    rows: QuerySet[M], *, cursor: str | None, limit: int, key: str = "id"
) -> tuple[list[M], str | None]:
    """Give one page of rows in the order of `key` (unique; "-id" for newest first), and the cursor.

    Raises BadCursor, BadLimit.
    """
    if not 1 <= limit <= 100:
        raise BadLimit
    name = key.lstrip("-")
    if cursor is not None:
        field = rows.model._meta.get_field(name)
        comparison = "lt" if key.startswith("-") else "gt"
        rows = rows.filter(**{f"{name}__{comparison}": _read_cursor(cursor, field)})
    found = list(rows.order_by(key)[: limit + 1])
    following = _cursor(getattr(found[limit - 1], name)) if len(found) > limit else None
    return found[:limit], following


def _cursor(value: object) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, field: Any) -> Any:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return field.to_python(text)
    except (binascii.Error, ValueError, UnicodeError, ValidationError) as error:
        raise BadCursor from error


def access_token(text: str) -> Any:
    """Give a system's OAuth2 access token, with its application and user, if it is good."""
    found = (
        get_access_token_model()
        .objects.select_related("application__user")
        .filter(token_checksum=hashlib.sha256(text.encode()).hexdigest())
        .first()
    )
    if found is None or found.application is None or found.application.user is None:
        return None
    return found if found.is_valid() and found.application.user.is_active else None


class SystemToken(HttpBearer):
    """An OAuth2 access token of another system; it acts as its own user, within its scopes."""

    openapi_name: ClassVar[str] = "OAuth2"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Give the token's application if the token is good for this address, else None."""
        found = access_token(token)
        scope = request.path.removeprefix("/api/v1/").partition("/")[0]
        if found is None or not found.allow_scopes([scope]):
            return None
        request.user = found.application.user
        return found.application


def problem(request: HttpRequest, error: SpeanError) -> HttpResponse:
    """Answer with the error as a problem document, with what its `extra` adds to it."""
    parts = getattr(error, "field_errors", ())
    return problem_response(
        status=error.status,
        code=error.code,
        detail=explain(error),
        field=error.field,
        errors=[{"field": f, "code": e.code, "detail": explain(e)} for f, e in parts],
        extra=getattr(error, "extra", {}),
    )


def problem_response(
    *,
    status: int,
    code: str,
    detail: str,
    field: str | None = None,
    errors: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    """Write a problem document; `extra` members (RFC 9457, 3.2) never replace the usual ones."""
    body = {
        **extra,
        "type": f"https://spean.example/problems/{code}",
        "title": code.rpartition(".")[2].replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        "field": field,
        "errors": list(errors),
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
        headers=headers or {},
    )
