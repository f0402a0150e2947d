"""What is handed to channels: an order's file, the code by which one family is paid."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.spreadsheets import CSV_TYPE
from spean.locations import queries as locations
from spean.payments.models import Order, Payment
from spean.payments.queries.money import RELEASE, order_for
from spean.payments.rules import (
    CreditTransfer,
    Debtor,
    FileFormat,
    Instruction,
    PaymentState,
    khqr,
    write_credit_transfer,
    write_instructions,
)

MEDIA_TYPES = {FileFormat.CSV: (".csv", CSV_TYPE), FileFormat.PAIN_001: (".xml", "application/xml")}


class NotByBank(SpeanError):
    """Refuse a bank's message for what no bank pays."""

    code = "payments.not_by_bank"
    message = N_("Cash orders don't go to a bank. Fetch this one as CSV.")


class PayerUnknown(SpeanError):
    """Refuse to name a payer that nobody has set."""

    code = "payments.payer_unknown"
    message = N_(
        "The account that pays is not set up (%(names)s). Ask your administrator to set it."
    )


def order_file(
    order_id: UUID, *, by: Actor, form: FileFormat = FileFormat.CSV
) -> tuple[Order, Iterator[bytes]]:
    """Give a released order's file for its channel, piece by piece, in this form.

    The reading is recorded. Raises NotFound, NotByBank, PayerUnknown.
    """
    found = released(order_id, by)
    pieces = _WRITERS[form](found)
    audit.read(by=by, action="payments.order_file", subject=found, format=form,
               payments=found.payments_count)  # fmt: skip
    return found, pieces


def payment_code(order_id: UUID, reference: str, *, by: Actor, at: datetime) -> tuple[Payment, str]:
    """Give a payment that was sent and isn't answered for, and the KHQR code that pays it.

    The reading is recorded. Raises NotFound, PayerUnknown, NoCodeForThis.
    """
    order = released(order_id, by)
    found = order.payments.filter(reference=reference, state=PaymentState.SENT).first()
    if found is None or order.channel != Order.Channel.WALLET:
        raise NotFound
    if not settings.BAKONG_BANK:
        raise PayerUnknown(names="SPEAN_BAKONG_BANK")
    audit.read(by=by, action="payments.payment_code", subject=order, reference=reference)
    return found, khqr(
        # ASSUMED: a wallet's Bakong account is its telephone number at the bank of the channel.
        account=f"{found.account.removeprefix('+')}@{settings.BAKONG_BANK}",
        name=found.latin_name or found.name or reference,
        city=locations.place(found.village[:2], timezone.localtime(at).date()).name_en,
        amount=found.amount,
        bill=reference,
        at=at,
    )


def released(order_id: UUID, by: Actor) -> Order:
    """Give an order that has left, to who releases. Raises NotFound, NotAllowed."""
    access.require(by, RELEASE, area="")
    found = order_for(order_id)
    if found.state != Order.State.RELEASED:
        raise NotFound
    return found


def _instructions(order: Order) -> Iterator[Instruction]:
    rows = order.payments.order_by("reference").iterator(chunk_size=5000)
    return (
        Instruction(p.reference, p.amount, p.name, p.latin_name, p.account, p.village) for p in rows
    )


def _csv(order: Order) -> Iterator[bytes]:
    return write_instructions(_instructions(order), order.purpose)


def _pain_001(order: Order) -> Iterator[bytes]:
    if order.channel == Order.Channel.PAY_POINT or order.released_at is None:
        raise NotByBank
    if unset := [name for name, value in settings.PAYMENTS_DEBTOR.items() if not value]:
        raise PayerUnknown(names=", ".join(f"SPEAN_DEBTOR_{name.upper()}" for name in unset))
    return write_credit_transfer(
        _instructions(order),
        order=CreditTransfer(
            number=order.number, at=timezone.localtime(order.released_at),
            payments=order.payments_count, total=order.total, purpose=order.purpose,
        ),
        debtor=Debtor(**settings.PAYMENTS_DEBTOR),
        by_telephone=order.channel == Order.Channel.WALLET,
    )  # fmt: skip


_WRITERS = {FileFormat.CSV: _csv, FileFormat.PAIN_001: _pain_001}
