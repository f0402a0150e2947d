"""A health record system that speaks FHIR, and a check of all that it is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class
from oauth2_provider.models import get_access_token_model, get_application_model

from spean.kernel.access import Actor
from spean.kernel.models import User
from spean.locations.models import Facility
from spean.registry import actions as registry
from spean.registry.models import Person
from spean.targeting.models import PovertyStatus
from tests.health_equity.conftest import facility_of, family_in, mother  # noqa: F401
from tests.registry.conftest import *  # noqa: F403 - families, cards and changes

BASE = "/fhir/R4"
FHIR_JSON = "application/fhir+json"


def checked(body: dict[str, Any]) -> dict[str, Any]:
    """Give a resource that R4B's models read and write back as it was."""
    model = get_fhir_model_class(body["resourceType"]).model_validate(body)
    again = json.loads(model.model_dump_json())
    assert _times_alike(again) == _times_alike(body)
    return body


def _times_alike(value: Any) -> Any:
    """Write moments alike: the model writes Z for +00:00."""
    if isinstance(value, dict):
        return {name: _times_alike(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_times_alike(part) for part in value]
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


@dataclass
class System:
    """Another system with a token; each answer of it is checked against R4B."""

    token: str
    language: str = "en"
    client: Client = field(default_factory=Client)

    def get(self, address: str, query: Any = None, **headers: str) -> Any:
        return self.ask("GET", address, query_params=query, headers=headers)

    def post(self, address: str, body: Any, **headers: str) -> Any:
        return self._send("POST", address, body, headers)

    def put(self, address: str, body: Any, **headers: str) -> Any:
        return self._send("PUT", address, body, headers)

    def find(self, resource_type: str, /, **query: Any) -> Any:
        """Search by POST, as is recommended for people."""
        answer = self.client.post(
            f"{BASE}/{resource_type}/_search", urlencode(query, doseq=True),
            content_type="application/x-www-form-urlencoded", headers=self._headers({}),
        )  # fmt: skip
        return self._seen(answer)

    def _send(self, method: str, address: str, body: Any, headers: dict[str, str]) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.ask(method, address, data=data, content_type=FHIR_JSON, headers=headers)

    def ask(self, method: str, address: str, *, headers: Any = None, **more: Any) -> Any:
        path = address.removeprefix("http://testserver")
        path = path if path.startswith("/") else f"{BASE}/{address}".rstrip("/")
        return self._seen(
            self.client.generic(method, path, headers=self._headers(headers or {}), **more)
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        written = {name.replace("_", "-"): value for name, value in more.items()}
        usual = {"Accept-Language": self.language} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        return usual | written

    def _seen(self, answer: Any) -> Any:
        assert answer.headers["Content-Type"] == f"{FHIR_JSON}; charset=utf-8"
        answer.body = json.loads(answer.content) if answer.content else None
        if answer.body and "resourceType" in answer.body:
            checked(answer.body)
        return answer


def ids(answer: Any) -> list[str]:
    """Give the ids of what a search found, in order."""
    assert answer.status_code == 200, answer.body
    return [
        entry["resource"]["id"]
        for entry in answer.body.get("entry", [])
        if entry["search"]["mode"] == "match"
    ]


def code(answer: Any) -> str:
    """Give the stable code of a refusal."""
    found: str = answer.body["issue"][0]["details"]["coding"][0]["code"]
    return found


@pytest.fixture
def system_of(user_of: Callable[..., User]) -> Callable[..., System]:
    """Sign a system in: `system_of("health_record_system", "160101", scope="system/*.rs")`."""

    def make(role: str, area: str = "", *, scope: str = "system/*.cruds") -> System:
        cache.clear()
        user = user_of(role, area)
        application, _ = get_application_model().objects.get_or_create(
            name=user.username, user=user, client_type="confidential",
            authorization_grant_type="client-credentials",
        )  # fmt: skip
        token = f"{user.username} {scope}"
        get_access_token_model().objects.create(
            application=application, token=token, scope=scope,
            expires=timezone.now() + timedelta(minutes=15),
        )  # fmt: skip
        return System(token)

    return make


@pytest.fixture
def records(system_of: Callable[..., System], places: object) -> System:
    """Give the record system of a health centre in the commune of Nhang."""
    return system_of("health_record_system", "160101")


@pytest.fixture
def covered(mother: Person, facility_of: Callable[..., Facility]) -> Person:  # noqa: F811
    """Give a mother whom the Fund covers for another year, near a health centre under contract."""
    facility_of()
    PovertyStatus.objects.update(end=timezone.localdate() + timedelta(days=365))
    return mother


@pytest.fixture
def people(places: Any) -> dict[str, Person]:
    """Register a mother with a child of a year, in the commune of Nhang."""
    today = timezone.localdate()
    made = registry.register_household(
        village=places["16010101"], address="", phone="", by=Actor.system("test"), on=today,
        not_duplicates=True,
        members=[
            registry.NewMember("សុខ", "ស្រីមុំ", "Sok", "Sreymom", "female",
                               today - timedelta(days=9000), "head"),
            registry.NewMember("សុខ", "ធីតា", "Sok", "Thida", "female",
                               today - timedelta(days=400), "child"),
        ],
    )  # fmt: skip
    rows = made.memberships.select_related("person")
    return {row.person.given_name_latin: row.person for row in rows}
