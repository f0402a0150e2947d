"""Who may ask, and what becomes of messages that are not as they should be: never a 5xx."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from jwcrypto.jwk import JWK, JWKSet

from spean.interop.actions import close_partner
from spean.interop.models import Message
from spean.interop.spdci import signing
from spean.kernel.access import Actor
from tests.interop.spdci.conftest import DAY, Caller, expression, now, search_message

SYNC = "social/registry/sync/search"
ASYNC = "social/registry/search"
ANY = expression({"group_size": {"$gt": 0}})


@pytest.fixture
def asking(caller: Callable[..., Caller], homes: Any) -> Caller:
    return caller()


def code(answer: Any) -> str:
    """Give the code of a refusal, which must stand in both of its places."""
    body = answer.json()
    assert body["message"]["ack_status"] == "ERR"
    assert body["errors"][0]["message"] == body["message"]["error"]["message"]
    return str(body["message"]["error"]["code"])


def test_a_client_gets_its_token_at_the_standards_address(asking: Caller) -> None:
    form = {
        "grant_type": "client_credentials", "client_id": asking.client_id,
        "client_secret": asking.secret, "scope": "registry/search",
    }  # fmt: skip
    answer = Client().post("/api/dci/v1/social/oauth2/client/token", form)

    asking.token = answer.json()["access_token"]
    assert answer.json()["token_type"] == "Bearer"
    assert asking.search(ANY).status_code == 200
    subscribe = asking.send("social/registry/subscribe", "subscribe", {})
    assert (subscribe.status_code, code(subscribe)) == (403, "err.request.forbidden")


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_without_a_good_token_nothing_is_read(asking: Caller, token: str) -> None:
    asking.token = token

    answer = asking.post(SYNC, b"not even JSON")

    assert (answer.status_code, code(answer)) == (401, "err.request.unauthorized")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_closed_partner_is_answered_no_more(asking: Caller, system: Actor) -> None:
    close_partner(partner=asking.partner, by=system, on=DAY)

    answer = asking.search(ANY)

    assert (answer.status_code, code(answer)) == (403, "err.request.forbidden")


def test_a_registry_outside_the_agreement_is_refused(caller: Callable[..., Caller]) -> None:
    answer = caller(registries=("social",)).search(ANY, registry="crvs")

    assert (answer.status_code, code(answer)) == (403, "err.request.forbidden")


def test_a_signature_that_does_not_fit_is_refused(asking: Caller) -> None:
    body = asking.signed(asking.header("search"), search_message(ANY))
    body["message"]["transaction_id"] = "another"

    answer = asking.post(SYNC, body)

    assert (answer.status_code, code(answer)) == (401, "err.signature.invalid")


@pytest.mark.parametrize("signature", ["x", "a.b.c", "..", "e30..e30", "é..é", "a" * 9999])
def test_what_is_no_signature_is_refused(asking: Caller, signature: str) -> None:
    body = asking.signed(asking.header("search"), search_message(ANY)) | {"signature": signature}

    answer = asking.post(SYNC, body)

    assert (answer.status_code, code(answer)) == (401, "err.signature.invalid")


def test_anothers_key_does_not_sign_for_the_partner(asking: Caller) -> None:
    asking.key = JWK.generate(kty="OKP", crv="Ed25519")

    assert code(asking.search(ANY)) == "err.signature.invalid"


@pytest.mark.parametrize("signature", ["", "unsigned", "unsigned-stub"])
def test_an_unsigned_message_is_for_test_partners_only(
    caller: Callable[..., Caller], homes: Any, signature: str
) -> None:
    strict = caller()
    tests = caller(sender_id="tests.example.org", signing="unsigned", keys={})
    answers = []
    for one in (strict, tests):
        body = {"header": one.header("search"), "message": search_message(ANY)}
        answers.append(one.post(SYNC, body | {"signature": signature}))

    assert (answers[0].status_code, code(answers[0])) == (401, "err.signature.missing")
    assert answers[1].status_code == 200


def test_a_test_partners_wrong_signature_is_refused_all_the_same(
    caller: Callable[..., Caller],
) -> None:
    tests = caller(signing="unsigned")
    body = tests.signed(tests.header("search"), search_message(ANY)) | {"signature": "hello"}

    assert code(tests.post(SYNC, body)) == "err.signature.invalid"


def test_what_we_answer_is_signed_with_our_published_key(asking: Caller) -> None:
    body = asking.search(ANY).json()

    keys = JWKSet.from_json(json.dumps(Client().get("/.well-known/jwks.json").json()))
    assert signing.is_signed(body["signature"], body, keys)
    body["message"]["search_response"][0]["data"]["reg_records"] = []
    assert not signing.is_signed(body["signature"], body, keys)


def test_a_message_is_taken_once(asking: Caller) -> None:
    body = asking.signed(asking.header("search"), search_message(ANY))

    first, second = asking.post(SYNC, body), asking.post(SYNC, body)

    assert first.status_code == 200
    assert (second.status_code, code(second)) == (400, "err.request.bad")
    assert second.json()["header"]["status_reason_code"] == "rjct.message_id.duplicate"
    assert second.json()["errors"][0]["code"] == "rjct.message_id.duplicate"


@pytest.mark.parametrize("minutes", [-11, 11])
def test_a_message_of_another_time_is_refused(asking: Caller, minutes: int) -> None:
    at = (now() + timedelta(minutes=minutes)).isoformat()

    answer = asking.search(ANY, message_ts=at)

    assert answer.status_code == 400
    assert answer.json()["header"]["status_reason_code"] == "rjct.message_ts.invalid"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"version": "0.9.0"}, "err.version.not_supported"),
        ({"sender_id": "somebody.else"}, "err.sender_id.invalid"),
        ({"receiver_id": "somebody.else"}, "err.receiver_id.invalid"),
        ({"is_msg_encrypted": True}, "err.encryption.invalid"),
        ({"total_count": -1}, "err.request.bad"),
        ({"message_ts": "2026-11-27T08:00:00"}, "err.request.bad"),
        ({"message_ts": "yesterday"}, "err.request.bad"),
        ({"message_id": "x" * 100}, "err.request.bad"),
        ({"message_id": ""}, "err.request.bad"),
    ],
)
def test_a_header_that_is_not_as_it_should_be_is_refused(
    asking: Caller, header: dict[str, Any], expected: str
) -> None:
    assert code(asking.search(ANY, **header)) == expected


def test_the_action_is_that_of_the_path(asking: Caller) -> None:
    answer = asking.send(SYNC, "subscribe", search_message(ANY))

    assert answer.json()["header"]["status_reason_code"] == "rjct.action.invalid"


@pytest.mark.parametrize(
    "uri",
    [
        "https://elsewhere.example.org/on-search",
        "https://spmis.example.org:8443/on-search",
        "https://spmis.example.org@elsewhere.example.org/on-search",
        "https://user@spmis.example.org/on-search",
        "ftp://spmis.example.org/on-search",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x",
        "http://spmis.example.org:port/x",
    ],
)
def test_only_registered_hosts_are_ever_called(asking: Caller, uri: str) -> None:
    answer = asking.send(ASYNC, "search", search_message(ANY), sender_uri=uri)

    assert answer.status_code == 400
    assert code(answer) in {"err.sender_uri.invalid", "err.request.bad"}


def _deep(levels: int) -> bytes:
    return b'{"header":' + b'{"a":' * levels + b"1" + b"}" * (levels + 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b'{"header": {}, "header": {}}',
        b'{"header": NaN}',
        b'{"header": 1e999}',
        b'{"header": ' + b"9" * 5000 + b"}",
        b'{"header": {"message_id": "\\u0000"}}',
        b'{"header": {"message_id": "\\ud800"}}',
        _deep(30),
        _deep(20_000),
        b"[" * 100_000,
        b'{"header": {}, "message": []}',
        b'{"header": [], "message": {}}',
    ],
)
def test_what_is_no_message_is_refused(asking: Caller, raw: bytes) -> None:
    answer = asking.post(SYNC, raw)

    assert (answer.status_code, code(answer)) == (400, "err.request.bad")


def test_a_message_beyond_the_limit_is_refused_unread(asking: Caller, settings: Any) -> None:
    answer = asking.post(SYNC, b" " * (settings.SPDCI_LARGEST_BODY + 1))

    assert (answer.status_code, code(answer)) == (413, "err.request.bad")


def test_more_messages_than_agreed_have_to_wait(asking: Caller, settings: Any) -> None:
    settings.SPDCI_RATE = 2

    answers = [asking.search(ANY), asking.post(SYNC, b"broken"), asking.search(ANY)]

    assert [answer.status_code for answer in answers] == [200, 400, 429]
    assert code(answers[2]) == "err.request.too_many_requests"
    assert Message.objects.filter(refused="interop.message_refused").count() == 1


def test_more_requests_than_are_taken_at_once_are_refused(asking: Caller) -> None:
    answer = asking.search(*[ANY] * 21)

    assert answer.json()["header"]["status_reason_code"] == "rjct.total_count.limit_exceeded"


@pytest.mark.parametrize("place", ["inside", "beside"])
@pytest.mark.parametrize(
    "page", [{"page_size": 0}, {"page_size": 5, "page_number": 0}, {"page_size": 1.5}]
)
def test_pages_count_from_one_wherever_they_stand(
    asking: Caller, place: str, page: dict[str, Any]
) -> None:
    message = search_message(ANY)
    request = message["search_request"][0]
    (request["search_criteria"] if place == "inside" else request)["pagination"] = page

    answer = asking.send(SYNC, "search", message)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "rjct.pagination.invalid"


def test_a_locale_is_three_small_letters(asking: Caller) -> None:
    message = search_message(ANY)
    message["search_request"][0]["locale"] = "en"

    assert code(asking.send(SYNC, "search", message)) == "err.request.bad"


@pytest.mark.parametrize("path", ["", "social", "social/registry/nothing", "nothing/registry/x"])
def test_every_path_answers_in_json(asking: Caller, path: str) -> None:
    answer = asking.post(path, {})

    assert (answer.status_code, code(answer)) == (404, "err.request.not_found")


def test_a_path_that_is_read_only_by_post_is_not_found_otherwise(asking: Caller) -> None:
    answer = asking.client.get(
        f"/api/dci/v1/{SYNC}", headers={"Authorization": f"Bearer {asking.token}"}
    )

    assert (answer.status_code, code(answer)) == (404, "err.request.not_found")


def test_a_message_may_come_as_a_file_in_a_form(asking: Caller) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    body = asking.signed(asking.header("search"), search_message(ANY))
    file = SimpleUploadedFile("search.json", json.dumps(body).encode(), "application/json")
    answer = asking.client.post(
        f"/api/dci/v1/{ASYNC}",
        {"action": "search", "fileFormat": "json", "fileName": file},
        headers={"Authorization": f"Bearer {asking.token}"},
    )

    assert answer.json()["message"]["ack_status"] == "ACK"
