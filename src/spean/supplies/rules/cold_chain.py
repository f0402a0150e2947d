"""When a refrigerator was too warm or too cold: runs of readings outside what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Degrees:
    """The lowest and the highest degrees that are allowed."""

    lowest: Decimal
    highest: Decimal

    def hold(self, celsius: Decimal) -> bool:
        """Say whether a temperature is allowed; the bounds themselves are."""
        return self.lowest <= celsius <= self.highest

    def worst(self, one: Decimal, other: Decimal) -> Decimal:
        """Give of two temperatures the one farther outside."""
        return max(one, other, key=lambda each: max(self.lowest - each, each - self.highest))


@dataclass(frozen=True, slots=True)
class Excursion:
    """From the first reading outside until the first inside again (None: it isn't over)."""

    began: datetime
    ended: datetime | None
    worst: Decimal


def excursions(readings: Iterable[tuple[datetime, Decimal]], bounds: Degrees) -> list[Excursion]:
    """Give the runs of readings outside the bounds, in whatever order the readings came."""
    found: list[Excursion] = []
    for at, celsius in sorted(readings):
        running = bool(found) and found[-1].ended is None
        if bounds.hold(celsius):
            if running:
                found[-1] = Excursion(found[-1].began, at, found[-1].worst)
        elif running:
            worst = bounds.worst(found[-1].worst, celsius)
            found[-1] = Excursion(found[-1].began, None, worst)
        else:
            found.append(Excursion(at, None, celsius))
    return found
