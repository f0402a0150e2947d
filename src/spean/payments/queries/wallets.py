"""Wallets that may be somebody else's: seen on an order, asked of the provider, corrected."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.rows import only
from spean.kernel.spreadsheets import csv_pieces
from spean.payments.models import SAID_BY_PROVIDER, AccountDoubt, Order
from spean.payments.queries.money import RELEASE, VIEW_PAYEES, order_for
from spean.payments.rules import ENQUIRY_COLUMNS
from spean.registry.queries import phones_of

CORRECT_WALLETS = "payments.correct_wallets"
WAITING = (Order.State.PREPARED, Order.State.APPROVED)
MOST_TO_CORRECT = 500


def account_doubts(order: Order, *, by: Actor) -> QuerySet[AccountDoubt]:
    """List the wallets of an order that may be somebody else's; the reading is recorded."""
    access.require(by, VIEW_PAYEES, area="")
    found = _doubts().filter(payment__order=order)
    if found.exists():
        audit.read(by=by, action="payments.view_account_doubts", subject=order)
    return found.order_by("kind", "payment__account", "payment__reference")


def doubt_for(doubt_id: int, *, lock: bool = False) -> AccountDoubt:
    """Give one wallet in doubt to who checks the right, locked until the transaction ends."""
    return only(_doubts().filter(pk=doubt_id), lock=lock)


def held_back(order: Order) -> QuerySet[AccountDoubt]:
    """Give the wallets of an order that are held back, to who has checked the right."""
    return _doubts().filter(payment__order=order, kind__in=SAID_BY_PROVIDER, decided_by="")


def order_to_enquire(order: Order) -> Order:
    """Give an order of wallets that has not left, or raise NotFound."""
    if order.channel != Order.Channel.WALLET or order.state not in WAITING:
        raise NotFound
    return order


def enquiry_file(order_id: UUID, *, by: Actor) -> tuple[Order, Iterator[bytes]]:
    """Give the wallets of an order as the provider is asked about them: no names, no amounts.

    The reading is recorded. Raises NotFound.
    """
    access.require(by, RELEASE, area="")
    found = order_to_enquire(order_for(order_id))
    audit.read(by=by, action="payments.enquiry_file", subject=found)
    rows = found.payments.order_by("reference").values_list(*ENQUIRY_COLUMNS)
    return found, csv_pieces(chain([ENQUIRY_COLUMNS], rows.iterator()))


def wallets_to_correct(*, by: Actor, on: date) -> list[AccountDoubt]:
    """List the wallets of the actor's areas that are held back and still in the registry.

    The newest word about each family, the village first; the reading is recorded.
    """
    rows = access.within(_doubts(), by, CORRECT_WALLETS, code="payment__village")
    rows = rows.filter(kind__in=SAID_BY_PROVIDER, decided_by="").order_by("id")
    newest = {one.payment.household_id: one for one in rows if one.payment.household_id}
    numbers = phones_of(filter(None, newest), on=on)
    found = [
        one for home, one in newest.items() if home and numbers.get(home) == one.payment.account
    ]
    found.sort(key=lambda one: (one.payment.village, one.payment.name))
    audit.read(by=by, action=CORRECT_WALLETS, subject=("payments.wallets", "many"), rows=len(found))
    return found[:MOST_TO_CORRECT]


def _doubts() -> QuerySet[AccountDoubt]:
    return AccountDoubt.objects.select_related("payment", "payment__order")
