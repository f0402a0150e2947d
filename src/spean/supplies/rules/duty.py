"""Who is on duty at a moment, and where somebody is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

SHIFTS = ("day", "night")


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit in which, at a shift, fewer of a cadre are on duty than must be."""

    unit: int
    day: date
    shift: str
    cadre: str
    needed: int
    there: int


def shift_at(moment: datetime, *, begins: int, ends: int) -> tuple[date, str]:
    """Give the shift of a moment; a night belongs to the day on which it began."""
    if begins <= moment.hour < ends:
        return moment.date(), "day"
    before = moment.hour < begins
    return moment.date() - timedelta(days=before), "night"


def gaps(
    needs: Mapping[str, Mapping[str, Decimal]],
    units: Iterable[tuple[int, str]],
    on_duty: Mapping[tuple[int, date, str, str], int],
    days: Iterable[date],
) -> list[Gap]:
    """Give where somebody is missing, by day, shift and unit.

    `needs` is the policy (kind of unit × "midwife_night"); `on_duty` counts by unit, day, shift
    and cadre.
    """
    known = [(unit, needs[kind]) for unit, kind in units if kind in needs]
    return [
        Gap(unit, day, shift, cadre, int(number), there)
        for day in sorted(days)
        for shift in SHIFTS
        for unit, row in known
        for (cadre, of), number in ((name.rsplit("_", 1), number) for name, number in row.items())
        if of == shift and (there := on_duty.get((unit, day, shift, cadre), 0)) < number
    ]
