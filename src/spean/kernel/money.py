"""Amounts of money: exact decimals of one currency, rounded only where a rule says so."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Self

from spean.kernel.errors import N_, SpeanError


class Currency(StrEnum):
    """The two currencies in use."""

    KHR = "KHR"
    USD = "USD"


class Rounding(StrEnum):
    """How an amount between two steps is rounded."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    UP = ROUND_CEILING
    DOWN = ROUND_FLOOR


# The smallest amount that is paid in each currency.
SMALLEST = {Currency.KHR: Decimal(1), Currency.USD: Decimal("0.01")}


class OtherCurrency(SpeanError):
    """Refuse to mix currencies."""

    code = "kernel.other_currency"
    message = N_("Amounts in %(one)s and %(other)s can't be mixed. Convert one of them first.")


class NotAnAmount(SpeanError):
    """Refuse a text that isn't one clear amount."""

    code = "kernel.not_an_amount"
    message = N_("“%(text)s” is not an amount. Write digits only, without separators: 40000.")
    field = "amount"


class NothingToSplit(SpeanError):
    """Refuse to split into less than one part."""

    code = "kernel.nothing_to_split"
    message = N_("An amount is split into one part or more.")


# Digits of any script; no riel is divided, a dollar has two places.
_WRITTEN = {
    Currency.KHR: re.compile(r"-?\d{1,15}"),
    Currency.USD: re.compile(r"-?\d{1,15}(?:\.\d{1,2})?"),
}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount of one currency. Raises TypeError for a float, which isn't exact."""

    amount: Decimal
    currency: Currency = Currency.KHR

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"an amount is a Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise NotAnAmount(text=str(self.amount))

    @classmethod
    def parse(cls, text: str, currency: Currency = Currency.KHR) -> Self:
        """Read an amount; a separator is refused, for 40.000 may be forty or forty thousand."""
        if not _WRITTEN[currency].fullmatch(text.strip()):
            raise NotAnAmount(text=text)
        return cls(Decimal(text.strip()), currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: int | Decimal) -> "Money":
        if isinstance(factor, bool) or not isinstance(factor, int | Decimal):
            raise TypeError(f"a factor is a whole number or a Decimal, not {factor!r}")
        return Money(self.amount * Decimal(factor), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def _same(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            raise OtherCurrency(one=self.currency.value, other=other.currency.value)
        return other.amount

    def rounded(self, step: Decimal | None = None, how: Rounding = Rounding.HALF_UP) -> "Money":
        """Round to a multiple of `step` (by default the smallest amount that is paid)."""
        step = step or SMALLEST[self.currency]
        whole = (self.amount / step).quantize(Decimal(1), rounding=how.value)
        return Money(whole * step, self.currency)

    def split(self, parts: int) -> list["Money"]:
        """Split into parts that differ by at most one step and add up to the whole."""
        if parts < 1:
            raise NothingToSplit
        step = SMALLEST[self.currency]
        sign = -1 if self.amount < 0 else 1
        share, rest = divmod(abs(self.amount), step * parts)
        shares = [share * step] * parts
        position = 0
        while rest > 0:
            piece = min(step, rest)
            shares[position] += piece
            rest -= piece
            position += 1
        return [Money(sign * share, self.currency) for share in shares]

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"
