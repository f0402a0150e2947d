"""What is counted, and the figures that come of it, as they may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from spean.kernel.disclosure import Cell, shown
from spean.kernel.policy import Indicator, TableValue


@dataclass(frozen=True, slots=True)
class Part:
    """Records of a kind of which all these flags hold: what an indicator names `babies.live`."""

    kind: str
    flags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The part as an indicator writes it."""
        return ".".join((self.kind, *self.flags))


def part(text: str) -> Part:
    """Read what an indicator names."""
    kind, *flags = text.split(".")
    return Part(kind, tuple(flags))


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of one group: its rate, and by what it came about; None where held back.

    `rate` is None too where nobody is in the denominator; that of a plain count is its count.
    """

    counted: int | None
    of: int | None
    rate: float | None


def figures(
    indicator: Indicator, counts: Sequence[tuple[int, int]], terms: TableValue | None
) -> list[Figure]:
    """Give the figures of the groups of one table from (counted, of); small ones are held back.

    Without `terms` everything is shown: to who may read the records themselves. Rates are of shown
    figures, so that none tells more than they do.
    """
    if terms is None:
        seen: list[tuple[int | None, int | None]] = [(counted, of) for counted, of in counts]
    else:
        columns = (
            shown([Cell(pair[n], pair[n]) for pair in counts], "people", terms) for n in (0, 1)
        )
        seen = list(zip(*columns, strict=True))
    return [
        Figure(counted, of if indicator.of else None, _rate(indicator, counted, of))
        for counted, of in seen
    ]


def _rate(indicator: Indicator, counted: int | None, of: int | None) -> float | None:
    if counted is None or not indicator.of:
        return None if counted is None else float(counted)
    return round(counted * indicator.per / of, 1) if of else None
