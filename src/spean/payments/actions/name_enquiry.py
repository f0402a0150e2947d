"""The provider is asked whose an order's wallets are; what is not the family's is held back."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import IO
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict
from spean.payments.actions.decisions import GroundsMissing
from spean.payments.models import AccountDoubt, Order, Payment
from spean.payments.queries import (
    APPROVE,
    RELEASE,
    doubt_for,
    held_back,
    order_for,
    order_to_enquire,
)
from spean.payments.rules import is_held_by, read_holders
from spean.registry.queries import name_keys, people_in

AT_ONCE = 2000


class NoSuchRows(Conflict):
    """Refuse an answer about payments of another order."""

    code = "payments.holders_of_another_order"
    message = N_("No row of this file is a payment of this order. Choose the file of this order.")
    field = "file"


class WalletsHeldBack(Conflict):
    """Refuse to release an order with a wallet that is not in the family's name."""

    code = "payments.wallets_held_back"
    message, many = NN_(
        "%(count)s wallet is not in the family's name. Somebody who approves payments may say by "
        "what they tell that it is the family's; else cancel the order and prepare it again: "
        "the family is left out until its number is corrected.",
        "%(count)s wallets are not in the families' names. Somebody who approves payments may say "
        "of each by what they tell that it is the family's; else cancel the order and prepare it "
        "again: these families are left out until their numbers are corrected.",
    )


class NotHeldBack(Conflict):
    """Refuse a second decision, and one about what holds nothing back."""

    code = "payments.not_held_back"
    message = N_("This was decided meanwhile. Look at it again.")


@transaction.atomic
def take_in_holders(*, order_id: UUID, file: IO[bytes], by: Actor) -> int:
    """Compare whose an order's wallets are with the families; give how many are held back.

    A wallet may be in the payee's name, or another member's (ASSUMED: a family shares it). What an
    earlier file said of the same payments, and nobody decided, is replaced. Raises NotFound,
    NotAllowed, NoSuchRows, and what `read_holders` raises.
    """
    access.require(by, RELEASE, area="")
    order = order_to_enquire(order_for(order_id, lock=True))
    read = held = 0
    rows = read_holders(file)
    while some := list(islice(rows, AT_ONCE)):
        names = {one.reference: one.name for one in some}
        payments = list(order.payments.filter(reference__in=names))
        held_back(order).filter(payment__in=payments).delete()
        doubts = [_doubt(one, names[one.reference]) for one in _not_theirs(payments, names)]
        AccountDoubt.objects.bulk_create(doubts, ignore_conflicts=True)
        read, held = read + len(payments), held + len(doubts)
    if not read:
        raise NoSuchRows
    audit.write(by=by, action="payments.take_in_holders", subject=order, payments=read, held=held)
    return held


def _not_theirs(payments: Sequence[Payment], holders: Mapping[str, str]) -> list[Payment]:
    """Give the payments whose wallet is neither the payee's nor another member's."""
    keys_of = cache(name_keys)  # names are made of some thousands of words
    others = [
        one for one in payments
        if not is_held_by(holders[one.reference], (one.name, one.latin_name), keys_of)
    ]  # fmt: skip
    members = people_in(one.household_id for one in others if one.household_id)
    return [
        one for one in others
        if not any(
            is_held_by(
                holders[one.reference], (each.person.name_km, each.person.name_latin), keys_of
            )
            for each in (members.get(one.household_id, ()) if one.household_id else ())
        )
    ]  # fmt: skip


def _doubt(payment: Payment, holder: str) -> AccountDoubt:
    kind = AccountDoubt.Kind.HOLDER if holder else AccountDoubt.Kind.UNKNOWN
    return AccountDoubt(payment=payment, kind=kind, holder=holder)


def require_in_their_names(order: Order) -> None:
    """Refuse an order with a wallet that is held back. Raises WalletsHeldBack."""
    if held := held_back(order).count():
        raise WalletsHeldBack(count=held)


@transaction.atomic
def clear_wallet(*, doubt_id: int, grounds: str, by: Actor) -> AccountDoubt:
    """Say by what one tells that a wallet in another name is the family's: it may be paid.

    Raises NotFound, NotAllowed, GroundsMissing, NotHeldBack.
    """
    access.require(by, APPROVE, area="")
    found = doubt_for(doubt_id, lock=True)
    if not grounds.strip():
        raise GroundsMissing
    if not found.holds_back:
        raise NotHeldBack
    found.decided_by, found.grounds = by.name, grounds.strip()[:300]
    found.save(update_fields=["decided_by", "grounds"])
    audit.write(by=by, action="payments.clear_wallet", subject=found, area=found.payment.village)
    return found
