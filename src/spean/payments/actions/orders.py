"""A list of payments: prepared, approved by two others, released, or cancelled."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from spean.kernel import access, audit, bulk
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NN_, Conflict, SpeanError
from spean.kernel.policy import policy
from spean.payments.actions.account_doubts import doubt_accounts
from spean.payments.actions.ledger import NOT_ABOVE, account, guarded, move
from spean.payments.actions.name_enquiry import require_in_their_names
from spean.payments.actions.screening import require_clear, screen_new
from spean.payments.models import Order, Payment
from spean.payments.queries import APPROVE, LIVES, PARTS, PREPARE, RELEASE, order_for
from spean.payments.rules import AccountKind, EntryKind, PaymentState

LARGEST, LARGEST_TO_FACILITY = "payments.largest_payment", "payments.largest_facility_payment"
Payee = Literal["household", "facility"]
GIVEN = (
    "obligation text, household uuid, facility bigint, village text, name text, latin_name text,"
    " account text, owed numeric"
)
COLUMNS = "obligation, {payee}, village, name, latin_name, account, owed"
LIST = """
SELECT count(*), coalesce(sum(amount), 0), encode(sha256(convert_to(coalesce(string_agg(
           concat_ws('|', reference, obligation, household_id, facility_id, account, name, amount),
           E'\\n' ORDER BY reference), ''), 'UTF8')), 'hex')
FROM payments_payment WHERE order_id = %s
"""
# Of what a family holds a part, the rest is paid.
INSERT = f"""
INSERT INTO payments_payment (reference, order_id, obligation, household_id, facility_id, village,
                              name, latin_name, account, owed, amount, held, state, reason)
SELECT %s || '-' || lpad((row_number() OVER (ORDER BY village, obligation))::text, 7, '0'), %s,
       obligation, household, facility, village, name, coalesce(latin_name, ''),
       coalesce(account, ''),
       owed, owed - coalesce(parts.held, 0), 0, 'due', ''
FROM payments_given LEFT JOIN (
    SELECT obligation, sum(held) AS held FROM payments_payment WHERE {PARTS} GROUP BY 1
) parts USING (obligation)
WHERE owed > coalesce(parts.held, 0) AND NOT EXISTS (
    SELECT FROM payments_screeninghit hit JOIN payments_payment listed ON listed.id = hit.payment_id
    WHERE hit.state = 'upheld' AND (listed.household_id = payments_given.household
         OR listed.facility_id = payments_given.facility)
) AND NOT EXISTS (
    SELECT FROM payments_accountdoubt doubt JOIN payments_payment held ON held.id = doubt.payment_id
    WHERE doubt.kind IN ('holder', 'unknown') AND doubt.decided_by = ''
      AND held.household_id = payments_given.household AND held.account = payments_given.account
)
ON CONFLICT (obligation) WHERE {LIVES} DO NOTHING
"""


class NobodyToPay(Conflict):
    """Refuse an order of nothing."""

    code = "payments.nobody_to_pay"
    message = N_(
        "There is nobody to pay by this channel: it reaches none of those who are not paid yet "
        "or under way. Choose the other channel, or look at the orders."
    )
    field = "channel"


class PaymentTooLarge(SpeanError):
    """Refuse an order with a payment above the limit."""

    code = "payments.payment_too_large"
    message, many = NN_(
        "%(count)s payment is above the limit of %(limit)s riel; it is for %(name)s. Check "
        "the amount, or have the limit changed.",
        "%(count)s payments are above the limit of %(limit)s riel; the first is for "
        "%(name)s. Check the amounts, or have the limit changed.",
    )


class NotInThatState(Conflict):
    """Refuse what can't be done any more, or not yet."""

    code = "payments.not_in_that_state"
    message = N_("This can't be done: the order was changed meanwhile. Look at it again.")


class OwnOrder(Conflict):
    """Refuse an approval by who prepared the order."""

    code = "payments.own_order"
    message = N_("You prepared this order. Two other people must approve it.")


class ApprovedAlready(Conflict):
    """Refuse a second approval by the same person."""

    code = "payments.approved_already"
    message = N_("You have approved this order. Somebody else must approve it too.")


class ListChanged(Conflict):
    """Refuse an order whose list is not the one that was looked at."""

    code = "payments.list_changed"
    message = N_("The list of payments is not the one that was approved. Tell the auditor.")


@transaction.atomic
def prepare_order(
    *, key: str, programme: str, purpose: str, channel: str, payees: Path, by: Actor, on: date,
    payee: Payee = "household",
) -> Order:  # fmt: skip
    """Make an order of the payments in a CSV file without a header (its columns: COLUMNS).

    What has a payment under way, or was paid, is left out, and who may not be paid, or whose wallet
    is held back; of what was paid in part, the rest is. The payees are compared with the lists of
    names, and wallets that may be somebody else's are kept. The same `key` again gives the order
    that was made. Raises NotAllowed, NobodyToPay, PaymentTooLarge, NotInThatState.
    """
    access.require(by, PREPARE, area="")
    if made := Order.objects.filter(key=key).first():
        return made
    order = Order(
        key=key, programme=programme, purpose=purpose[:140], channel=channel, number=_number(on),
        payments_count=0, total=0, list_hash="", prepared_by=by.name,
    )  # fmt: skip
    order.save()
    _fill(order, payees, payee)
    order.payments_count, order.total, order.list_hash = _list(order)
    if not order.payments_count:
        raise NobodyToPay
    _check_limit(order, on)
    order.save()
    screen_new(order)
    doubt_accounts(order)
    audit.write(by=by, action="payments.prepare_order", subject=order, total=str(order.total),
                payments=order.payments_count, list_hash=order.list_hash)  # fmt: skip
    return order


