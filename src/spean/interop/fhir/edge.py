"""What every FHIR address shares: who asks, how it is refused, which headers go out."""

import json
from collections.abc import Callable
from typing import Any, cast

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja.throttling import AuthRateThrottle

from spean.interop.fhir.calls import Answer, Call, behind
from spean.interop.fhir.errors import (
    NotOffered,
    OtherContent,
    OtherFormat,
    TooLarge,
    TooManyRequests,
)
from spean.interop.fhir.outcomes import OurFault, outcome
from spean.interop.fhir.server import Handler
from spean.interop.fhir.validation import read_json
from spean.kernel.access import Declared, NotSignedIn
from spean.kernel.api import access_token
from spean.kernel.edge import note_refusal
from spean.kernel.errors import SpeanError
from spean.kernel.models import User

log = structlog.get_logger()
FHIR_JSON = "application/fhir+json"
_JSON = {FHIR_JSON, "application/json", "text/json"}
_FORM = "application/x-www-form-urlencoded"
_NOTED = ("Prefer", "If-Match", "If-None-Match", "If-None-Exist", "If-Modified-Since")
_throttle = AuthRateThrottle(settings.API_RATE_SIGNED_IN)
View = Callable[..., HttpResponse]


def address(**handlers: Handler) -> View:
    """Serve an address: what does each method; the first says who may come here at all.

    No cookie signs anybody in here, so that no other site can act in a user's name.
    """

    @csrf_exempt
    def view(request: HttpRequest, id: str = "") -> HttpResponse:
        call = Call(User(), "", _base(request), timezone.localdate(), id=id)
        try:
            handler = handlers.get("GET" if request.method == "HEAD" else str(request.method))
            if handler is None:
                raise NotOffered
            return _answer(_called(request, call, handler))
        except SpeanError as error:
            note_refusal(call, behind(error))
            return _refusal(error)
        except Exception:
            log.exception("fhir_error", path=request.path)
            return _answer(Answer(500, outcome(OurFault())))

    cast(Any, view).access = cast(Any, next(iter(handlers.values()))).access
    return view


def _called(request: HttpRequest, call: Call, handler: Handler) -> Answer:
    """Say who asks for what, and do it."""
    declared: Declared = cast(Any, handler).access
    if declared.purposes:
        _sign_in(request, call)
    call.parameters = tuple((name, v) for name, vs in request.GET.lists() for v in vs)
    _check_format(request)
    call.headers = {name: request.headers[name] for name in _NOTED if name in request.headers}
    if request.method in ("POST", "PUT"):
        _take_body(request, call)
    return handler(call)


def _sign_in(request: HttpRequest, call: Call) -> None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    token = access_token(text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise NotSignedIn
    call.user, call.scopes = token.application.user, token.scope
    cast(Any, request).auth = token.application
    if not _throttle.allow_request(request):
        raise TooManyRequests


def _check_format(request: HttpRequest) -> None:
    """Refuse who takes XML only."""
    asked = request.GET.get("_format") or request.headers.get("Accept", "")
    kinds = {part.partition(";")[0].strip() for part in asked.replace(" json", "+json").split(",")}
    if not kinds & {"", "json", "*/*", "application/*", *_JSON}:
        raise OtherFormat


def _take_body(request: HttpRequest, call: Call) -> None:
    """Read a resource, or the parameters of a search that was posted."""
    if request.content_type == _FORM:
        try:
            posted = request.POST.lists()
        except RequestDataTooBig as error:
            raise TooLarge from error
        call.parameters += tuple((name, value) for name, values in posted for value in values)
    elif request.content_type in _JSON:
        call.body = read_json(request)
    elif request.headers.get("Content-Length", "0") not in ("", "0"):
        raise OtherContent


def _refusal(error: SpeanError) -> HttpResponse:
    answer = _answer(Answer(error.status, outcome(error)))
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="spean"'
    if error.status == 429:
        answer["Retry-After"] = "60"
    return answer


def _answer(answer: Answer) -> HttpResponse:
    content = b"" if answer.body is None else json.dumps(answer.body, ensure_ascii=False).encode()
    written = HttpResponse(
        content, status=answer.status, content_type=f"{FHIR_JSON}; charset=utf-8"
    )
    for name, value in answer.headers.items():
        written[name] = value
    written.headers.setdefault("Cache-Control", "no-store")
    written["Vary"] = "Accept-Language, Authorization"
    return written


def _base(request: HttpRequest) -> str:
    root = request.path[: request.path.index("/R4") + len("/R4")]
    return request.build_absolute_uri(root)
