import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry, User
from spean.kernel.periods import Period, add_months
from spean.registry import actions
from spean.registry.models import EquityCard, Household

ROLES = (
    "village_representative", "commune_clerk", "commune_council", "district_officer",
    "health_worker", "analyst", "auditor", "administrator",
)  # fmt: skip


@pytest.fixture
def held(family: Household, own_keys: None, system: Actor) -> EquityCard:
    """Issue a card that holds today, whatever the day."""
    today = timezone.localdate()
    return actions.issue_card(
        household=family,
        category="poor_1",
        valid=Period(today, add_months(today, 36)),
        by=system,
        on=today,
    )


@pytest.fixture
def signed_in(user_of: Callable[..., User]) -> Callable[..., Client]:
    def make(role: str, area: str = "1601") -> Client:
        client = Client()
        client.force_login(user_of(role, area))
        client.cookies["spean_language"] = "en"
        return client

    return make


def url(card: EquityCard, rest: str = "") -> str:
    return f"/cards/{card.number}{rest}"


PAGES: dict[str, set[str]] = {
    "card": {"village_representative", "commune_clerk", "commune_council", "district_officer"},
    "pdf": {"commune_clerk", "district_officer"},
    "revoke": {"district_officer"},
    "check": {"health_worker"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_pages_of_the_card_and_no_other(
    held: EquityCard, signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role)
    addresses = {
        "card": url(held),
        "pdf": url(held, "/pdf"),
        "revoke": url(held, "/revoke"),
        "check": "/cards/check",
    }

    answers = {name: client.get(address).status_code for name, address in addresses.items()}

    assert answers == {name: 200 if role in allowed else 403 for name, allowed in PAGES.items()}


def test_a_stranger_is_asked_to_sign_in(held: EquityCard, client: Client) -> None:
    assert client.get(url(held)).status_code == 302
    assert client.get("/cards/check").status_code == 302


def test_a_card_of_another_district_is_refused(
    held: EquityCard, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("district_officer", "1602")

    assert client.get(url(held)).status_code == 403
    assert AuditEntry.objects.filter(kind="refusal").exists()


@pytest.mark.parametrize("number", ["1", "160000000199", "%00", "ក"])
def test_a_number_that_is_no_card_is_not_found(
    db: None, signed_in: Callable[..., Client], number: str
) -> None:
    assert signed_in("district_officer").get(f"/cards/{number}").status_code == 404


def test_the_printed_card_is_a_pdf(held: EquityCard, signed_in: Callable[..., Client]) -> None:
    answer = signed_in("commune_clerk", "160101").get(url(held, "/pdf?sheet=1"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "no-store"


def test_the_check_page_says_covered_in_words(
    held: EquityCard, signed_in: Callable[..., Client]
) -> None:
    answer = signed_in("health_worker").post("/cards/check", {"card": held.token})

    page = answer.content.decode()
    assert "Covered" in page
    assert "spean-verdict--good" in page
    assert "Sok Bopha" in page
    assert held.token not in page
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("typed", "words"),
    [("160000000100", "Wrong number"), ("SPN1:AAAA", "Could not be read"), ("", "This field")],
)
def test_the_check_page_says_what_is_wrong(
    held: EquityCard, signed_in: Callable[..., Client], typed: str, words: str
) -> None:
    page = signed_in("health_worker").post("/cards/check", {"card": typed}).content.decode()

    assert words in page


def test_a_revoked_card_is_refused_on_the_check_page(
    held: EquityCard, signed_in: Callable[..., Client]
) -> None:
    officer = signed_in("district_officer")

    refused = officer.post(url(held, "/revoke"), {"reason": ""})
    done = officer.post(url(held, "/revoke"), {"reason": "Moved abroad"}, follow=True)

    assert "govuk-error-summary" in refused.content.decode()
    assert "Moved abroad" in done.content.decode()
    checked = signed_in("health_worker").post("/cards/check", {"card": held.number})
    assert "spean-verdict--bad" in checked.content.decode()
    assert "Moved abroad" not in checked.content.decode()


def test_the_public_keys_are_open_to_all(held: EquityCard, client: Client) -> None:
    answer = client.get("/.well-known/spean-card-keys.json")

    (key,) = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "EdDSA")
    assert "d" not in key
    assert answer["Access-Control-Allow-Origin"] == "*"


def post(client: Client, path: str, body: dict[str, Any], key: str = "k1") -> Any:
    return client.post(
        f"/api/v1/registry{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key, "Accept-Language": "en"},
    )


def test_a_system_checks_a_card_over_the_api(
    held: EquityCard, signed_in: Callable[..., Client]
) -> None:
    answer = post(signed_in("health_worker"), "/cards/check", {"card": held.token})

    body = answer.json()
    assert answer.status_code == 200
    assert (body["outcome"], body["covered"], body["title"]) == ("covered", True, "Covered")
    assert set(body["members"][0]) == {"name_km", "name_en", "age"}
    assert body["members"][0]["name_en"] == "Sok Dara"


@pytest.mark.parametrize("text", ["\0", "x" * 1001, ""])
def test_odd_texts_never_break_the_api(
    db: None, signed_in: Callable[..., Client], text: str
) -> None:
    answer = post(signed_in("health_worker"), "/cards/check", {"card": text})

    assert answer.status_code in {200, 422}


def test_a_card_is_read_printed_and_revoked_over_the_api(
    held: EquityCard, signed_in: Callable[..., Client]
) -> None:
    officer = signed_in("district_officer")
    base = f"/api/v1/registry/cards/{held.number}"

    assert officer.get(base).json()["category"] == "poor_1"
    assert officer.get(f"{base}/pdf").content.startswith(b"%PDF-")
    first = post(officer, f"/cards/{held.number}/revoke", {"reason": "Not poor"})
    again = post(officer, f"/cards/{held.number}/revoke", {"reason": "Not poor"})
    other = post(officer, f"/cards/{held.number}/revoke", {"reason": "Not poor"}, key="k2")

    assert (first.status_code, first.json()["revoked_because"]) == (200, "Not poor")
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "registry.card_already_revoked")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_answers_over_the_api(
    held: EquityCard, signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role)
    base = f"/api/v1/registry/cards/{held.number}"

    answers = {
        "card": client.get(base).status_code,
        "pdf": client.get(f"{base}/pdf").status_code,
        "check": post(client, "/cards/check", {"card": held.number}).status_code,
        "revoke": post(client, f"/cards/{held.number}/revoke", {"reason": "x"}).status_code,
    }

    assert answers == {name: 200 if role in allowed else 403 for name, allowed in PAGES.items()}
