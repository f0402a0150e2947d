"""The tables of the programmes and of the minimum expenditure, for who drafts other ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from spean.kernel.policy import (
    NotInForce,
    PolicyValue,
    Rows,
    ScaleValue,
    TableValue,
    policy,
)
from spean.programmes.rules import (
    BASKET,
    BY_AREA,
    COLUMN,
    FOLDER,
    FOOD,
    OTHER,
    PERCENT_OF_IT,
    is_transfer,
    modelled,
)

KINDS = ("rates", "levels")
LARGEST = 10_000_000  # riel a cell: more is a slip of the pen
NEEDIEST = 500  # percent of a grown person's needs
MINIMUM = (BASKET, FOOD, OTHER)
__all__ = ["MINIMUM", "PERCENT_OF_IT", "Adjustable", "adjustable", "frequency", "of_minimum"]


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A table that a draft may change, as it stands or last stood, and the rows it could have.

    Those of one `programme` are in force together. One that is `needed` can't be given up, and one
    that is `complete` has every row and column. Its cells are whole numbers within bounds.
    """

    programme: str
    table: TableValue
    in_force: bool
    needed: bool = False
    complete: bool = False
    least: int = 0
    most: int = LARGEST

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

    def left_empty(self, rows: Rows) -> Iterator[tuple[str, str]]:
        """Give the cells that some rows leave empty though there must be something."""
        if self.complete:
            for row, column in product(self.rows, self.columns):
                if column not in rows.get(row, {}):
                    yield row, column

    def could_be(self, cell: Decimal) -> bool:
        """Tell whether a cell could hold this."""
        return self.least <= cell <= self.most and cell == int(cell)

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


def of_minimum(on: date) -> Iterator[Adjustable]:
    """Give the basket and the scales of needs on a day; before there was one, the last."""
    for key in MINIMUM:
        scale = policy.last(key, ScaleValue)
        last = _table(scale) if scale else policy.last(key, TableValue)
        try:
            table = _table(policy.scale(key, on=on)) if scale else policy.table(key, on=on)
        except NotInForce:
            table = None
        if found := table or last:
            yield Adjustable(
                COLUMN, found, in_force=table is not None, needed=True, complete=True,
                most=NEEDIEST if scale else LARGEST,
            )  # fmt: skip


def _table(scale: ScaleValue) -> TableValue:
    return TableValue(scale.key, scale.since, scale.reference, "percent", scale.rows)


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
