"""Events of ours told to subscribers: each once, with the record, when the subscriber wants it.

An event comes over the outbox, so that who waits for it never slows the write down. For each
subscription that it fits a notification is kept, due now or at the subscription's next time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from croniter import croniter
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from spean.interop.models import Notification, Subscription
from spean.interop.spdci import envelope
from spean.interop.spdci.answering import send
from spean.interop.spdci.attributes import shown_to
from spean.interop.spdci.entities import ENTITIES, GROUP, Entity
from spean.interop.spdci.gate import actor_of
from spean.interop.spdci.people import Page
from spean.interop.spdci.records import WRITERS, Released
from spean.interop.spdci.registries import CRVS, REGISTRIES, VERSION
from spean.interop.spdci.releasing import log_released
from spean.interop.spdci.searching import EXCHANGE
from spean.interop.spdci.subscribing import filtered, plain_cron
from spean.kernel import access
from spean.kernel.ids import new_id
from spean.registry import queries as registry
from spean.registry.events import HouseholdRegistered, MemberAdded, PersonChanged

HEARD: frozenset[type] = frozenset({HouseholdRegistered, MemberAdded, PersonChanged})
# What a change of a person's record is to others: by its kind, the registry and its event.
OF_A_PERSON = {"death": ("crvs", "Death"), "record_functioning": ("dr", "REGISTER")}
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class News:
    """An event in the standard's words: of which registry, about whom."""

    registry: str
    event: str
    household: UUID | None
    person: UUID | None
    day: date


@transaction.atomic
def tell(event: str, body: Mapping[str, Any]) -> None:
    """Keep a notification for every subscriber of an event, and write those that are due."""
    now = timezone.now()
    for news in _news(event, body):
        rows = Subscription.objects.select_related("partner__user").filter(
            Q(start_at=None) | Q(start_at__lte=now), Q(end_at=None) | Q(end_at__gt=now),
            registry=news.registry, event=news.event, unsubscribed_at=None,
            partner__closed_on=None,
        )  # fmt: skip
        for subscription in rows:
            subject = _subject(news, ENTITIES[subscription.entity])
            if subject is not None and _rows(subscription, subject, now).exists():
                Notification.objects.get_or_create(
                    subscription=subscription, subject=subject, day=news.day,
                    defaults={"due_at": _due(subscription, now)},
                )  # fmt: skip
    write_due(now)


@transaction.atomic
def write_due(now: datetime) -> int:
    """Write the notifications that are due; give how many were."""
    due = list(
        Notification.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("subscription__partner__user")
        .filter(written_at=None, due_at__lte=now)
        .order_by("due_at")[:AT_ONCE]
    )
    for one in due:
        _write(one, now)
        one.written_at = now
        one.save(update_fields=["written_at"])
    return len(due)


def _news(event: str, body: Mapping[str, Any]) -> list[News]:
    day = date.fromisoformat(str(body["day"]))
    if event == "registry.HouseholdRegistered":
        return [News("social", "REGISTER", UUID(str(body["household"])), None, day)]
    person = UUID(str(body["person"]))
    if event == "registry.PersonChanged":
        told = OF_A_PERSON.get(str(body["kind"]))
        return [News(*told, None, person, day)] if told else []
    household = UUID(str(body["household"]))
    news = [News("social", "NewHouseHoldMember", household, person, day)]
    if registry.is_newborn(person, on=day):
        news.append(News("crvs", "LiveBirth", household, person, day))
    return news


def _subject(news: News, entity: Entity) -> UUID | None:
    """Give whom a record of the entity is about: the household of the news, or the person."""
    return news.household if entity is GROUP else news.person


def _rows(subscription: Subscription, subject: UUID, now: datetime) -> QuerySet[Any]:
    """Give the subject's row, if the filter and the partner's areas let it through."""
    entity = ENTITIES[subscription.entity]
    on = timezone.localdate(now)
    rows = filtered(subscription, entity, on=on)
    rows = access.within(rows, actor_of(subscription.partner), EXCHANGE, code=entity.area)
    return rows.filter(**{entity.person or entity.household: subject})


def _due(subscription: Subscription, now: datetime) -> datetime:
    if not subscription.cron:
        return now
    times = croniter(
        plain_cron(subscription.cron), timezone.localtime(now), second_at_beginning=True
    )
    due: datetime = times.get_next(datetime)
    return due


def _write(one: Notification, now: datetime) -> None:
    """Put the message on its way, if the subject still fits and the subscription still holds."""
    subscription = one.subscription
    if subscription.unsubscribed_at is not None:
        return
    rows = list(_rows(subscription, one.subject, now))
    if not rows:
        return
    page = Page(shown_to(subscription.partner), subscription.locale)
    released = WRITERS[subscription.entity](rows, page)
    told = REGISTRIES[subscription.registry]
    log_released(
        released, page.shown, by=actor_of(subscription.partner), registry=told,
        subscription=subscription,
    )  # fmt: skip
    head = envelope.header(
        "notify", to=subscription.partner.sender_id, status="succ", now=now, total=1, completed=1
    )
    send(subscription.partner, subscription.notify_to, head, _message(one, released[0], now))


def _message(one: Notification, released: Released, now: datetime) -> dict[str, Any]:
    subscription = one.subscription
    told = REGISTRIES[subscription.registry]
    named = f"spdci-common:RegistryEventType:{subscription.event}"
    event = {
        "reference_id": str(one.pk),
        "timestamp": envelope.written(now),
        "data": {
            "version": VERSION,
            "reg_type": told.reg_type,
            "reg_event_type": named if told is CRVS else subscription.event,
            "reg_record_type": told.record_types[subscription.entity],
            "reg_records": released.record,
        },
        "locale": subscription.locale,
    }
    return {"transaction_id": str(new_id()), "notify_event": [event]}
