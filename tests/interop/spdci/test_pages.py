"""The officers' pages about the exchange: each answers each role, and does what it says."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from jwcrypto.jwk import JWK

from spean.config.roles import ROLES
from spean.interop.forms import GIVEN, WORKS
from spean.interop.models import Partner, Question
from spean.interop.spdci.attributes import FIELDS, shown_to
from spean.interop.spdci.registries import SCOPES
from spean.registry.models import Household
from tests.interop.spdci.conftest import Caller, expression, identifier

OWN = {"district_officer": "1601", "village_representative": "16010101", "administrator": "",
       "auditor": ""}  # fmt: skip
RELEASES = {"commune_clerk", "district_officer", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_each_page_answers_each_role(
    client_of: Callable[..., Client], homes: dict[str, Household], role: str
) -> None:
    client = client_of(role, OWN.get(role, "160101"))
    home, elsewhere = homes["sok"].pk, homes["keo"].pk
    admin, asks = role == "administrator", role == "district_officer"
    expected = {
        "/partners": 200 if admin else 403,
        "/partners/new": 200 if admin else 403,
        f"/households/{home}/released": 200 if role in RELEASES else 403,
        f"/households/{elsewhere}/released": 200 if role == "auditor" else 403,
        "/registries/ask": 200 if asks else 403,
        f"/registries/questions/{uuid4()}": 404 if asks else 403,
    }

    assert {page: client.get(page).status_code for page in expected} == expected
    closed = client.post(f"/partners/{uuid4()}/close").status_code
    assert closed == (404 if admin else 403)


@pytest.mark.parametrize("role", ROLES)
def test_only_a_partners_role_opens_the_standards_paths(
    caller: Callable[..., Caller], homes: Any, role: str, user_of: Callable[..., Any]
) -> None:
    asking = caller()
    asking.partner.user.grants.update(role=role)

    answer = asking.search(expression({"group_size": 1}))

    assert answer.status_code == (200 if role == "exchange_partner" else 403)


def test_an_administrator_adds_and_closes_a_partner(client_of: Callable[..., Client]) -> None:
    client = client_of("administrator", "")
    key = JWK.generate(kty="OKP", crv="Ed25519").export_public(as_dict=True)
    form = {
        "sender_id": "moh.example.org", "purpose": "care", "area": "16",
        "registries": ["social", "crvs"], "works": ["search", "status"],
        "fields_given": ["name", "birth_date"], "basis": "consent", "signing": "required",
        "keys": json.dumps({"keys": [key]}), "callback_hosts": "moh.example.org\nmoh2:8443",
        "address": "", "asks_registry": "", "token_address": "", "client_id": "",
    }  # fmt: skip

    shown = client.post("/partners/new", form)
    again = client.post("/partners/new", form | {"sender_id": "x", "keys": "{}"})
    wrong = client.post("/partners/new", form | {"sender_id": "y", "keys": "nothing"})

    partner = Partner.objects.get()
    assert shown.status_code == 200
    assert "Client secret" in shown.content.decode()
    assert partner.callback_hosts == ["moh.example.org", "moh2:8443"]
    assert partner.user.grants.get().area == "16"
    assert partner.scopes == ["registry/search", "registry/txn-status"]
    assert shown_to(partner) == {"name", "birth_date"}
    assert "not a JWK set" in again.content.decode()
    assert "no JSON object" in wrong.content.decode()
    client.post(f"/partners/{partner.pk}/close")
    partner.refresh_from_db()
    assert partner.closed_on is not None
    assert "Closed on" in client.get("/partners").content.decode()


def test_a_family_can_be_told_who_received_its_data(
    caller: Callable[..., Caller], homes: dict[str, Household], client_of: Callable[..., Client]
) -> None:
    asking = caller()
    asking.records(identifier("BRN", "1234/1988"))
    asking.records(identifier("BRN", "1234/1988", response_entity="Member"))

    page = client_of("commune_clerk", "160101").get(f"/households/{homes['sok'].pk}/released")

    text = page.content.decode()
    assert text.count("spmis.example.org") == 2
    assert "Targeting" in text
    assert "The whole household" in text


def test_an_officer_asks_for_a_birth(
    civil: Caller,
    client_of: Callable[..., Client],
) -> None:
    client = client_of("district_officer", "1601")
    form = {"partner": str(civil.partner.pk), "kind": "BRN", "number": "១២៣៤/1988"}

    answer = client.post("/registries/ask", form, follow=True)

    text = answer.content.decode()
    assert "សុខ ដារ៉ា" in text
    assert "1 February 1988" in text
    assert Question.objects.get().state == "answered"
    assert "Answered" in client.get("/registries/ask").content.decode()


def test_an_answer_is_shown_to_who_asked_only(
    civil: Caller,
    client_of: Callable[..., Client],
) -> None:
    client = client_of("district_officer", "1601")
    client.post("/registries/ask", {"partner": civil.partner.pk, "kind": "BRN", "number": "1"})
    other = client_of("district_officer", "1602")

    page = f"/registries/questions/{Question.objects.get().pk}"
    assert (client.get(page).status_code, other.get(page).status_code) == (200, 404)
    assert "knows nobody" in client.get(page).content.decode()


def test_every_scope_and_field_can_be_agreed_on() -> None:
    assert {scope for _label, scopes in WORKS.values() for scope in scopes} == set(SCOPES)
    assert set(GIVEN) == set(FIELDS)
