"""News between modules: in the writer's transaction, or kept until delivered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from spean.kernel import outbox
from spean.kernel.models import OutboxMessage


@dataclass(frozen=True)
class BridgeBuilt:
    village: str


heard: list[BridgeBuilt] = []
delivered: list[tuple[str, dict[str, Any]]] = []
out_of_order = {"down": False}


def _deliver(event: str, body: dict[str, Any]) -> None:
    if out_of_order["down"]:
        raise ConnectionError("the other system is down")
    delivered.append((event, body))


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    from spean.config import hears

    heard.clear()
    delivered.clear()
    out_of_order["down"] = False
    outbox.install(
        {BridgeBuilt: [heard.append]}, {"elsewhere": (frozenset({BridgeBuilt}), _deliver)}
    )
    yield
    outbox.install(hears.HANDLERS, hears.OUTSIDE)


@pytest.mark.django_db(transaction=True)
def test_news_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.announce(BridgeBuilt("16010101"))


@pytest.mark.django_db
def test_a_handler_hears_at_once_and_a_listener_outside_later() -> None:
    with transaction.atomic():
        outbox.announce(BridgeBuilt("16010101"))

    assert heard == [BridgeBuilt("16010101")]
    assert delivered == []
    assert outbox.deliver_due() == 1
    assert [body for _, body in delivered] == [{"village": "16010101"}]
    assert outbox.deliver_due() == 0


@pytest.mark.django_db
def test_news_of_a_write_that_was_rolled_back_never_leaves() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.announce(BridgeBuilt("16010101"))
        raise ZeroDivisionError

    assert outbox.deliver_due() == 0


@pytest.mark.django_db
def test_a_failed_delivery_is_kept_and_tried_again_after_growing_pauses() -> None:
    with transaction.atomic():
        outbox.announce(BridgeBuilt("16010101"))
    out_of_order["down"] = True
    pauses = []
    for _ in range(3):
        assert outbox.deliver_due() == 0
        message = OutboxMessage.objects.get()
        pauses.append(message.due_at - timezone.now())
        OutboxMessage.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    out_of_order["down"] = False

    assert outbox.deliver_due() == 1
    assert pauses == sorted(pauses)
    assert "the other system is down" in message.last_error
