"""News between modules, and out of the process.

`announce` runs every handler inside the writer's transaction; a listener that leaves the process
(another system, a text message) gets an `OutboxMessage` in the same transaction, delivered later by
the worker with growing pauses until it succeeds.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from spean.kernel.models import OutboxMessage

Handler = Callable[[Any], None]
Deliver = Callable[[str, dict[str, Any]], None]

log = structlog.get_logger()
_handlers: dict[type, Sequence[Handler]] = {}
_outside: dict[str, tuple[frozenset[type], Deliver]] = {}

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)


def install(
    handlers: Mapping[type, Sequence[Handler]],
    outside: Mapping[str, tuple[frozenset[type], Deliver]],
) -> None:
    """Make this the table of who hears what (see `spean.config.hears`)."""
    _handlers.clear()
    _handlers.update(handlers)
    _outside.clear()
    _outside.update(outside)


def announce(event: Any) -> None:
    """Tell every listener of this event's type; must be called inside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("announce() belongs inside the transaction of the write it reports")
    for handler in _handlers.get(type(event), ()):
        handler(event)
    body = json.loads(json.dumps(dataclasses.asdict(event), cls=DjangoJSONEncoder))
    OutboxMessage.objects.bulk_create(
        OutboxMessage(event=_name(event), listener=listener, body=body)
        for listener, (heard, _) in _outside.items()
        if type(event) in heard
    )


def _name(event: Any) -> str:
    module = type(event).__module__.removeprefix("spean.").removesuffix(".events")
    return f"{module}.{type(event).__name__}"


def deliver_due(limit: int = 100) -> int:
    """Deliver what is due, each message in a transaction of its own; give how many went out."""
    delivered = 0
    for _ in range(limit):
        with transaction.atomic():
            message = _next_due()
            if message is None:
                break
            delivered += _deliver(message)
    return delivered


def _next_due() -> OutboxMessage | None:
    return (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(delivered_at__isnull=True, due_at__lte=Now(), listener__in=_outside)
        .order_by("due_at")
        .first()
    )


def _deliver(message: OutboxMessage) -> bool:
    try:
        with transaction.atomic():
            _outside[message.listener][1](message.event, message.body)
    except Exception as error:  # noqa: BLE001 - whatever the listener raises, it is kept and retried
        _postpone(message, error)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(
        delivered_at=Now(), attempts=F("attempts") + 1, last_error=""
    )
    return True


def _postpone(message: OutboxMessage, error: Exception) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts, 16), LONGEST_PAUSE)
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=F("attempts") + 1, due_at=timezone.now() + pause, last_error=repr(error)[:2000]
    )
    log.warning("outbox_delivery_failed", message=str(message.pk), listener=message.listener)
