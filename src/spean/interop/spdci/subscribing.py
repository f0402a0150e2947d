"""Subscriptions: what a partner wants to hear of, from which day until which, and how often."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from croniter import croniter
from django.db.models import QuerySet
from django.utils import timezone

from spean.interop.models import Permit, Subscription, Transaction
from spean.interop.spdci import envelope
from spean.interop.spdci.attributes import shown_to
from spean.interop.spdci.compiling import compiled
from spean.interop.spdci.criteria import read_query
from spean.interop.spdci.entities import Entity
from spean.interop.spdci.errors import RequestRejected
from spean.interop.spdci.permits import permits
from spean.interop.spdci.reading import moment
from spean.interop.spdci.registries import REGISTRIES, Registry
from spean.interop.spdci.searching import entity_of
from spean.kernel.errors import N_
from spean.kernel.i18n import explain

Json = dict[str, Any]
TYPES, DETAILS = "rjct.notify_types.invalid", "rjct.notify_details.invalid"
ALREADY, CODE_WRONG = "rjct.event.already_subscribed", "rjct.subscription_code.invalid"
NOT_THEIRS, OVER = "rjct.requester.invalid", "rjct.event.already_unsubscribed"


def subscribed(kept: Transaction, now: datetime) -> Json:
    """Answer a subscribe message: each subscription made, or why it is not."""
    responses, seen = [], set[str]()
    for request in kept.request["subscribe_request"]:
        answer = {"reference_id": request["reference_id"], "timestamp": envelope.written(now)}
        try:
            if request["reference_id"] in seen:
                raise RequestRejected("rjct.reference_id.duplicate", why=request["reference_id"])
            made = _subscribe(request, kept, now)
            answer |= {"status": "succ", "subscriptions": [described(made)]}
        except RequestRejected as error:
            answer = envelope.rejected(request, error, now)
        seen.add(request["reference_id"])
        responses.append(answer)
    return {
        "transaction_id": kept.transaction_id,
        "correlation_id": str(kept.pk),
        "subscribe_response": responses,
    }


def described(subscription: Subscription) -> Json:
    """Give a subscription as the standard describes one."""
    criteria = subscription.criteria
    registry = REGISTRIES[subscription.registry]
    status = "subscribe" if subscription.unsubscribed_at is None else "unsubscribe"
    at = subscription.unsubscribed_at or subscription.subscribed_at
    info = {
        "version": "1.0.0",
        "code": str(subscription.pk),
        "status": status,
        "timestamp": envelope.written(at),
        "reg_type": registry.reg_type,
        "reg_event_type": criteria["reg_event_type"],
        "filter": criteria["filter"],
        "notify_record_type": criteria["notify_record_type"],
        "locale": subscription.locale,
    }
    return info | {
        name: criteria[name] for name in ("filter_type", "frequency") if name in criteria
    }


def query_of(criteria: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Give the filter as a query and its type; None for one that lets everything through."""
    asked = criteria["filter"]
    if not asked:
        return None
    kind = criteria.get("filter_type")
    if kind is None:
        plain = isinstance(asked, list) or not isinstance(asked.get("value"), Mapping)
        kind = "expression"
        if plain:
            kind = "predicate" if isinstance(asked, list) else "idtype-value"
    return str(kind), asked


def filtered(subscription: Subscription, entity: Entity, *, on: date) -> QuerySet[Any]:
    """Give the rows that a subscription's filter lets through."""
    query = query_of(subscription.criteria)
    rows = entity.rows(on)
    if query is None:
        return rows
    shown = shown_to(subscription.partner)
    return rows.filter(compiled(read_query(*query), entity, shown, on))


