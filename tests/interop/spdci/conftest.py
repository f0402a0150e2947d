"""Families in two provinces' villages, and a partner that speaks the standard."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import rfc8785
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from oauth2_provider.models import get_access_token_model

from spean.interop.actions import Agreement, register_partner
from spean.interop.models import Partner
from spean.interop.spdci import signing
from spean.interop.spdci.registries import SCOPES
from spean.kernel import outbox
from spean.kernel.access import Actor
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.registry.models import Household
from tests.registry.conftest import new_member  # noqa: F401

DAY = date(2026, 11, 23)
BASE = "/api/dci/v1"
OTHER = "https://crvs.example.org"


def now() -> datetime:
    return timezone.now()


@dataclass
class Caller:
    """A partner's own program: its key, its token, its way of writing messages."""

    partner: Partner
    key: JWK
    client_id: str
    secret: str
    token: str = "known"
    client: Client = field(default_factory=Client)
    sign: bool = True

    def header(self, action: str, **more: Any) -> dict[str, Any]:
        usual = {
            "version": "1.0.0",
            "message_id": str(uuid4()),
            "message_ts": now().isoformat(),
            "action": action,
            "sender_id": self.partner.sender_id,
            "total_count": 1,
        }
        return usual | more

    def signed(self, header: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"header": dict(header), "message": dict(message)}
        if not self.sign:
            return whole
        made = JWS(rfc8785.dumps(whole))
        kid = self.key.thumbprint()
        made.add_signature(
            self.key, alg="EdDSA", protected=json.dumps({"alg": "EdDSA", "kid": kid})
        )
        first, _, last = made.serialize(compact=True).split(".")
        return {"signature": f"{first}..{last}", **whole}

    def post(self, path: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.post(
            f"{BASE}/{path}", raw, content_type="application/json", headers=sent | headers
        )

    def send(self, path: str, action: str, message: Mapping[str, Any], **header: Any) -> Any:
        return self.post(path, self.signed(self.header(action, **header), message))

    def search(self, *criteria: Mapping[str, Any], registry: str = "social", **header: Any) -> Any:
        return self.send(
            f"{registry}/registry/sync/search", "search", search_message(*criteria), **header
        )

    def records(self, criteria: Mapping[str, Any], registry: str = "social") -> list[Any]:
        answer = self.search(criteria, registry=registry)
        assert answer.status_code == 200, answer.content
        found = answer.json()["message"]["search_response"]
        assert found[0]["status"] == "succ", found
        return list(found[0]["data"]["reg_records"])


def search_message(*criteria: Mapping[str, Any], transaction: str = "") -> dict[str, Any]:
    return {
        "transaction_id": transaction or str(uuid4()),
        "search_request": [
            {
                "reference_id": str(number),
                "timestamp": now().isoformat(),
                "search_criteria": dict(one),
                "locale": "eng",
            }
            for number, one in enumerate(criteria)
        ],
    }


def expression(query: Any, **more: Any) -> dict[str, Any]:
    return {
        "query_type": "expression",
        "query": {"type": "ns:org:QueryType:expression", "value": {"expression": {"query": query}}},
        **more,
    }


def identifier(kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"query_type": "idtype-value", "query": {"type": kind, "value": value}, **more}


@pytest.fixture(autouse=True)
def _keys_of_this_test(tmp_path: Any, settings: Any, db: None) -> None:
    cache.clear()
    settings.EXCHANGE_KEYS = tmp_path / "exchange_keys"
    settings.CARD_KEYS = tmp_path / "card_keys"


@pytest.fixture
def caller(system: Actor) -> Callable[..., Caller]:
    """Register a partner: `caller(purpose="targeting", area="16")`."""

    def make(**agreed: Any) -> Caller:
        key = JWK.generate(kty="OKP", crv="Ed25519")
        public = key.export_public(as_dict=True) | {"kid": key.thumbprint()}
        usual = {
            "sender_id": "spmis.example.org",
            "purpose": "targeting",
            "registries": ("social", "ibr", "crvs", "dr"),
            "basis": "agreement",
            "keys": {"keys": [public]},
            "callback_hosts": ("spmis.example.org",),
        }
        agreement = Agreement(**(usual | agreed))
        partner, client_id, secret = register_partner(agreement=agreement, by=system, on=DAY)
        token = f"token-{partner.sender_id}"
        get_access_token_model().objects.create(
            application=partner.user.oauth2_provider_application.get(),
            token=token,
            expires=now() + timedelta(hours=1),
            scope=" ".join(SCOPES),
        )
        return Caller(partner, key, client_id, secret, token)

    return make


@pytest.fixture
def homes(
    places: dict[str, Place],
    system: Actor,
    new_member: Callable[..., Any],  # noqa: F811
) -> dict[str, Household]:
    """Register three families: Sok and Chan in Nhang, Keo in Phlov of another district."""

    def home(code: str, *members: Any) -> Household:
        return registry.register_household(
            village=places[code], address="", phone="", members=list(members), by=system, on=DAY,
            not_duplicates=True,
        )  # fmt: skip

    def child(**more: Any) -> Any:
        return new_member(relation="child", **more)

    return {
        "sok": home(
            "16010101",
            new_member(identifiers={"birth_certificate": "1234/1988"}),
            child(given_name_km="បុប្ផា", given_name_latin="Bopha", sex="female",
                  birth_date=date(2015, 5, 5)),
        ),
        "chan": home(
            "16010101",
            new_member(family_name_km="ចាន់", given_name_km="ធីតា", family_name_latin="Chan",
                       given_name_latin="Thida", sex="female", birth_date=date(1960, 3, 1)),
        ),
        "keo": home(
            "16020101",
            new_member(family_name_km="កែវ", given_name_km="ពិសី", family_name_latin="Keo",
                       given_name_latin="Pisey", birth_date=date(1990, 9, 9)),
            child(family_name_km="កែវ", given_name_km="រតនា", family_name_latin="Keo",
                  given_name_latin="Ratana", birth_date=date(2020, 1, 1)),
            child(family_name_km="កែវ", given_name_km="សុភា", family_name_latin="Keo",
                  given_name_latin="Sophea", sex="female", birth_date=date(2022, 2, 2)),
        ),
    }  # fmt: skip


@pytest.fixture
def civil(
    caller: Callable[..., Caller], homes: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Caller:
    """Give a civil registry: our own one, met over its own HTTP views, under our own name.

    It knows us by the sender id `spean` and signs with the key with which we sign, so that both
    sides are the real ones and only the wire is replaced.
    """
    signing.sign({}, {})  # the key is made at its first use
    published = dict(signing.published())
    made = caller(
        sender_id="spean", purpose="registration", keys=published, basis="authorize",
        address=f"{OTHER}/api/dci/v1/crvs", token_address=f"{OTHER}/oauth2/client/token",
        asks_registry="crvs", callback_hosts=("spean.example.org",),
    )  # fmt: skip
    made.partner.client_id = made.client_id
    made.partner.save()
    settings.SPDCI_SECRETS = {"spean": made.secret}
    settings.SPDCI_OWN_ADDRESS = "https://spean.example.org"

    def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        client, kind = Client(), headers["Content-Type"]
        path = urlsplit(url).path
        if kind == "application/x-www-form-urlencoded":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            answer = client.post(path, form)
        else:
            answer = client.post(path, body, content_type=kind, headers=dict(headers))
        return answer.status_code, answer.json()

    for place in ("asking", "sending", "tokens"):
        monkeypatch.setattr(f"spean.interop.spdci.{place}.post", post)
    return made


def deliver() -> int:
    """Let the worker do what it would do in the next minutes."""
    return sum(outbox.deliver_due() for _ in range(4))
