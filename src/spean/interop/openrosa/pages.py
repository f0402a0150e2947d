"""What phones ask for: the forms, the lists they read, and the way in for what was filled in."""

import hashlib
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_noop
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from spean.fieldwork import actions, queries
from spean.fieldwork.queries import FormVersion
from spean.interop.openrosa import documents
from spean.interop.openrosa.documents import ListedFile, ListedForm
from spean.interop.openrosa.edge import OpenRosaRequest, openrosa, xml
from spean.interop.openrosa.uploads import read_upload
from spean.kernel.errors import NotFound
from spean.kernel.i18n import in_both_languages
from spean.kernel.models import User

ARRIVED = gettext_noop("Arrived.")


@openrosa
@require_safe
def form_list(request: OpenRosaRequest) -> HttpResponse:
    """List the newest version of each form that the user may fill in."""
    wanted = request.GET.get("formID")
    found = queries.forms_for(cast(User, request.user))
    listed = [_listed(request, form) for form in found if wanted in (None, form.form_id)]
    return xml(documents.form_list(listed))


def _listed(request: OpenRosaRequest, form: FormVersion) -> ListedForm:
    return ListedForm(
        form_id=form.form_id,
        name=f"{form.title_km} · {form.title_en}",
        version=form.version,
        md5=form.md5,
        download_url=_url(request, "form", form),
        manifest_url=_url(request, "manifest", form) if form.media else "",
    )


def _url(request: OpenRosaRequest, page: str, form: FormVersion, **more: str) -> str:
    where = {"form_id": form.form_id, "version": form.version, **more}
    return request.build_absolute_uri(reverse(f"openrosa:{page}", kwargs=where))


@openrosa
@gzip_page
@require_safe
def form(request: OpenRosaRequest, form_id: str, version: str) -> HttpResponse:
    """Give a form as it was published; what has not changed is not sent again."""
    found = queries.form_version(form_id, version)
    return _unless_known(request, found.xform.encode(), "text/xml; charset=utf-8", found.md5)


@openrosa
@require_safe
def manifest(request: OpenRosaRequest, form_id: str, version: str) -> HttpResponse:
    """Say which lists a form reads, and how the user's own look today.

    They are no entity lists to ODK: those are for forms that make or change entities on the phone.
    """
    found = queries.form_version(form_id, version)
    listed = [
        ListedFile(name, _md5(_list(request, name)), _url(request, "media", found, name=name))
        for name in found.media
    ]
    return xml(documents.manifest(listed))


@openrosa
@gzip_page
@require_safe
def media(request: OpenRosaRequest, form_id: str, version: str, name: str) -> HttpResponse:
    """Give one of the lists that a form reads, of the user's own area."""
    if name not in queries.form_version(form_id, version).media:
        raise NotFound
    content = _list(request, name)
    return _unless_known(request, content, "text/csv; charset=utf-8", _md5(content))


def _list(request: OpenRosaRequest, name: str) -> bytes:
    return queries.entity_list(name, user=cast(User, request.user), on=timezone.localdate())


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _unless_known(
    request: OpenRosaRequest, content: bytes, content_type: str, md5: str
) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type, headers={"ETag": f'"{md5}"'})
    return cast(HttpResponse, get_conditional_response(request, f'"{md5}"', response=answer))


@openrosa
@require_http_methods(["HEAD", "POST"])
def submission(request: OpenRosaRequest) -> HttpResponse:
    """Take a filled-in form, or tell beforehand (HEAD) where to send it and how much at once."""
    here = request.build_absolute_uri(request.path)
    if request.method == "HEAD":
        most = settings.OPENROSA_LARGEST_BODY // 2
        return HttpResponse(
            status=204,
            headers={"Location": here, "X-OpenRosa-Accept-Content-Length": str(most)},
        )
    if not request.upload.was_read:
        read_upload(request, request.upload)
    device = request.device.pk if request.device else request.GET.get("deviceID", "")
    actions.receive_submission(
        xml=request.upload.xml,
        attachments=request.upload.files,
        device="".join(char for char in str(device) if char.isprintable()),
        by=request.actor,
        at=timezone.now(),
    )
    said = in_both_languages({"message": ARRIVED})
    answer = documents.response("submit_success", f"{said['km']}\n{said['en']}")
    return xml(answer, status=201, Location=here)
