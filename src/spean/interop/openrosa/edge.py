"""What every OpenRosa address shares: who asks, in which words it is refused, which headers go out.

A phone is signed in here by its key, and from here on the request is its user's like any other: the
view below declares what it needs (`kernel.access`). Without a key the session counts, for our own
form in the browser; it must then show the CSRF token in the header X-CSRFToken.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from ninja.utils import check_csrf

from spean.fieldwork import actions
from spean.fieldwork.queries import Device
from spean.interop.openrosa import documents, signing
from spean.interop.openrosa.uploads import CutShort, Upload, read_upload
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor, note_refusal
from spean.kernel.errors import N_, SpeanError
from spean.kernel.i18n import in_both_languages, stored
from spean.kernel.models import User

SUBMIT = "fieldwork.submit"
PURPOSES = (Purpose.TARGETING, Purpose.REGISTRATION, Purpose.CARE)
P = ParamSpec("P")


class NotOurPage(SpeanError):
    """Refuse what another site had the browser send in the user's name."""

    code = "interop.not_our_page"
    message = N_("Open the page again and sign in, then send it again.")
    status = 403
    keep = False


class OpenRosaRequest(WithActor):
    """A request of a phone, or of our form in a browser (`device` is None)."""

    device: Device | None
    upload: Upload


View = Callable[Concatenate[OpenRosaRequest, P], HttpResponse]


def openrosa(view: View[P]) -> View[P]:
    """Declare an address of OpenRosa: for whoever may send forms, by key or by session."""
    guarded = access.declared(SUBMIT, purpose=PURPOSES)(view)

    @csrf_exempt
    @wraps(guarded)
    def answering(request: OpenRosaRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.device, request.upload = None, Upload()
        try:
            _sign_in(request)
            answer = guarded(request, *args, **kwargs)
        except SpeanError as error:
            note_refusal(request, error)
            _keep(request, error)
            answer = _refusal(request, error)
        return _with_headers(answer)

    return cast(View[P], answering)


def _sign_in(request: OpenRosaRequest) -> None:
    device = signing.device_asking(request)
    if device is not None:
        request.user, request.device = device.user, device
        signing.check_open(device)
        actions.note_seen(device=device, at=timezone.now())
    elif not request.user.is_authenticated:
        raise signing.SignInNeeded
    elif request.method == "POST":
        _check_our_page(request)


def _check_our_page(request: OpenRosaRequest) -> None:
    """Refuse a session's upload without our token. The body is read first: Django looks into it."""
    if "X-CSRFToken" not in request.headers:
        raise NotOurPage
    read_upload(request, request.upload)
    if check_csrf(request) is not None:
        raise NotOurPage


def _keep(request: OpenRosaRequest, error: SpeanError) -> None:
    """Keep a refused upload, if we know whose it is."""
    known = request.device is not None or request.user.is_authenticated
    if request.method != "POST" or not known or not getattr(error, "keep", True):
        return
    if not request.upload.was_read:
        try:
            read_upload(request, request.upload)
        except CutShort:
            return
        except SpeanError:
            pass  # what is wrong with the upload too matters less than why it is refused
    actions.keep_refused(
        error=error,
        username=cast(User, request.user).username,
        raw=request.upload.kept,
        size=request.upload.size,
        at=timezone.now(),
    )


def _refusal(request: HttpRequest, error: SpeanError) -> HttpResponse:
    said = in_both_languages(stored(error))
    answer = xml(documents.response("error", f"{said['km']}\n{said['en']}"), status=error.status)
    if error.status == 401 and not _is_browser(request):
        stale = isinstance(error, signing.NonceUsedUp)
        answer["WWW-Authenticate"] = signing.challenges(request, stale=stale)
    if error.status == 429:
        answer["Retry-After"] = str(signing.WRONG_FOR)
    return answer


def _is_browser(request: HttpRequest) -> bool:
    """Say whether a challenge would make a browser ask for a password of which we know nothing."""
    return any(name in request.headers for name in ("Sec-Fetch-Mode", "X-CSRFToken"))


def _with_headers(answer: HttpResponse) -> HttpResponse:
    answer["X-OpenRosa-Version"] = "1.0"
    answer["Date"] = http_date()
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def xml(document: bytes, *, status: int = 200, **headers: Any) -> HttpResponse:
    """Answer with an XML document, under the one content type that Collect takes."""
    return HttpResponse(
        document, status=status, content_type="text/xml; charset=utf-8", headers=headers
    )