def _subscribe(request: Mapping[str, Any], kept: Transaction, now: datetime) -> Subscription:
    criteria, registry = request["subscribe_criteria"], REGISTRIES[kept.registry]
    shows = permits(kept.partner, criteria, request["reference_id"], now=now)
    event = _event(criteria, registry)
    entity = _entity(criteria, registry, shown_to(kept.partner))
    _check_filter(criteria, entity, kept, now)
    if not kept.callback_to:
        raise RequestRejected(DETAILS, why=N_("the header names no sender_uri to notify"))
    canonical = json.dumps([criteria["filter"], entity.name], sort_keys=True)
    known = {
        "partner": kept.partner, "registry": kept.registry, "event": event,
        "criteria_hash": hashlib.sha256(canonical.encode()).hexdigest(),
    }  # fmt: skip
    if Subscription.objects.filter(**known, unsubscribed_at=None).exists():
        raise RequestRejected(ALREADY, why=N_("you are subscribed to this already"))
    for permit in shows:
        permit.transaction = kept
    Permit.objects.bulk_create(shows)
    return Subscription.objects.create(
        **known, **_frequency(criteria.get("frequency")), transaction=kept, entity=entity.name,
        criteria=criteria, locale=request.get("locale", "khm"), subscribed_at=now,
        notify_to=_notify_address(kept.callback_to),
    )  # fmt: skip


def _event(criteria: Mapping[str, Any], registry: Registry) -> str:
    asked = str(criteria["reg_event_type"]).rpartition(":")[2].casefold().replace("_", "")
    known = {event.casefold().replace("_", ""): event for event in registry.events}
    if asked not in known:
        raise RequestRejected(TYPES, why=N_("this registry tells of no such event"))
    return known[asked]


def _entity(criteria: Mapping[str, Any], registry: Registry, shown: frozenset[str]) -> Entity:
    asked = {"reg_record_type": criteria["notify_record_type"]}
    if "reg_type" in criteria:
        asked["reg_type"] = criteria["reg_type"]
    try:
        return entity_of(asked, registry, shown)
    except RequestRejected as error:
        raise RequestRejected(DETAILS, **error.facts) from None


def _check_filter(
    criteria: Mapping[str, Any], entity: Entity, kept: Transaction, now: datetime
) -> None:
    query = query_of(criteria)
    try:
        if query is not None:
            condition = read_query(*query)
            compiled(condition, entity, shown_to(kept.partner), timezone.localdate(now))
    except RequestRejected as error:
        raise RequestRejected(DETAILS, **error.facts) from None


def _frequency(given: Mapping[str, Any] | None) -> Json:
    if not given:
        return {}
    start, end, cron = moment(given["start_time"]), moment(given["end_time"]), given["frequency"]
    if end <= start:
        raise RequestRejected(DETAILS, why=N_("the frequency ends before it starts"))
    if cron and not croniter.is_valid(plain_cron(cron), second_at_beginning=True):
        raise RequestRejected(DETAILS, why=N_("the frequency is no cron expression"))
    return {"start_at": start, "end_at": end, "cron": cron}


def plain_cron(cron: str) -> str:
    """Write a cron expression with seconds and "?", as the standard's sample, the plain way."""
    return cron.replace("?", "*")


def _notify_address(callback: str) -> str:
    """Give where events go: beside the address that the answer to the subscription goes to."""
    place, _, last = callback.rpartition("/")
    return f"{place}/notify" if last == "on-subscribe" else callback


def unsubscribed(kept: Transaction, now: datetime) -> Json:
    """Answer an unsubscribe message: all of its subscriptions end, or none does."""
    answer = {
        "transaction_id": kept.transaction_id,
        "correlation_id": str(kept.pk),
        "timestamp": envelope.written(now),
    }
    try:
        ended = [_subscription(code, kept) for code in kept.request["subscription_codes"]]
    except RequestRejected as error:
        return answer | {
            "status": "rjct",
            "status_reason_code": error.reason,
            "status_reason_message": explain(error)[: envelope.LONGEST_REASON],
        }
    for one in ended:
        one.unsubscribed_at = now
        one.save(update_fields=["unsubscribed_at"])
    codes = [{"code": str(one.pk), "status": "unsubscribe"} for one in ended]
    return answer | {"status": "succ", "subscription_status": codes}


def _subscription(code: str, kept: Transaction) -> Subscription:
    try:
        found = Subscription.objects.filter(pk=UUID(code), registry=kept.registry).first()
    except ValueError:
        found = None
    if found is None:
        raise RequestRejected(CODE_WRONG, why=N_("there is no subscription with this code"))
    if found.partner_id != kept.partner_id:
        raise RequestRejected(NOT_THEIRS, why=N_("the subscription is another partner’s"))
    if found.unsubscribed_at is not None:
        raise RequestRejected(OVER, why=N_("the subscription has ended already"))
    return found
