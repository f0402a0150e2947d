"""Periods of days: from a first day until the day before an end, or open."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from spean.kernel.errors import N_, SpeanError


class EndsBeforeStart(SpeanError):
    """Refuse a period that holds on no day."""

    code = "kernel.ends_before_start"
    message = N_("The end must come after the start.")
    field = "end"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` until the day before `end`; open where `end` is None.

    Raises EndsBeforeStart.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise EndsBeforeStart

    def contains(self, day: date) -> bool:
        """Say whether the day lies in the period."""
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def last_day(self) -> date | None:
        """The last day that lies in the period; None where it is open."""
        return None if self.end is None else self.end - timedelta(days=1)

    def overlaps(self, other: "Period") -> bool:
        """Say whether some day lies in both."""
        return self.intersection(other) is not None

    def intersection(self, other: "Period") -> "Period | None":
        """Give the days that lie in both, or None."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends, default=None)
        return None if end is not None and end <= start else Period(start, end)

    @classmethod
    def of_months(cls, start: date, months: int) -> "Period":
        """Give the period of so many months from a day."""
        return cls(start, add_months(start, months))


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def age_on(birth_date: date, day: date) -> int:
    """Give the completed years of life on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def last_birth_of_age(age: int, day: date) -> date:
    """Give the latest birth date of somebody who has completed so many years on a day."""
    born = date(day.year - age, day.month, min(day.day, 28)) + timedelta(days=4)
    while age_on(born, day) < age:
        born -= timedelta(days=1)
    return born
