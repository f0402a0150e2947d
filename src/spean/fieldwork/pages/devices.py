"""A user's own phones: give one a key for ODK Collect, take it away."""

import base64
import json
import zlib
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.fieldwork import actions, forms, queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError

SUBMIT = "fieldwork.submit"
PURPOSES = (Purpose.TARGETING, Purpose.REGISTRATION, Purpose.CARE)
SERVER = "/openrosa"


@require_GET
@access.declared(SUBMIT, purpose=PURPOSES)
def devices(request: WithActor) -> HttpResponse:
    """List one's own phones."""
    return render(request, "fieldwork/devices.html", {"rows": queries.devices(by=request.actor)})


@require_http_methods(["GET", "POST"])
@access.declared(SUBMIT, purpose=PURPOSES)
def add_device(request: WithActor) -> HttpResponse:
    """Give a phone a key, and show it this once."""
    form = forms.DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_device(name=form.cleaned_data["name"], by=request.actor)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return _shown_once(request, added)
    return render(request, "fieldwork/devices_add.html", {"form": form})


def _shown_once(request: WithActor, added: actions.AddedDevice) -> HttpResponse:
    server = request.build_absolute_uri(SERVER)
    username = added.device.user.username
    context = {
        "device": added.device,
        "server": server,
        "username": username,
        "key": added.key,
        "qr": _qr(collect_settings(server, username, added.key)),
    }
    response = render(request, "fieldwork/devices_key.html", context)
    response["Cache-Control"] = "no-store"
    return response


def collect_settings(server: str, username: str, key: str) -> str:
    """Write the settings of ODK Collect as its QR code holds them (docs.getodk.org/collect-qr).

    The forms follow the server, and what is finished is sent as soon as there is a network.
    """
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": server,
            "username": username,
            "password": key,
            "metadata_username": username,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": "Spean"},
    }
    return base64.b64encode(zlib.compress(json.dumps(settings).encode(), 9)).decode()


def _qr(text: str) -> str:
    drawn = segno.make(text, error="l", micro=False, boost_error=False)
    return str(drawn.svg_data_uri(border=4, scale=4))


@require_http_methods(["GET", "POST"])
@access.declared(SUBMIT, purpose=PURPOSES)
def revoke_device(request: WithActor, device_id: UUID) -> HttpResponse:
    """Take a phone's key away, once that is confirmed."""
    if request.method == "POST":
        actions.revoke_device(device_id=device_id, by=request.actor, at=timezone.now())
        messages.success(request, _("The phone is revoked: its key opens nothing any more."))
        return redirect("fieldwork:devices")
    found = queries.device(device_id, by=request.actor)
    return render(request, "fieldwork/devices_revoke.html", {"device": found})
