"""What every API operation shares."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from spean.kernel import actions
from spean.kernel.access import Actor, Purpose
from spean.kernel.models import AuditEntry, IdempotencyKey, RoleGrant, User
from spean.locations.models import Place

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.api_urls")]
PLACES = "/api/v1/registry/places"


@pytest.fixture
def clerk(user_of: Callable[..., User]) -> Client:
    cache.clear()
    client = Client()
    client.force_login(user_of("commune_clerk", "160101"))
    return client


def _add(client: Client, key: str = "k1", **body: str) -> Any:
    return client.post(
        PLACES,
        {"code": "26", "name_km": "ថ្មី"} | body,
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_a_list_is_read_to_its_end_by_cursor(clerk: Client, places: dict[str, Place]) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = clerk.get(PLACES, cursor).json()
        seen += [item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert seen == sorted(places)


@pytest.mark.parametrize("query", [{"cursor": "§"}, {"limit": "0"}, {"limit": "101"}])
def test_a_cursor_or_limit_that_makes_no_sense_is_refused(
    clerk: Client, places: dict[str, Place], query: dict[str, str]
) -> None:
    answer = clerk.get(PLACES, query)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_repeated_write_gets_the_first_answer_and_writes_once(clerk: Client) -> None:
    first, second = _add(clerk), _add(clerk)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Place.objects.filter(code="26").count() == 1


def test_a_key_used_for_another_write_is_refused(clerk: Client) -> None:
    _add(clerk)

    answer = _add(clerk, code="27")

    assert answer.status_code == 409
    assert answer.json()["code"] == "kernel.idempotency_key_reused"


def test_a_refused_write_can_be_corrected_under_the_same_key(clerk: Client) -> None:
    _add(clerk, key="k1")
    assert _add(clerk, key="k2").status_code == 409

    assert _add(clerk, key="k2", code="27").status_code == 201


def test_a_write_without_a_key_is_refused(clerk: Client) -> None:
    answer = clerk.post(PLACES, {"code": "26", "name_km": "x"}, content_type="application/json")

    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["Idempotency-Key"]


def test_a_field_that_is_not_known_is_named(clerk: Client) -> None:
    answer = _add(clerk, colour="red")

    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["body.colour"]
    assert not IdempotencyKey.objects.exists()


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    answer = Client().get(PLACES)

    assert answer.status_code == 401
    assert answer.json()["code"] == "kernel.not_signed_in"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_refusal_is_explained_and_audited(user_of: Callable[..., User]) -> None:
    client = Client()
    client.force_login(user_of("analyst", "16"))

    answer = client.get(PLACES)

    assert answer.status_code == 403
    assert answer.json()["code"] == "kernel.not_allowed"
    assert AuditEntry.objects.filter(kind="refusal", action="registry.search").count() == 1


def test_a_fault_of_ours_tells_nothing_and_is_a_problem_too(clerk: Client) -> None:
    clerk.raise_request_exception = False

    answer = clerk.get("/api/v1/registry/broken")

    assert answer.status_code == 500
    assert answer.json()["code"] == "kernel.our_fault"
    assert "ZeroDivision" not in answer.content.decode()


@pytest.fixture
def system_client(actor: Callable[..., Actor]) -> tuple[str, str]:
    cache.clear()
    user, client_id, secret = actions.create_system(
        name="moh-records", by=actor("administrator", "", Purpose.ADMINISTRATION)
    )
    RoleGrant.objects.create(user=user, role="commune_clerk", area="160101", start="2020-01-01")
    return client_id, secret


def _token(client_id: str, secret: str, **form: str) -> Any:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return Client().post(
        "/oauth2/token",
        {"grant_type": "client_credentials", "scope": "registry"} | form,
        headers={"Authorization": f"Basic {basic}"},
    )


def test_another_system_signs_in_and_acts_within_its_role(
    system_client: tuple[str, str], places: dict[str, Place]
) -> None:
    bearer = _token(*system_client).json()["access_token"]

    answer = Client().get(PLACES, headers={"Authorization": f"Bearer {bearer}"})

    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 3


def test_a_token_for_another_scope_is_refused(system_client: tuple[str, str]) -> None:
    bearer = _token(*system_client, scope="locations").json()["access_token"]

    assert Client().get(PLACES, headers={"Authorization": f"Bearer {bearer}"}).status_code == 401


@pytest.mark.parametrize("bearer", ["", "x", "ស្ពាន".encode().hex()])
def test_an_invented_token_is_refused(db: None, bearer: str) -> None:
    assert Client().get(PLACES, headers={"Authorization": f"Bearer {bearer}"}).status_code == 401


def test_a_wrong_secret_or_another_grant_gives_no_token(system_client: tuple[str, str]) -> None:
    assert _token(system_client[0], "wrong").status_code == 401
    assert _token(*system_client, grant_type="password").status_code == 400


def test_too_many_requests_are_told_to_wait(db: None) -> None:
    cache.clear()

    answers = [Client().post("/oauth2/token", {}) for _ in range(31)]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"
