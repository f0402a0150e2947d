"""What a family is granted, was paid, and why, on one page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from spean.families.models import Notice
from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.payments import queries as payments
from spean.programmes import queries as programmes
from spean.registry import queries as registry

NOTIFY = "families.notify"


@dataclass(frozen=True, slots=True)
class Granted:
    """A programme on whose list the family stands."""

    programme: str
    state: str
    since: date
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Owed:
    """What a cycle owed the family, and the criteria and counts that made it."""

    programme: str
    start: date
    amount: Decimal
    decision: dict[str, object]


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment to the family, and what became of it."""

    programme: str
    reference: str
    amount: Decimal
    held: Decimal
    channel: str
    state: str
    on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What was confirmed for the family and comes with a next payment."""

    programme: str
    kind: str
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Record:
    """A family's own record of money."""

    household_id: UUID
    granted: tuple[Granted, ...]
    awaited: tuple[Awaited, ...]
    owed: tuple[Owed, ...]
    paid: tuple[Paid, ...]


def family(household_id: UUID) -> Actor:
    """Give a family as the actor that reads its own record."""
    return Actor(None, Purpose.PAYMENT, f"family:{household_id}")


def record_of(household_id: UUID, *, by: Actor) -> Record:
    """Give what a family is granted, was owed and paid; each reading is recorded.

    Raises NotFound, NotAllowed to who may not see the household and its payments.
    """
    area = registry.household_for(household_id).village.code
    access.require(by, programmes.VIEW_CYCLES, area=area)
    lists = programmes.states_of(household_id, by=by).values()
    return Record(
        household_id,
        tuple(Granted(one.programme, one.state, one.since, one.amount) for one in lists),
        tuple(
            Awaited(one.programme, one.kind, one.on, Decimal(one.amount or 0))
            for one in programmes.awaited(household_id, by=by)
        ),
        tuple(
            Owed(one.cycle.programme, one.cycle.start, one.amount, one.decision)
            for one in programmes.entitlements_in_cycles(household_id, by=by)
        ),
        tuple(
            Paid(one.order.programme, one.reference, one.amount, one.held, one.order.channel,
                 one.state, one.settled_on, one.reason)
            for one in payments.payments_of(household_id, by=by)
        ),
    )  # fmt: skip


def phone_of(card: str, *, on: date) -> tuple[UUID, str] | None:
    """Give the household of a card that is valid on a day, and its telephone ("" if unknown)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT household, coalesce(phone, '') FROM ({registry.PAYEES}) payee"
            " WHERE card = %(card)s", {"card": card, "day": on},
        )  # fmt: skip
        found: tuple[UUID, str] | None = cursor.fetchone()
    return found


def notice_of(order_id: UUID) -> Notice | None:
    """Give the notice of an order, if its families were told."""
    return Notice.objects.filter(order_id=order_id).first()