def _fill(order: Order, payees: Path, payee: Payee) -> None:
    """Add the payments of a file to an order, but for what is paid, under way, or may not be."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE payments_given ({GIVEN}) ON COMMIT DROP")
        bulk.copy_in(payees, f"payments_given ({COLUMNS.format(payee=payee)})")
        with guarded(NOT_ABOVE, NotInThatState):
            cursor.execute(INSERT, [order.number, order.pk])
        cursor.execute("DROP TABLE payments_given")


def _number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('payments_order_number')")
        return f"P{on:%y}-{cursor.fetchone()[0]:05d}"


def _list(order: Order) -> tuple[int, Decimal, str]:
    """Give an order's payments as they stand: their number, their sum, their hash."""
    with connection.cursor() as cursor:
        cursor.execute(LIST, [order.pk])
        count, total, list_hash = cursor.fetchone()
    return count, total, list_hash


def _check_limit(order: Order, on: date) -> None:
    to_facilities = order.channel == Order.Channel.BANK
    limit = policy.value(LARGEST_TO_FACILITY if to_facilities else LARGEST, on=on).value
    above = Payment.objects.filter(order=order, amount__gt=limit)
    if first := above.order_by("reference").first():
        raise PaymentTooLarge(count=above.count(), limit=f"{limit:,}", name=first.name)


@transaction.atomic
def approve_order(*, order_id: UUID, list_hash: str, by: Actor, at: datetime) -> Order:
    """Approve the list with this hash; the second approval commits the money.

    Raises NotFound, NotAllowed, NotInThatState, OwnOrder, ApprovedAlready, ListChanged,
    BudgetExceeded.
    """
    access.require(by, APPROVE, area="")
    order = order_for(order_id, lock=True)
    _require(order, Order.State.PREPARED)
    if by.name == order.prepared_by:
        raise OwnOrder
    if by.name == order.first_approved_by:
        raise ApprovedAlready
    if list_hash != order.list_hash or _list(order)[2] != order.list_hash:
        raise ListChanged
    if not order.first_approved_by:
        order.first_approved_by, order.first_approved_at = by.name, at
    else:
        order.second_approved_by, order.second_approved_at = by.name, at
        order.state = Order.State.APPROVED
        _move(order, EntryKind.COMMITMENT, AccountKind.BUDGET, AccountKind.COMMITTED, by, at)
    order.save()
    audit.write(by=by, action="payments.approve_order", subject=order, list_hash=list_hash)
    return order


@transaction.atomic
def release_order(*, order_id: UUID, by: Actor, at: datetime) -> Order:
    """Hand an approved order's money to its channel.

    Raises as `approve_order` does, and HitsWaiting, SomebodyListed, WalletsHeldBack.
    """
    access.require(by, RELEASE, area="")
    order = order_for(order_id, lock=True)
    _require(order, Order.State.APPROVED)
    require_clear(order)
    require_in_their_names(order)
    if _list(order)[2] != order.list_hash:
        raise ListChanged
    order.state, order.released_by, order.released_at = Order.State.RELEASED, by.name, at
    order.save()
    order.payments.update(state=PaymentState.SENT)
    account(AccountKind.FAMILIES, order.programme)  # for the answers that will come
    _move(order, EntryKind.RELEASE, AccountKind.COMMITTED, AccountKind.CHANNEL, by, at)
    audit.write(by=by, action="payments.release_order", subject=order, total=str(order.total))
    return order


@transaction.atomic
def cancel_order(*, order_id: UUID, by: Actor, at: datetime) -> Order:
    """Give an order up that isn't released; its money goes back to the budget."""
    access.require(by, PREPARE, area="")
    order = order_for(order_id, lock=True)
    _require(order, Order.State.PREPARED, Order.State.APPROVED)
    if order.state == Order.State.APPROVED:
        _move(order, EntryKind.CANCELLATION, AccountKind.COMMITTED, AccountKind.BUDGET, by, at)
    order.state = Order.State.CANCELLED
    order.save()
    order.payments.update(state=PaymentState.CANCELLED)
    audit.write(by=by, action="payments.cancel_order", subject=order)
    return order


def _require(order: Order, *states: str) -> None:
    if order.state not in states:
        raise NotInThatState


def _move(
    order: Order, kind: EntryKind, source: AccountKind, target: AccountKind, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    move(
        kind,
        f"{kind}:{order.number}",
        order,
        {source: -order.total, target: order.total},
        on=timezone.localtime(at).date(),
        by=by,
    )
