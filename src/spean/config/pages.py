"""The first page, one's own account, and the choice of language."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from spean.config.home import waiting
from spean.kernel import access
from spean.kernel.access import Actor, Purpose, public, signed_in
from spean.kernel.models import User
from spean.locations.queries import Place

A_YEAR = 365 * 24 * 60 * 60


@require_GET
@signed_in(Purpose.ADMINISTRATION)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the visitor today."""
    actor: Actor = cast(Any, request).actor
    today = timezone.localdate()
    return render(
        request, "config/home.html", {"items": waiting(by=actor, on=today), "today": today}
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A role that the visitor holds, and where."""

    role: str
    area: str
    place: Place | None


@require_GET
@signed_in(Purpose.ADMINISTRATION)
def account(request: HttpRequest) -> HttpResponse:
    """Show the visitor their own name and roles, and where to make the account safer."""
    actor: Actor = cast(Any, request).actor
    places = Place.objects.filter(code__in=[area for _, area in actor.grants if area])
    by_code = {place.code: place for place in places}
    table = access.roles()
    held = [
        Held(gettext(table[role].label), area, by_code.get(area))
        for role, area in actor.grants
        if role in table
    ]
    return render(request, "config/account.html", {"held": held})


@require_POST
@public
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language that the visitor chose, and take them back to where they were."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = redirect(wanted if safe else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours without asking the database for anything."""
    return HttpResponse(render_to_string("500.html"), status=500)
