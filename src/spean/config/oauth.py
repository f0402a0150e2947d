"""Sign-in of other systems: OAuth2 client credentials, and nothing else."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.throttling import AnonRateThrottle
from oauth2_provider.scopes import SettingsScopes
from oauth2_provider.views import TokenView

from spean.interop.fhir.scopes import grantable
from spean.interop.fhir.table import RESOURCES
from spean.kernel.access import public
from spean.kernel.api import problem_response

_throttle = AnonRateThrottle(settings.API_RATE_ANONYMOUS)
_token = TokenView.as_view()


class Scopes(SettingsScopes):  # type: ignore[misc]
    """The scopes of the API, one a module, and SMART's, which must be asked for by name."""

    def get_available_scopes(self, *args: Any, **kwargs: Any) -> list[str]:
        """Give every scope that a system may ask for."""
        return [*super().get_available_scopes(*args, **kwargs), *grantable(RESOURCES)]


@public
@csrf_exempt
def token(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Give an access token for a client's id and secret (RFC 6749, section 4.4)."""
    if not _throttle.allow_request(request):
        return problem_response(
            status=429,
            code="kernel.too_many_requests",
            detail=_("Too many requests. Wait a little, then go on."),
            headers={"Retry-After": "60"},
        )
    if request.POST.get("grant_type") not in {None, "client_credentials"}:
        return problem_response(
            status=400,
            code="kernel.grant_type_not_supported",
            detail=_("Only the client_credentials grant is offered."),
            field="grant_type",
        )
    return cast(HttpResponse, _token(request, *args, **kwargs))
