"""What is said to a payment channel, and what it answers: the one form that all channels share."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import IO

from spean.kernel.errors import N_, SpeanError

REFERENCE = re.compile(r"[A-Z0-9-]{1,35}")
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks and space
LOOKED_AT = 100


class FileFormat(StrEnum):
    """In which form an order's file is fetched."""

    CSV = "csv"
    PAIN_001 = "pain.001"


class Outcome(StrEnum):
    """What a channel says became of one payment.

    `PARTLY` pays so much of it and no more; `SETTLED` is what left our account: all, or a part.
    """

    ACCEPTED = "accepted"
    PAID = "paid"
    PARTLY = "partly"
    SETTLED = "settled"
    FAILED = "failed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment to be made. `account` is what the channel knows the payee by.

    A wallet's number is a telephone number in E.164 (+855…); a pay point knows the card's number.
    `reference` is unique for ever and comes back in every answer: at most 35 characters, A–Z, 0–9
    and the hyphen (ISO 20022 EndToEndId).
    """

    reference: str
    amount: Decimal  # whole riel
    name: str  # as written in Khmer
    latin_name: str
    account: str
    place: str  # the village's code


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel says of one payment, in whole riel."""

    reference: str
    outcome: Outcome
    amount: Decimal | None  # None where it names the payment only: all of it
    on: date
    their_reference: str
    reason: str  # the channel's own code or text, "" where it was paid


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One row of an answer that can't be read: reported, never guessed."""

    row: int
    error: SpeanError


class ReferenceUnreadable(SpeanError):
    """Refuse a row that doesn't say which payment it is about."""

    code = "payments.reference_unreadable"
    message = N_("“%(text)s” is not a payment's reference. Ask the provider for the row again.")


class CurrencyNotPaid(SpeanError):
    """Refuse a row in a currency in which nothing was paid."""

    code = "payments.currency_not_paid"
    message = N_("The amount is in “%(text)s”, and payments are in KHR. Ask the provider.")


class DayUnreadable(SpeanError):
    """Refuse a row whose day is none."""

    code = "payments.day_unreadable"
    message = N_("“%(text)s” is not a day. Write it as 2026-11-23.")


def reference_of(text: str) -> str:
    """Read a payment's reference. Raises ReferenceUnreadable."""
    if not REFERENCE.fullmatch(text):
        raise ReferenceUnreadable(text=text[:60])
    return text


def is_xml(stream: IO[bytes]) -> bool:
    """Tell whether a file is XML by how it begins, and go back to its start."""
    start = stream.read(LOOKED_AT)
    stream.seek(0)
    return start.lstrip(BEFORE_XML).startswith(b"<")
