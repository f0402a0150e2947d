"""Events of ours told to subscribers: each once, with the record, when the subscriber wants it.

An event comes over the outbox, so that who waits for it never slows the write down. For each
subscription that it fits a notification is kept, due now or at the subscription's next time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
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
from spean.interop.spdci.entities import ENTITIES, GROUP
from spean.interop.spdci.gate import actor_of
from spean.interop.spdci.people import Page
from spean.interop.spdci.records import WRITERS, Released
from spean.interop.spdci.registries import CRVS, REGISTRIES, VERSION
from spean.interop.spdci.releasing import log_released
from spean.interop.spdci.searching import EXCHANGE
from spean.interop.spdci.subscribing import filtered, plain_cron
from spean.kernel import access
from spean.kernel.ids import new_id
from spean.programmes.events import EnrolmentsMoved
from spean.registry import queries as registry
from spean.registry.events import HouseholdRegistered, MemberAdded, PersonChanged

HEARD: frozenset[type] = frozenset(
    {EnrolmentsMoved, HouseholdRegistered, MemberAdded, PersonChanged}
)
# What a change of a person's record is to others: by its kind, the registry and its event.
OF_A_PERSON = {"death": ("crvs", "Death"), "record_functioning": ("dr", "REGISTER")}
AT_ONCE = 50
KEPT_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class News:
    """An event in the standard's words: of which registry, about whom.

    `rows` tells the records it is about, where neither a household nor a person does.
    """

    registry: str
    event: str
    household: UUID | None
    person: UUID | None
    day: date
    about: str = ""
    rows: Mapping[str, Any] = field(default_factory=dict)


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
            _keep(subscription, news, now)
    write_due(now)


def _keep(subscription: Subscription, news: News, now: datetime) -> None:
    """Keep a notification of each of the subscription's records that the news is about."""
    due, subjects = _due(subscription, now), _subjects(subscription, news, now)
    while some := list(islice(subjects, KEPT_AT_ONCE)):
        Notification.objects.bulk_create(
            [
                Notification(
                    subscription=subscription, subject=one, about=news.about, day=news.day,
                    due_at=due,
                )
                for one in some
            ],
            ignore_conflicts=True,
        )  # fmt: skip


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
    if event == "programmes.EnrolmentsMoved":
        return [_of_enrolments(body, day)]
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


def _of_enrolments(body: Mapping[str, Any], day: date) -> News:
    """Tell of one household's enrolment, or of all that were moved so that day in an area."""
    event = "enrollement" if body["first"] else "enrollement_status_change"
    moved = {
        "programme": body["programme"], "state": body["state"], "since": day,
        "village__startswith": body["area"],
    }  # fmt: skip
    household = body["household"] and UUID(str(body["household"]))
    return News(
        "ibr", event, household, None, day, about=str(body["programme"]),
        rows=moved | ({"household": household} if household else {}),
    )  # fmt: skip


def _subjects(subscription: Subscription, news: News, now: datetime) -> Iterator[UUID]:
    """Give whom the news is about, households or people, as far as a subscription lets through."""
    entity = ENTITIES[subscription.entity]
    rows, subject = _fitting(subscription, now), entity.person or entity.household
    if news.rows:
        return rows.filter(**news.rows).values_list(subject, flat=True).iterator()
    one = news.household if entity is GROUP else news.person
    found = one is not None and rows.filter(**{subject: one}).exists()
    return iter([one] if one is not None and found else [])


def _fitting(subscription: Subscription, now: datetime) -> QuerySet[Any]:
    """Give the rows that the subscription's filter and the partner's areas let through."""
    entity = ENTITIES[subscription.entity]
    rows = filtered(subscription, entity, on=timezone.localdate(now))
    return access.within(rows, actor_of(subscription.partner), EXCHANGE, code=entity.area)


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
    entity = ENTITIES[subscription.entity]
    subject = {entity.person or entity.household: one.subject}
    of_programme = {"programme": one.about} if one.about else {}
    rows = list(_fitting(subscription, now).filter(**subject, **of_programme))
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
