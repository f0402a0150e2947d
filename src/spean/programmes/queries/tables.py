"""The tables of the programmes, for who drafts other ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from spean.kernel.policy import NotInForce, TableValue, policy
from spean.programmes.rules import AREAS, LEVELS

PROGRAMMES, KINDS = "programmes.", ("rates", "levels")
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
        """Give the columns, which all its rows have."""
        return tuple(next(iter(self.table.rows.values())))


def adjustable(on: date) -> Iterator[Adjustable]:
    """Give the tables of the programmes on a day; of one that isn't in force, the last."""
    for key in policy.all_keys:
        programme, _, kind = key.removeprefix(PROGRAMMES).partition(".")
        if not key.startswith(PROGRAMMES) or kind not in KINDS:
            continue
        try:
            yield Adjustable(programme, policy.table(key, on=on), in_force=True)
        except NotInForce:
            past = [one for one in policy.history(key).values() if isinstance(one, TableValue)]
            yield Adjustable(programme, past[-1], in_force=False)
