"""How the registry's API is called in tests."""

from typing import Any, Protocol

from django.test import Client

from spean.kernel.ids import new_id
from spean.kernel.models import User

BASE = "/api/v1/registry"


class Call(Protocol):
    """Call the API as somebody."""

    def __call__(
        self, user: User | None, method: str, path: str, body: dict[str, Any], *, key: str = ""
    ) -> Any: ...


def call(user: User | None, method: str, path: str, body: dict[str, Any], *, key: str = "") -> Any:
    """Call the API as a user, each write under a new key unless one is given."""
    client = Client()
    if user is not None:
        client.force_login(user)
    headers = {"Accept-Language": "en", "Idempotency-Key": key or str(new_id())}
    if method == "get":
        return client.get(BASE + path, body, headers=headers)
    return client.post(BASE + path, body, content_type="application/json", headers=headers)
