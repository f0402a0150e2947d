"""What of a table of figures may be shown: small numbers are held back, the others rounded.

A number under the smallest is held back. If it were the only one, the total would give it away:
then the next smallest is held back too. Rounding keeps the difference of two answers from telling
of one family.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spean.kernel.policy import TableValue


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: of how many units (people, households) and, for an amount, its sum."""

    units: int
    value: int


def shown(cells: Sequence[Cell], what: str, terms: TableValue) -> list[int | None]:
    """Give each cell's figure as it may be shown; None where it is held back.

    An empty cell is shown: that there is nobody tells of nobody.
    """
    smallest = int(terms.cell(what, "smallest"))
    step = int(terms.cell(what, "round_to"))
    held = {n for n, cell in enumerate(cells) if 0 < cell.units < smallest}
    if len(held) == 1:
        others = [n for n, cell in enumerate(cells) if cell.units and n not in held]
        held |= set(sorted(others, key=lambda n: cells[n].units)[:1])
    return [None if n in held else _rounded(cell.value, step) for n, cell in enumerate(cells)]


def _rounded(value: int, step: int) -> int:
    return (value + step // 2) // step * step
