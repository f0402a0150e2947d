"""The registry's answers: each request kept with its transaction, each record logged as released.

A synchronous path answers at once. An asynchronous one is acknowledged; `answer_due`, called by the
outbox, writes the answer, and `sending` delivers it to the address that the request named.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from spean.interop.events import AnswerDue, CallbackDue
from spean.interop.models import Callback, Partner, Permit, Transaction
from spean.interop.spdci import envelope, registries, statuses, subscribing
from spean.interop.spdci.errors import RequestRejected
from spean.interop.spdci.gate import Asking, actor_of
from spean.interop.spdci.registries import REGISTRIES, Registry
from spean.interop.spdci.releasing import log_released
from spean.interop.spdci.searching import Found, data_of, search
from spean.kernel import outbox
from spean.kernel.access import Actor

Json = dict[str, Any]
BATCH = {registries.SEARCH: "search_request", registries.SUBSCRIBE: "subscribe_request"}
SOON = "spean.interop.jobs.deliver_soon"
ON = {
    registries.SEARCH: "on-search",
    registries.SUBSCRIBE: "on-subscribe",
    registries.UNSUBSCRIBE: "on-unsubscribe",
    registries.STATUS: "txn-on-status",
}


def keep(asking: Asking) -> Transaction:
    """Keep a request as a transaction."""
    batch = asking.message.get(BATCH.get(asking.path.work, ""), ())
    return Transaction.objects.create(
        partner=asking.partner,
        registry=asking.registry.key,
        work=asking.path.work,
        transaction_id=asking.message["transaction_id"],
        references=[one["reference_id"] for one in batch],
        callback_to="" if asking.path.sync else asking.header.get("sender_uri") or "",
        request=asking.message,
    )


def acknowledge(asking: Asking) -> Json:
    """Keep a request, have it answered soon, and say so."""
    kept = keep(asking)
    outbox.announce(AnswerDue(kept.pk))
    transaction.on_commit(_wake_the_worker)
    return envelope.acknowledged(str(kept.pk), now=asking.now)


def _wake_the_worker() -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(SOON, queueing_lock="interop.deliver_soon").defer()


def answer_at_once(asking: Asking) -> Json:
    """Keep a request and answer it."""
    kept = keep(asking)
    message = write_answer(kept, by=asking.by, now=asking.now)
    return envelope.signed(header_of(kept, message, now=asking.now), message)


@transaction.atomic
def answer_due(event: str, body: Mapping[str, Any]) -> None:
    """Answer a request that waits, and send the answer on its way if it is to go anywhere."""
    kept = (
        Transaction.objects.select_for_update(of=("self",))
        .select_related("partner__user")
        .get(pk=UUID(str(body["transaction"])))
    )
    if kept.answered_at is not None:
        return
    now = timezone.now()
    message = write_answer(kept, by=actor_of(kept.partner), now=now)
    if kept.callback_to:
        send(kept.partner, kept.callback_to, header_of(kept, message, now=now), message, kept)


def send(
    partner: Partner, url: str, head: Json, message: Json, kept: Transaction | None = None
) -> None:
    """Put a message on its way: the outbox delivers it, again and again until it is taken."""
    made = Callback.objects.create(
        partner=partner, transaction=kept, url=url, header=head, message=message
    )
    outbox.announce(CallbackDue(made.pk))


def write_answer(kept: Transaction, *, by: Actor, now: datetime) -> Json:
    """Give the answer to a kept request, and keep what became of it."""
    searched = kept.work == registries.SEARCH
    message = _searched(kept, by, now) if searched else ANSWERS[kept.work](kept, now)
    kept.state = _state(message)
    kept.answer = statuses.without_records(message)
    kept.answered_at = now
    kept.save(update_fields=["state", "answer", "answered_at"])
    return message


def header_of(kept: Transaction, message: Json, *, now: datetime) -> Json:
    """Give the header of the answer to a kept request."""
    total = max(len(kept.references), 1)
    return envelope.header(
        ON[kept.work], to=kept.partner.sender_id, status=_state(message), now=now,
        total=total, completed=total,
    )  # fmt: skip


def _state(message: Json) -> str:
    """Sum up: an answer succeeds if any request in it does."""
    for batch in ("search_response", "subscribe_response"):
        if batch in message:
            states = {one["status"] for one in message[batch]}
            return "succ" if "succ" in states or not states else "rjct"
    return str(message.get("status", "succ"))


def _searched(kept: Transaction, by: Actor, now: datetime) -> Json:
    seen = set[str]()
    responses: list[Json] = []
    for request in kept.request["search_request"]:
        reference = request["reference_id"]
        try:
            if reference in seen or not reference:
                raise RequestRejected(
                    "rjct.reference_id.duplicate" if reference else "rjct.reference_id.invalid",
                    why=reference,
                )
            responses += _responses(request, kept, by, now)
        except RequestRejected as error:
            responses.append(envelope.rejected(request, error, now))
        seen.add(reference)
    return {
        "transaction_id": kept.transaction_id,
        "correlation_id": str(kept.pk),
        "search_response": responses,
    }


def _responses(
    request: Mapping[str, Any], kept: Transaction, by: Actor, now: datetime
) -> list[Json]:
    registry = REGISTRIES[kept.registry]
    found = search(
        request, registry=registry, partner=kept.partner, by=by, now=now,
        on=timezone.localdate(now),
    )  # fmt: skip
    for permit in found.permits:
        permit.transaction = kept
    Permit.objects.bulk_create(found.permits)
    log_released(found.released, found.fields, by=by, registry=registry, kept=kept)
    answer = {
        "reference_id": request["reference_id"],
        "timestamp": envelope.written(now),
        "status": "succ",
        "pagination": {
            "page_size": found.page_size,
            "page_number": found.page_number,
            "total_count": found.total,
        },
        "locale": request.get("locale", "khm"),
    }
    return _with_records(answer, found, registry)


def _with_records(answer: Json, found: Found, registry: Registry) -> list[Json]:
    """Put the records into an answer. The disability registry's hold one each, as it is written."""
    records = [one.record for one in found.released]
    if registry is not registries.DR:
        return [answer | {"data": data_of(found, registry, records)}]
    return [answer | {"data": data_of(found, registry, one)} for one in records] or [answer]


ANSWERS: Mapping[str, Callable[[Transaction, datetime], Json]] = {
    registries.SUBSCRIBE: subscribing.subscribed,
    registries.UNSUBSCRIBE: subscribing.unsubscribed,
    registries.STATUS: statuses.status_of,
}
