"""More of other programmes for who is struck: to whom they pay already, and to further levels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import ibis
import ibis.expr.types as ir

from spean.kernel.policy import TableValue
from spean.programmes.rules.shapes import Programme, total
from spean.programmes.rules.struck import Strike, is_struck

MORE = "more"


class Widenable(Programme, Protocol):
    """A programme that can be opened to further levels."""

    def widened(self, levels: Sequence[str]) -> Self: ...


@dataclass(frozen=True, slots=True)
class Expansion:
    """A part of what other programmes pay, for households that a shock struck.

    `rates` has a row for each programme, in percent of its amount: `more` is paid to whom it pays
    (vertical), the column of a level to households of that level that it doesn't pay, and would
    but for their level (horizontal). Its working columns are named as rates are: they are dropped.
    """

    code: str
    rates: TableValue
    bases: tuple[Widenable, ...]
    hit: tuple[Strike, ...]

    @property
    def policies(self) -> tuple[TableValue, ...]:
        """The policy values that it uses: its own, and those of the programmes."""
        return (self.rates, *(value for base in self.bases for value in base.policies))

    @property
    def needs_minimum(self) -> bool:
        """Tell whether a programme pays a part of the household's minimum expenditure."""
        return any(base.needs_minimum for base in self.bases)

    @property
    def counts_stages(self) -> bool:
        """Tell whether a programme counts members by their stage of school."""
        return any(base.counts_stages for base in self.bases)

    def terms(self, homes: ir.Table) -> Mapping[str, ir.Value]:
        """Give whether the household was struck, and each programme's terms, as it is and wider."""
        found: dict[str, ir.Value] = {"hit": is_struck(homes, self.hit)}
        for _row, *both in self._pairs():
            for one in both:
                inner = one.code.removeprefix(f"{self.code}_")
                found |= {f"{inner}_{name}": value for name, value in one.terms(homes).items()}
        return found

    def _pairs(self) -> Iterator[tuple[Mapping[str, int], Widenable, Widenable]]:
        """Give each programme's percents, the programme as it is, and opened to more levels."""
        for base in self.bases:
            row = {column: int(value) for column, value in self.rates.rows[base.code].items()}
            levels = [column for column, percent in row.items() if column != MORE and percent]
            inner = f"{self.code}_rate_{base.code}"
            as_it_is, wide = replace(base, code=f"{inner}_now"), base.widened(levels)  # type: ignore[type-var]
            yield row, as_it_is, replace(wide, code=f"{inner}_wide")  # type: ignore[type-var]

    def members(self, homes: ir.Table) -> Mapping[str, ir.BooleanValue]:
        """Give whether one of the programmes reaches the household."""
        return {"reached": self.amount(homes) > 0}

    def amount(self, homes: ir.Table) -> ir.IntegerValue:
        """Give the sum of the parts of each programme."""
        return total(self._part(homes, *pair) for pair in self._pairs())

    def _part(
        self, homes: ir.Table, row: Mapping[str, int], now: Programme, wide: Programme
    ) -> ir.IntegerValue:
        by_level = [(homes.status == level, ibis.literal(percent, "int64"))
                    for level, percent in row.items() if level != MORE]  # fmt: skip
        percent = ibis.cases(*by_level, else_=ibis.literal(0, "int64"))
        more = now.amount(homes) * row.get(MORE, 0)
        part = _holds(homes, now).ifelse(
            more, _holds(homes, wide).ifelse(wide.amount(homes) * percent, 0)
        )
        return (part // 100).cast("int64").fill_null(0)


def _holds(homes: ir.Table, one: Programme) -> ir.BooleanValue:
    """Say whether all criteria of a programme hold, whose terms are columns already."""
    names = [name for name in one.terms(homes) if not name.startswith("rate_")]
    return ibis.and_(*(homes[f"{one.code}_{n}"] for n in names), *one.members(homes).values())
