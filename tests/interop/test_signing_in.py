"""A phone signs in with a key of its own, our browser form with its session."""

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import signing as django_signing
from django.test import Client
from django.utils import timezone
from requests.auth import HTTPDigestAuth
from requests.utils import parse_dict_header

from spean.fieldwork import actions
from spean.fieldwork.models import Device, RefusedUpload, Submission
from spean.interop.openrosa import nonces, signing
from spean.kernel.access import Actor, Purpose
from spean.kernel.models import RoleGrant, User
from tests.interop.conftest import (
    SUBMISSION,
    Phone,
    message,
    multipart,
    new_family,
    record,
    xml_part,
)

FORM_LIST = "/openrosa/formList"
ROLES = (
    "enumerator", "village_representative", "commune_clerk", "commune_council",
    "district_officer", "analyst", "auditor", "administrator",
)  # fmt: skip


def basic(name: str, key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode()}


def test_a_stranger_is_asked_for_a_digest_and_told_in_both_languages(client: Client) -> None:
    answer = client.get(FORM_LIST)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Digest realm="Spean"')
    assert "Basic" not in answer["WWW-Authenticate"]
    nature, text = message(answer)
    assert nature == "error"
    assert "Sign in" in text
    assert any("\u1780" <= letter <= "\u17ff" for letter in text)


def test_over_https_basic_is_offered_too(client: Client) -> None:
    answer = client.get(FORM_LIST, secure=True)

    assert answer["WWW-Authenticate"].index("Digest") < answer["WWW-Authenticate"].index("Basic")


def test_a_browser_is_not_made_to_ask_for_a_password(client: Client) -> None:
    answer = client.get(FORM_LIST, headers={"Sec-Fetch-Mode": "cors"})

    assert answer.status_code == 401
    assert "WWW-Authenticate" not in answer


