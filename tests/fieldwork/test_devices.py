"""A user's own phones: each gets a key, shown once; each can lose it."""

import base64
import json
import re
import zlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import pytest
import vl_convert
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image

from spean.fieldwork import actions, queries
from spean.fieldwork.models import Device
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, NotFound
from spean.kernel.models import AuditEntry, User

SHOWN_KEY = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){5}")


@pytest.fixture
def enumerator(actor: Callable[..., Actor], places: object) -> Actor:
    """Give an enumerator of the commune of Nhang."""
    return actor("enumerator", "160101", Purpose.TARGETING)


@pytest.fixture
def page(enumerator: Actor, client: Client) -> Client:
    """Give the enumerator's browser, in English."""
    assert enumerator.user is not None
    client.force_login(enumerator.user)
    client.cookies["spean_language"] = "en"
    return client


def test_a_phone_gets_a_key_of_which_only_a_hash_is_kept(enumerator: Actor) -> None:
    added = actions.add_device(name="Samsung", by=enumerator)

    assert SHOWN_KEY.fullmatch(added.key)
    assert added.device.ha1 == queries.ha1(enumerator.name, added.key)
    assert added.key not in str(list(Device.objects.values()))
    line = AuditEntry.objects.get(action="fieldwork.add_device")
    assert (line.actor, line.subject_id) == (enumerator.name, str(added.device.pk))


def test_no_two_keys_are_alike(enumerator: Actor) -> None:
    keys = {actions.add_device(name="Samsung", by=enumerator).key for _ in range(5)}

    assert len(keys) == 5


def test_nobody_carries_eleven_phones(enumerator: Actor) -> None:
    phones = [actions.add_device(name=f"{n}", by=enumerator) for n in range(10)]

    with pytest.raises(actions.TooManyPhones):
        actions.add_device(name="one more", by=enumerator)
    actions.revoke_device(device_id=phones[0].device.pk, by=enumerator, at=timezone.now())

    assert actions.add_device(name="one more", by=enumerator)


def test_who_fills_in_no_forms_gets_no_key(actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        actions.add_device(name="Samsung", by=actor("auditor"))


def test_a_phone_is_revoked_once_and_by_its_owner(
    enumerator: Actor, actor: Callable[..., Actor]
) -> None:
    device = actions.add_device(name="Samsung", by=enumerator).device
    other = actor("commune_clerk", "160101", Purpose.TARGETING)
    now = timezone.now()

    with pytest.raises(NotFound):
        actions.revoke_device(device_id=device.pk, by=other, at=now)
    actions.revoke_device(device_id=device.pk, by=enumerator, at=now)
    with pytest.raises(actions.RevokedAlready):
        actions.revoke_device(device_id=device.pk, by=enumerator, at=now)

    device.refresh_from_db()
    assert (device.revoked_at, device.revoked_by) == (now, enumerator.name)
    assert AuditEntry.objects.filter(action="fieldwork.revoke_device").count() == 1


def test_a_phone_is_noted_at_most_once_an_hour(enumerator: Actor) -> None:
    device = actions.add_device(name="Samsung", by=enumerator).device
    first = timezone.now()

    for minutes in (0, 59, 61):
        actions.note_seen(device=device, at=first + timedelta(minutes=minutes))
        device.refresh_from_db()
        expected = 61 if minutes == 61 else 0
        assert device.last_seen_at == first + timedelta(minutes=expected)


def test_those_in_use_stand_before_those_revoked(enumerator: Actor) -> None:
    old, lost, new = (
        actions.add_device(name=n, by=enumerator).device for n in ["old", "lost", "new"]
    )
    actions.revoke_device(device_id=lost.pk, by=enumerator, at=timezone.now())

    assert list(queries.devices(by=enumerator)) == [new, old, lost]
    assert queries.devices_called(enumerator.name) == [new, old, lost]
    assert queries.devices_called("nobody") == queries.devices_called("") == []


def test_the_page_shows_the_key_once_with_its_qr_code(page: Client, enumerator: Actor) -> None:
    answer = page.post("/field/devices/add", {"name": "Samsung"})

    text = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    found = SHOWN_KEY.search(text)
    assert found is not None
    drawn = re.search(r'src="(data:image/svg[^"]+)"', text)
    assert drawn is not None
    assert _settings(drawn[1].replace("&#x27;", "'"))["general"] == {
        "protocol": "odk_default",
        "server_url": "http://testserver/openrosa",
        "username": enumerator.name,
        "password": found[0],
        "metadata_username": enumerator.name,
        "form_update_mode": "match_exactly",
        "autosend": "wifi_and_cellular",
    }
    assert found[0] not in page.get("/field/devices").content.decode()


def _settings(uri: str) -> dict[str, dict[str, str]]:
    """Read a QR code as ODK Collect does."""
    svg = unquote_to_bytes(uri.partition(",")[2]).decode()
    picture = Image.open(BytesIO(vl_convert.svg_to_png(svg, scale=2))).convert("RGBA")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture)
    (code,) = zxingcpp.read_barcodes(page.convert("L"))
    found: dict[str, dict[str, str]] = json.loads(zlib.decompress(base64.b64decode(code.text)))
    return found


def test_the_page_lists_and_revokes(page: Client, enumerator: Actor) -> None:
    device = actions.add_device(name="Lost Samsung", by=enumerator).device
    where = f"/field/devices/{device.pk}/revoke"

    assert "Lost Samsung" in page.get("/field/devices").content.decode()
    assert "Lost Samsung" in page.get(where).content.decode()
    assert page.post(where)["Location"] == "/field/devices"
    assert "Revoked" in page.get("/field/devices").content.decode()
    assert page.post(where).status_code == 409


def test_another_users_phone_is_not_there(
    page: Client, actor: Callable[..., Actor], user_of: Callable[..., User]
) -> None:
    theirs = actions.add_device(name="x", by=actor("commune_clerk", "160101", Purpose.TARGETING))

    for device_id in (theirs.device.pk, uuid4()):
        assert page.get(f"/field/devices/{device_id}/revoke").status_code == 404
        assert page.post(f"/field/devices/{device_id}/revoke").status_code == 404
    assert "x" not in [one.name for one in Device.objects.filter(revoked_at__isnull=False)]


def test_the_page_says_what_is_missing_and_when_there_are_too_many(
    page: Client, enumerator: Actor
) -> None:
    nameless = page.post("/field/devices/add", {"name": ""})
    for n in range(10):
        actions.add_device(name=f"{n}", by=enumerator)
    one_more = page.post("/field/devices/add", {"name": "one more"})

    assert "Enter" in nameless.content.decode() or "required" in nameless.content.decode()
    assert "10 phones in use" in one_more.content.decode()
    assert Device.objects.count() == 10
