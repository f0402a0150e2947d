"""The tables of the programmes, for who drafts other ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from spean.kernel.policy import NotInForce, PolicyValue, Rows, TableValue, policy
from spean.programmes.rules import BY_AREA, FOLDER, PERCENT_OF_IT, is_transfer, modelled

KINDS = ("rates", "levels")
__all__ = ["PERCENT_OF_IT", "Adjustable", "adjustable", "frequency"]


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A programme's table, as it stands or last stood, and the rows that it could have."""

    programme: str
    table: TableValue
    in_force: bool

    @property
    def rows(self) -> tuple[str, ...]:
        """Give the rows that it could have: all areas and levels, where it has some of them."""
        return BY_AREA if is_transfer(self.table) else tuple(self.table.rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that all its rows could have: a transfer may be sized by need."""
        sized = (PERCENT_OF_IT,) if is_transfer(self.table) else ()
        return tuple(dict.fromkeys((*self._held, *sized)))

    @property
    def _held(self) -> Mapping[str, Decimal]:
        return next(iter(self.table.rows.values()))

    def could_have(self, row: str, cells: Mapping[str, Decimal]) -> bool:
        """Tell whether a row could hold these cells: all columns that the table has at least."""
        return row in self.rows and set(self._held) <= set(cells) <= set(self.columns)

    def whole(self, rows: Rows) -> dict[str, dict[str, Decimal]]:
        """Give some of its rows with all its columns: what one doesn't say is nothing."""
        return {
            row: {column: cells.get(column, Decimal(0)) for column in self.columns}
            for row, cells in rows.items()
        }


def adjustable(on: date) -> Iterator[Adjustable]:
    """Give the tables of the programmes on a day; of one that isn't in force, the last."""
    for programme, kind in product(modelled(), KINDS):
        key = f"{FOLDER}{programme}.{kind}"
        last = policy.last(key, TableValue)
        if last is None:
            continue
        try:
            yield Adjustable(programme, policy.table(key, on=on), in_force=True)
        except NotInForce:
            yield Adjustable(programme, last, in_force=False)


def frequency(on: date) -> Mapping[str, int]:
    """Give how many payments a year each programme makes, or made last, or will make."""
    return {code: _payments_a_year(code, on) for code in modelled()}


def _payments_a_year(code: str, on: date) -> int:
    key = f"{FOLDER}{code}.payments_a_year"
    try:
        return policy.value(key, on=on).whole
    except NotInForce:
        last = policy.last(key, PolicyValue)
        return last.whole if last else 0
