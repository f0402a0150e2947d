"""A list that families signed at a pay point is taken in as the channel's answer that it is."""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.money import Currency
from spean.kernel.spreadsheets import csv_pieces
from spean.payments.actions.answers import receive_answers
from spean.payments.models import AnswerFile, Order, Payment
from spean.payments.queries import RELEASE, pay_order, to_sign
from spean.payments.rules import ANSWER_COLUMNS

UNCLAIMED = "UNCLAIMED"


class NobodySigned(SpeanError):
    """Refuse a list on which nothing is marked."""

    code = "payments.nobody_signed"
    message = N_("Mark who signed, or say that the others did not come.")
    field = "others"


class PayerMissing(SpeanError):
    """Ask who paid."""

    code = "payments.payer_missing"
    message = N_("Write the name of the person who paid, as on the list.")
    field = "paid_by"


class DayOfPaymentImpossible(SpeanError):
    """Refuse a day before the order left, or to come."""

    code = "payments.day_of_payment_impossible"
    message = N_("Families can't have been paid on this day: the order left on %(day)s.")
    field = "paid_on"


class NotOnThisList(SpeanError):
    """Refuse a payment that isn't on the list of the village, or has an answer already."""

    code = "payments.not_on_this_list"
    message = N_("“%(reference)s” is not on this list any more. Look at the list again.")


class PartImpossible(SpeanError):
    """Refuse an amount that is nothing, or more than was to be paid."""

    code = "payments.part_impossible"
    message = N_("What was paid for “%(reference)s” must be above 0 and no more than is listed.")


@transaction.atomic
def take_signed_list(
    *, order_id: UUID, village: str, signed: Mapping[str, Decimal | None],
    others_did_not_come: bool, paid_by: str, paid_on: date, by: Actor, on: date,
) -> AnswerFile:  # fmt: skip
    """Take in who signed a village's list: the amount by reference, None for all of it.

    Who paid, and when, is kept with each. Whoever did not come is marked as unclaimed if so said:
    the money goes back to the budget, and the next order has them again. Raises NotFound,
    NotAllowed, PayerMissing, DayOfPaymentImpossible, NobodySigned, NotOnThisList, PartImpossible.
    """
    access.require(by, RELEASE, area="")
    order = pay_order(order_id, by=by)
    if not paid_by.strip():
        raise PayerMissing
    _check_day(order, paid_on, on)
    listed = {one.reference: one for one in to_sign(order, village, by=by)}
    if unknown := signed.keys() - listed.keys():
        raise NotOnThisList(reference=min(unknown))
    for reference, amount in signed.items():
        if amount is not None and not 0 < amount <= listed[reference].amount:
            raise PartImpossible(reference=reference)
    if not signed and not (others_did_not_come and listed):
        raise NobodySigned
    rows = _rows(listed, signed, others_did_not_come, paid_by.strip()[:60], paid_on)
    file = io.BytesIO(b"".join(csv_pieces([ANSWER_COLUMNS, *rows])))
    return receive_answers(file=file, name=f"{order.number}-{village}.csv", by=by, on=on)


def _check_day(order: Order, paid_on: date, on: date) -> None:
    left = timezone.localtime(order.released_at).date()
    if not left <= paid_on <= on:
        raise DayOfPaymentImpossible(day=left.isoformat())


def _rows(
    listed: Mapping[str, Payment], signed: Mapping[str, Decimal | None], others: bool,
    paid_by: str, paid_on: date,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    for reference, payment in listed.items():
        if reference in signed:
            given = signed[reference]
            amount = payment.amount if given is None else given
            said = "SUCCESS" if amount == payment.amount else "PARTIAL"
            yield (reference, said, amount, Currency.KHR, paid_on, paid_by, "")
        elif others:
            yield (reference, "FAILED", payment.amount, Currency.KHR, paid_on, paid_by, UNCLAIMED)
