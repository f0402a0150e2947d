"""What became of a request, asked for by its transaction, its references or its correlation id.

The answer is the one that was given, without the records: those are sent once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from spean.interop.models import Partner, Subscription, Transaction
from spean.interop.spdci import envelope, registries
from spean.interop.spdci.errors import RequestRejected
from spean.kernel.errors import N_
from spean.kernel.i18n import explain

Json = dict[str, Any]
WORKS: Mapping[str, str] = {
    "search": registries.SEARCH,
    "subscribe": registries.SUBSCRIBE,
    "unsubscribe": registries.UNSUBSCRIBE,
    "receipt": registries.UPDATES,
}
BATCHES = {"search": "search_response", "subscribe": "subscribe_response"}
MOST = 50


def without_records(message: Json) -> Json:
    """Leave the records of an answer out, and keep what became of each request."""
    if "search_response" not in message:
        return message
    kept = [
        {name: value for name, value in one.items() if name != "data"}
        for one in message["search_response"]
    ]
    return message | {"search_response": kept}


def status_of(kept: Transaction, now: datetime) -> Json:
    """Answer a question about the status of an earlier request."""
    asked = kept.request["txnstatus_request"]
    found = _asked_about(asked, kept)
    status = (
        _receipt(found, asked)
        if asked["txn_type"] == "receipt"
        else _merged(found, asked, kept, now)
    )
    return {
        "transaction_id": kept.transaction_id,
        "correlation_id": str(kept.pk),
        "txnstatus_response": {"txn_type": asked["txn_type"], "txn_status": status},
    }


def _asked_about(asked: Json, kept: Transaction) -> list[Transaction]:
    rows = Transaction.objects.filter(
        partner=kept.partner, registry=kept.registry, work=WORKS[asked["txn_type"]]
    ).order_by("-asked_at")
    kind, value = asked["attribute_type"], asked["attribute_value"]
    several = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    if kind == "transaction_id":
        return list(rows.filter(transaction_id__in=several)[:MOST])
    if kind == "reference_id_list":
        return list(rows.filter(references__overlap=several)[:MOST])
    if kind == "correlation_id":
        return list(rows.filter(pk__in=_ids(several))[:MOST])
    return list(rows.filter(pk__in=_of_subscriptions(several, kept.partner))[:MOST])


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _of_subscriptions(codes: list[str], partner: Partner) -> list[UUID]:
    rows = Subscription.objects.filter(partner=partner, pk__in=_ids(codes))
    return list(rows.values_list("transaction_id", flat=True))


def _merged(found: list[Transaction], asked: Json, kept: Transaction, now: datetime) -> Json:
    """Put the answers together into one, of the shape that was first given."""
    if asked["txn_type"] == "unsubscribe":
        return _unsubscribed(found, asked, kept, now)
    batch = BATCHES[asked["txn_type"]]
    responses = [one for row in found for one in _responses(row, batch, now)]
    if not found:
        responses = [_unknown(asked, now)]
    status = {
        "transaction_id": found[0].transaction_id if found else kept.transaction_id,
        "correlation_id": str(found[0].pk if found else kept.pk),
        batch: responses,
    }
    if batch == "subscribe_response" and kept.registry != "crvs":
        status["search_response"] = []  # these documents know only the status of a search
    return status


def _responses(row: Transaction, batch: str, now: datetime) -> list[Json]:
    if row.answer is not None:
        return list(row.answer[batch])
    return [
        {"reference_id": one, "timestamp": envelope.written(now), "status": row.state}
        for one in row.references
    ]


def _unknown(asked: Json, now: datetime) -> Json:
    error = RequestRejected(
        "rjct.reference_id.invalid", why=N_("nothing was asked under this number")
    )
    return {
        "reference_id": asked["reference_id"],
        "timestamp": envelope.written(now),
        "status": "rjct",
        "status_reason_code": error.reason,
        "status_reason_message": explain(error),
    }


def _unsubscribed(found: list[Transaction], asked: Json, kept: Transaction, now: datetime) -> Json:
    if found and found[0].answer is not None:
        return dict(found[0].answer)
    row = found[0] if found else kept
    unknown = _unknown(asked, now)
    return {
        "transaction_id": row.transaction_id,
        "correlation_id": str(row.pk),
        "timestamp": envelope.written(now),
        "status": row.state if found else "rjct",
        **({} if found else {"status_reason_code": unknown["status_reason_code"]}),
    }


def _receipt(found: list[Transaction], asked: Json) -> Json:
    """Say which of another programme's beneficiaries were taken in."""
    taken = [one for row in found for one in (row.answer or {}).get("enrolled_response", [])]
    return {
        "transaction_id": found[0].transaction_id if found else asked["reference_id"],
        "receipt_information": {"beneficiaries": taken},
    }
