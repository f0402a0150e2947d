"""Whatever is sent to the API, it answers as its OpenAPI document says, and never with a 5xx."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from oauth2_provider.models import get_access_token_model
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from spean.kernel import actions
from spean.kernel.access import Actor
from spean.kernel.models import RoleGrant
from spean.locations.models import Place

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the test's transaction: a request would close its connection at its end."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def everything(
    places: dict[str, Place], _one_connection: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Sign in a system that holds every role that the API serves, in the whole nation."""
    cache.clear()
    monkeypatch.setattr("ninja.throttling.SimpleRateThrottle.allow_request", lambda *_: True)
    system = Actor.system("test")
    user, client_id, _ = actions.create_system(name="everything", by=system)
    for role in ("commune_clerk", "commune_council", "district_officer", "health_worker"):
        RoleGrant.objects.create(user=user, role=role, area="", start="2020-01-01")
    get_access_token_model().objects.create(
        application=user.oauth2_provider_application.get(client_id=client_id),
        token="known",
        expires=timezone.now() + timedelta(hours=1),
        scope="registry targeting locations",
    )
    return {"Authorization": "Bearer known"}


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@pytest.mark.django_db
def test_no_request_breaks_an_operation(case: Any, everything: dict[str, str]) -> None:
    case.call_and_validate(headers=everything, checks=CHECKS)
