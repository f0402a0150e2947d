"""How tests write to the API."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client


def post(client: Client, address: str, body: object = None) -> Any:
    """Post to an address below /api/v1 under a key of its own; give the answer."""
    return client.post(
        f"/api/v1/{address}", "" if body is None else json.dumps(body),
        content_type="application/json", headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip
