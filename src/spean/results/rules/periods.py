"""Periods as DHIS2 writes them: 202609 a month, 2026Q3 a quarter, 2026 a year."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from spean.kernel.errors import N_, SpeanError
from spean.kernel.periods import add_months

Kind = Literal["month", "quarter", "year"]
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}
WRITTEN = re.compile(r"(?P<year>20\d\d)(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2]))?")


class BadPeriod(SpeanError):
    """Refuse what is no period."""

    code = "results.bad_period"
    message = N_(
        "“%(period)s” is no period. Write a month (202609), a quarter (2026Q3) or a year (2026)."
    )
    status = 422
    field = "period"


@dataclass(frozen=True, slots=True)
class Span:
    """A month, a quarter or a year: from `start` until the day before `end`."""

    code: str
    kind: Kind
    start: date
    end: date


def span(code: str) -> Span:
    """Read a period. Raises BadPeriod."""
    found = WRITTEN.fullmatch(code)
    if found is None:
        raise BadPeriod(period=code[:20])
    year, quarter, month = found["year"], found["quarter"], found["month"]
    kind: Kind = "quarter" if quarter else "month" if month else "year"
    first = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
    start = date(int(year), first, 1)
    return Span(code, kind, start, add_months(start, MONTHS[kind]))


def kind_of(code: str) -> Kind:
    """Say what kind of period a code is. Raises BadPeriod."""
    return span(code).kind


def of_day(day: date, kind: Kind) -> Span:
    """Give the period of a kind in which a day lies."""
    codes = {
        "month": f"{day:%Y%m}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "year": str(day.year),
    }
    return span(codes[kind])


def before(last: Span, number: int) -> list[Span]:
    """Give so many periods of one kind that end with this one, the oldest first."""
    months = MONTHS[last.kind]
    return [of_day(add_months(last.start, -months * n), last.kind) for n in reversed(range(number))]
