"""A channel's file of any size is taken in over the API, whole or not at all."""

import hashlib
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.payments.models import AnswerFile, Order, Payment
from tests.payments import messages
from tests.payments.conftest import HEADER, references

MEGABYTE = 1024 * 1024


def _put(client: Client, content: bytes, *, sha256: str = "", key: str = "") -> Any:
    of = sha256 or hashlib.sha256(content).hexdigest()
    return client.put(
        f"/api/v1/payments/answers/files/{of}?name=answers.csv", content,
        content_type="application/octet-stream",
        headers={"Idempotency-Key": key or str(uuid4())},
    )  # fmt: skip


def _paid(reference: str) -> bytes:
    return f"{HEADER}\n{reference},SUCCESS,100000,KHR,2026-11-05,T1,\n".encode()


def _many(reference: str) -> Iterator[bytes]:
    """Give the lines of a large file, one at a time."""
    yield _paid(reference)
    for number in range(60_000):
        yield f"NEVER-{number},PENDING,1,KHR,2026-11-05,T1,{'w' * 90}\n".encode()


def test_a_file_above_five_megabytes_is_taken_in_without_holding_it_in_memory(
    released: Order, client_of: Callable[..., Client]
) -> None:
    (a, *_) = references(released)
    client, arrived = client_of("payment_officer"), hashlib.sha256()
    size = sum(arrived.update(line) or len(line) for line in _many(a))

    _put(client, _paid("NEVER-1"))  # so that nothing is loaded for the first time

    tracemalloc.start()
    answer = client.generic(
        "PUT", f"/api/v1/payments/answers/files/{arrived.hexdigest()}?name=a.csv",
        headers={"Idempotency-Key": "k"},
        **{"wsgi.input": messages.Made(_many(a)), "CONTENT_LENGTH": str(size)},
    )  # fmt: skip
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 7 * MEGABYTE
    assert answer.json()["effects"] == {"paid": 1, "unknown": 60_000}
    assert Payment.objects.get(reference=a).state == "paid"
    assert most < 6 * MEGABYTE


def test_the_same_file_counts_once_whatever_its_key(
    released: Order, client_of: Callable[..., Client]
) -> None:
    a, b, _ = references(released)
    client = client_of("payment_officer")

    first = _put(client, _paid(a), key="one").json()

    assert _put(client, _paid(a), key="one").json() == first
    assert _put(client, _paid(a), key="two").json() == first
    assert _put(client, _paid(b), key="two").json()["code"] == "kernel.idempotency_key_reused"
    assert AnswerFile.objects.count() == 1
    listed = client.get("/api/v1/payments/answers").json()["items"]
    assert [one["sha256"] for one in listed] == [first["sha256"]]


def test_a_file_that_arrives_broken_off_is_refused_whole(
    released: Order, client_of: Callable[..., Client]
) -> None:
    (a, *_) = references(released)
    content = _paid(a)

    answer = _put(
        client_of("payment_officer"), content[:-9], sha256=hashlib.sha256(content).hexdigest()
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "kernel.not_whole"
    assert not AnswerFile.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_uploads_if_it_may(
    released: Order, client_of: Callable[..., Client], role: str
) -> None:
    (a, *_) = references(released)

    answer = _put(client_of(role), _paid(a))

    assert answer.status_code == (200 if role == "payment_officer" else 403)
