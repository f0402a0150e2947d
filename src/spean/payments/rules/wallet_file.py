"""The bulk file of a mobile-money agent, or of a pay point, and the file that comes back.

Both are CSV in UTF-8 and of any length: rows pass through one at a time. ASSUMED: the columns are
ours; no provider publishes its own.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import IO

from spean.kernel.errors import N_, SpeanError
from spean.kernel.money import Currency, Money
from spean.kernel.spreadsheets import NotUnicode, WrongHeader, csv_pieces
from spean.payments.rules.messages import (
    Answer,
    CurrencyNotPaid,
    DayUnreadable,
    Instruction,
    Outcome,
    Unreadable,
    reference_of,
)

COLUMNS = ("reference", "account", "name", "name_latin", "amount", "currency", "place", "purpose")
ANSWER_COLUMNS = ("reference", "status", "amount", "currency", "date", "transaction_id", "reason")
STATUSES = {
    "PENDING": Outcome.ACCEPTED,
    "SUCCESS": Outcome.PAID,
    "PARTIAL": Outcome.PARTLY,
    "FAILED": Outcome.FAILED,
    "RETURNED": Outcome.RETURNED,
}


class StatusUnknown(SpeanError):
    """Refuse a row whose status means nothing to us."""

    code = "payments.status_unknown"
    message = N_("“%(text)s” is not a status. It is SUCCESS, PARTIAL, FAILED, PENDING or RETURNED.")


def write_instructions(instructions: Iterable[Instruction], purpose: str) -> Iterator[bytes]:
    """Give the file piece by piece."""
    rows = (
        (one.reference, one.account, one.name, one.latin_name, f"{one.amount:f}", Currency.KHR,
         one.place, purpose)
        for one in instructions
    )  # fmt: skip
    return csv_pieces(chain([COLUMNS], rows))


def read_rows(stream: IO[bytes]) -> Iterator[tuple[int, Answer | Unreadable]]:
    """Give each row's number with its answer, or with why it can't be read.

    Raises WrongHeader or NotUnicode where the file as a whole is none.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    lines = csv.reader(text)
    try:
        names = [cell.strip().lower() for cell in next(lines, [])]
        missing = [column for column in ANSWER_COLUMNS if column not in names]
        if missing:
            raise WrongHeader(missing=", ".join(missing), found=", ".join(names)[:200] or "–")
        for row, cells in enumerate(lines, start=2):
            if any(cell.strip() for cell in cells):
                padded = [*(cell.strip() for cell in cells), *[""] * len(names)]
                yield row, _answer(row, dict(zip(names, padded, strict=False)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotUnicode from error
    finally:
        text.detach()  # the stream is its giver's to close


def _answer(row: int, cells: dict[str, str]) -> Answer | Unreadable:
    try:
        return Answer(
            reference=reference_of(cells["reference"]),
            outcome=_outcome(cells["status"]),
            amount=_amount(cells["amount"], cells["currency"]),
            on=_day(cells["date"]),
            their_reference=cells["transaction_id"][:60],
            reason=cells["reason"][:140],
        )
    except SpeanError as error:
        return Unreadable(row, error)


def _outcome(text: str) -> Outcome:
    if text.upper() not in STATUSES:
        raise StatusUnknown(text=text[:60])
    return STATUSES[text.upper()]


def _amount(text: str, currency: str) -> Decimal:
    if currency.upper() != Currency.KHR:
        raise CurrencyNotPaid(text=currency[:10])
    return Money.parse(text).amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DayUnreadable(text=text[:40]) from None
