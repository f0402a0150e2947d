"""What is said to a payment channel, and what it answers: the one form that all channels share."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from spean.kernel.errors import SpeanError


class Outcome(StrEnum):
    """What a channel says became of one payment."""

    ACCEPTED = "accepted"
    PAID = "paid"
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
    amount: Decimal
    on: date
    their_reference: str
    reason: str  # the channel's own code or text, "" where it was paid


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One row of an answer that can't be read: reported, never guessed."""

    row: int
    error: SpeanError