def test_a_phone_signs_by_digest_and_goes_on_with_the_same_nonce(phone: Phone) -> None:
    answers = [phone.get(FORM_LIST) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert phone.count == 3
    assert answers[0]["X-OpenRosa-Version"] == "1.0"
    assert answers[0]["Date"].endswith("GMT")


def test_a_kept_library_signs_the_same(phone: Phone, client: Client) -> None:
    path = f"{SUBMISSION}?deviceID=collect%3Aabc%20d"
    library = HTTPDigestAuth(phone.username, phone.key)
    library.init_per_thread_state()
    challenge = client.head(path).headers["WWW-Authenticate"].removeprefix("Digest ")
    library._thread_local.chal = parse_dict_header(challenge)

    signed = library.build_digest_header("HEAD", f"http://testserver{path}")

    assert client.head(path, headers={"Authorization": signed}).status_code == 204


@pytest.mark.parametrize(
    "changes",
    [
        {"response": "0" * 32},
        {"response": "រ"},
        {"uri": "/openrosa/submission"},
        {"uri": "http://[/openrosa/formList"},
        {"username": "somebody"},
        {"username": ""},
        {"realm": "Another"},
        {"cnonce": ""},
    ],
)
def test_what_does_not_fit_is_asked_for_again(phone: Phone, changes: dict[str, str]) -> None:
    phone.challenged(phone.client.get(FORM_LIST))
    signed = phone.signature("GET", FORM_LIST, **changes)

    answer = phone.client.get(FORM_LIST, headers={"Authorization": signed})

    assert answer.status_code == 401
    assert "stale" not in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    "header", ["Digest", "Digest ,,,", 'Digest username="x', "Basic !!", "Bearer x", "Digest a=b"]
)
def test_a_header_that_is_none_is_asked_for_again(client: Client, db: None, header: str) -> None:
    answers = [client.get(FORM_LIST, headers={"Authorization": header}, secure=s) for s in (0, 1)]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_repeated_count_and_an_old_nonce_are_stale(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert phone.get(FORM_LIST).status_code == 200
    signed = phone.signature("GET", FORM_LIST)
    headers = {"Authorization": signed}
    assert phone.client.get(FORM_LIST, headers=headers).status_code == 200

    again = phone.client.get(FORM_LIST, headers=headers)
    monkeypatch.setattr(nonces, "LIFE", -1)
    late = phone.client.get(FORM_LIST, headers={"Authorization": phone.signature("GET", FORM_LIST)})

    assert again.status_code == late.status_code == 401
    assert "stale=true" in again["WWW-Authenticate"]
    assert "stale=true" in late["WWW-Authenticate"]


def test_a_phone_signs_again_by_itself_when_its_nonce_is_old(phone: Phone) -> None:
    phone.get(FORM_LIST)
    old = django_signing.TimestampSigner(key="another", salt="x").sign("nonce")
    phone.challenge = {**phone.challenge, "nonce": old}

    assert phone.get(FORM_LIST).status_code == 200


def test_counts_are_good_once_and_forgotten_in_time() -> None:
    counts = nonces.Counts(most=1)

    assert counts.take("a", 1)
    assert counts.take("a", 2)
    assert not counts.take("a", 1)
    assert counts.take("b", 1)
    assert counts.take("a", 1)


def test_basic_is_taken_over_https_only(phone: Phone, client: Client) -> None:
    headers = basic(phone.username, phone.key)

    assert client.get(FORM_LIST, headers=headers).status_code == 401
    assert client.get(FORM_LIST, headers=headers, secure=True).status_code == 200
    wrong = basic(phone.username, "wrong")
    assert client.get(FORM_LIST, headers=wrong, secure=True).status_code == 401


def test_the_password_of_the_account_opens_nothing(
    phone: Phone, client: Client, enumerator: Actor
) -> None:
    assert enumerator.user is not None
    enumerator.user.set_password("tonle-san-bridge")
    enumerator.user.save()

    answer = client.get(FORM_LIST, headers=basic(phone.username, "tonle-san-bridge"), secure=True)

    assert answer.status_code == 401


def test_wrong_keys_are_soon_not_tried_any_more(
    phone: Phone, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "WRONG_ALLOWED", 3)
    wrong, right = basic(phone.username, "wrong"), basic(phone.username, phone.key)

    statuses = [client.get(FORM_LIST, headers=wrong, secure=True).status_code for _ in range(4)]
    blocked = client.get(FORM_LIST, headers=right, secure=True)
    elsewhere = client.get(FORM_LIST, headers=right, secure=True, REMOTE_ADDR="10.0.0.9")

    assert statuses == [401, 401, 401, 429]
    assert blocked.status_code == 429
    assert blocked["Retry-After"] == "300"
    assert elsewhere.status_code == 200


def test_each_of_two_phones_signs_with_its_own_key(
    phone: Phone, phone_of: Callable[..., Phone], enumerator: Actor
) -> None:
    other = phone_of(enumerator)

    assert phone.get(FORM_LIST).status_code == other.get(FORM_LIST).status_code == 200
    assert Device.objects.filter(last_seen_at__isnull=False).count() == 2


def test_a_revoked_phone_is_refused_and_what_it_sent_is_kept(
    phone: Phone, device: Device, enumerator: Actor
) -> None:
    actions.revoke_device(device_id=device.pk, by=enumerator, at=timezone.now())
    xml = record("poverty_interview", new_family())

    answers = [phone.get(FORM_LIST), phone.head(), phone.post(xml_part(xml))]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "revoked" in message(answers[2])[1]
    kept = RefusedUpload.objects.get()
    assert (bytes(kept.raw), kept.username) == (xml, enumerator.name)
    assert kept.reason["code"] == "interop.phone_revoked"
    assert not Submission.objects.exists()


def test_a_closed_account_is_refused_and_what_it_sent_is_kept(
    phone: Phone, enumerator: Actor
) -> None:
    User.objects.filter(pk=enumerator.user.pk).update(is_active=False)  # type: ignore[union-attr]
    xml = record("poverty_interview", new_family())

    answers = [phone.post(xml_part(xml)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [403, 403]
    kept = RefusedUpload.objects.get()
    assert bytes(kept.raw) == xml
    assert kept.reason["code"] == "interop.account_disabled"


def test_of_a_wrong_key_nothing_is_kept(phone: Phone) -> None:
    phone.key = "wrong"

    answer = phone.post(xml_part(record("poverty_interview", new_family())))

    assert answer.status_code == 401
    assert not RefusedUpload.objects.exists()


def test_who_lost_the_role_is_refused_and_what_they_sent_is_kept(
    phone: Phone, enumerator: Actor
) -> None:
    RoleGrant.objects.filter(user=enumerator.user).update(end=date(2020, 1, 1))

    answer = phone.post(xml_part(record("poverty_interview", new_family())))

    assert answer.status_code == 403
    assert RefusedUpload.objects.get().reason["code"] == "kernel.not_allowed"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_answer(
    role: str, forms: Any, places: object, actor: Callable[..., Actor], client: Client
) -> None:
    user = actor(role, "160101", Purpose.TARGETING).user
    assert user is not None
    client.force_login(user)
    addresses = [
        FORM_LIST,
        "/openrosa/forms/poverty_interview/2026112301.xml",
        "/openrosa/forms/poverty_interview/2026112301/manifest",
        "/field/devices",
        "/field/devices/add",
    ]

    answers = {client.get(address).status_code for address in addresses}

    assert answers == {200 if role in ("enumerator", "commune_clerk") else 403}
    sent = client.head(SUBMISSION).status_code
    assert sent == (204 if role in ("enumerator", "commune_clerk") else 403)


def test_a_session_sends_with_its_token_in_the_header(
    forms: Any, enumerator: Actor, client: Client
) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert enumerator.user is not None
    strict.force_login(enumerator.user)
    token = strict.get("/api/v1/fieldwork/session").json()["csrf_token"]
    body = multipart(xml_part(record("poverty_interview", new_family())))
    kind = "multipart/form-data; boundary=collect-boundary"

    def send(**headers: str) -> Any:
        return strict.post(SUBMISSION, body, content_type=kind, headers=headers)

    assert send().status_code == 403
    assert send(**{"X-CSRFToken": "x" * 64}).status_code == 403
    assert not RefusedUpload.objects.exists()
    assert send(**{"X-CSRFToken": token}).status_code == 201
    assert Submission.objects.get().user == enumerator.user


def test_a_session_that_is_over_keeps_the_record_on_the_phone(client: Client, db: None) -> None:
    body = multipart(xml_part(record("poverty_interview", new_family())))
    kind = "multipart/form-data; boundary=collect-boundary"

    answer = client.post(SUBMISSION, body, content_type=kind, headers={"X-CSRFToken": "x"})

    assert answer.status_code == 401
    assert "WWW-Authenticate" not in answer
