"""The API: every module's router, one way to sign in, one shape of error."""

from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import django_auth
from ninja.throttling import AnonRateThrottle, AuthRateThrottle

from spean.kernel.api import SystemToken, problem, problem_response
from spean.kernel.edge import in_words, note_refusal
from spean.kernel.errors import SpeanError

log = structlog.get_logger()


class SpeanAPI(NinjaAPI):
    """The API, whose schema says that its errors are problem documents."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Give the OpenAPI document."""
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation.get("responses", {}).items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content["application/problem+json"] = content.pop("application/json")
        return schema


api = SpeanAPI(
    title="Spean",
    version="1",
    description=(
        "One family, one record, every entitlement. Systems sign in at `/oauth2/token` by OAuth2 "
        "client credentials. Errors are RFC 9457 problem documents, in Khmer or English by "
        "`Accept-Language`. Lists are read by cursor. Every write carries an `Idempotency-Key`."
    ),
    auth=[SystemToken(), django_auth],
    throttle=[
        AnonRateThrottle(settings.API_RATE_ANONYMOUS),
        AuthRateThrottle(settings.API_RATE_SIGNED_IN),
    ],
    docs=Swagger(),
    urls_namespace="api",
)


@api.exception_handler(SpeanError)
def _refused(request: HttpRequest, error: SpeanError) -> HttpResponse:
    note_refusal(request, error)
    return problem(request, error)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": ".".join(str(part) for part in found["loc"][1:]) or str(found["loc"][0]),
            "code": f"kernel.{found['type']}",
            "detail": found["msg"],
        }
        for found in error.errors
    ]
    return problem_response(
        status=422,
        code="kernel.not_valid",
        detail=_("Some fields are missing or not valid. Correct them and send it again."),
        errors=errors,
    )


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_response(
        status=401,
        code="kernel.not_signed_in",
        detail=_("Sign in first."),
        headers={"WWW-Authenticate": 'Bearer realm="spean"'},
    )


@api.exception_handler(Throttled)
def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problem_response(
        status=429,
        code="kernel.too_many_requests",
        detail=_("Too many requests. Wait a little, then go on."),
        headers={"Retry-After": str(int(error.wait or 60))},
    )


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(
        status=404, code="kernel.not_found", detail=_("Nothing is recorded at this address.")
    )


@api.exception_handler(HttpError)
def _bad_request(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_response(
        status=error.status_code,
        code="kernel.bad_request",
        detail=_("The request could not be read. Check its format."),
    )


@api.exception_handler(Exception)
def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    refusal = in_words(error)
    if refusal is not None:
        return problem(request, refusal)
    log.exception("api_error", path=request.path)
    return problem_response(
        status=500,
        code="kernel.our_fault",
        detail=_("Something went wrong here. Nothing was saved; try again later."),
    )
