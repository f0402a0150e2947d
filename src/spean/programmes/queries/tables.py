"""The tables of the programmes, for who drafts other ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from spean.kernel.policy import NotInForce, Rows, TableValue, policy
from spean.programmes.rules import (
    AREAS,
    EXPANSION,
    GRANTS,
    LEVELS,
    PERCENT_OF_IT,
    TRANSFERS,
)

PROGRAMMES, KINDS = "programmes.", ("rates", "levels")
FREQUENCY = "programmes.payments_a_year"
__all__ = ["PERCENT_OF_IT", "Adjustable", "adjustable", "frequency"]
MODELLED = (*TRANSFERS, *GRANTS, EXPANSION)
BY_AREA = tuple(f"{area}_{level}" for area, level in product(AREAS, LEVELS))


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A programme's table, as it stands or last stood, and the rows that it could have."""

    programme: str
    table: TableValue
    in_force: bool

    @property
    def rows(self) -> tuple[str, ...]:
        """Give the rows that it could have: all areas and levels, where it has some of them."""
        held = tuple(self.table.rows)
        return BY_AREA if set(held) <= set(BY_AREA) else held

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that all its rows could have: a transfer may be sized by need."""
        sized = (PERCENT_OF_IT,) if self.programme in TRANSFERS else ()
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
    for key in policy.all_keys:
        programme, _, kind = key.removeprefix(PROGRAMMES).partition(".")
        if not key.startswith(PROGRAMMES) or kind not in KINDS or programme not in MODELLED:
            continue
        try:
            yield Adjustable(programme, policy.table(key, on=on), in_force=True)
        except NotInForce:
            past = [one for one in policy.history(key).values() if isinstance(one, TableValue)]
            yield Adjustable(programme, past[-1], in_force=False)


def frequency(on: date) -> Mapping[str, int]:
    """Give how many payments a year each programme makes."""
    rows = policy.table(FREQUENCY, on=on).rows
    return {code: int(row["payments"]) for code, row in rows.items()}
