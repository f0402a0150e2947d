"""Search by date: held against the definition, over every precision, prefix and range."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import timezone as tz
from typing import Any

from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from spean.interop.fhir import dates

PHNOM_PENH = tz(timedelta(hours=7))
DAYS = st.dates(date(1999, 11, 1), date(2001, 2, 28))
PRECISIONS = ("exact", "month", "year", "estimated")
PREFIXES = ("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
Range = tuple[date, date]


def _range(text: str) -> Range:
    """Give the first and the last day that a text names, by trying every day."""
    days = [date(1998, 1, 1) + timedelta(days=n) for n in range(2000)]
    named = [day for day in days if day.isoformat().startswith(text)]
    return named[0], named[-1]


# FHIR R4, 3.1.1.4.10: (value's first and last day, record's first and last day).
MEANS: dict[str, Callable[[Range, Range], bool]] = {
    "eq": lambda v, r: v[0] <= r[0] and r[1] <= v[1],
    "ne": lambda v, r: not (v[0] <= r[0] and r[1] <= v[1]),
    "gt": lambda v, r: r[1] > v[1],
    "lt": lambda v, r: r[0] < v[0],
    "ge": lambda v, r: r[1] > v[1] or (v[0] <= r[0] and r[1] <= v[1]),
    "le": lambda v, r: r[0] < v[0] or (v[0] <= r[0] and r[1] <= v[1]),
    "sa": lambda v, r: r[0] > v[1],
    "eb": lambda v, r: r[1] < v[0],
    "ap": lambda v, r: r[0] <= v[1] and v[0] <= r[1],
}


@given(
    value=DAYS, digits=st.sampled_from([4, 7, 10]), prefix=st.sampled_from(PREFIXES),
    recorded=DAYS, precision=st.sampled_from(PRECISIONS),
)  # fmt: skip
def test_a_birth_date_is_compared_as_precisely_as_it_is_known(
    value: date, digits: int, prefix: str, recorded: date, precision: str
) -> None:
    text = value.isoformat()[:digits]
    known = {"exact": 10, "month": 7}.get(precision, 4)
    means = MEANS[prefix or "eq"](_range(text), _range(recorded.isoformat()[:known]))

    asked = dates.born(prefix + text, day="day", precision="precision")

    assert _holds(asked, {"day": recorded, "precision": precision}) == means


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3)).map(
        lambda found: found.replace(tzinfo=PHNOM_PENH)
    )
)
def test_a_day_without_a_time_is_a_day_in_cambodia(moment: datetime) -> None:
    on_the_second = moment.date() == date(2026, 1, 2)

    assert _holds(dates.at("2026-01-02", moment="at"), {"at": moment}) == on_the_second
    assert _holds(dates.at("2026-01", moment="at"), {"at": moment})


def test_a_moment_is_found_as_it_is_written() -> None:
    moment = datetime(2026, 1, 1, 10, 0, 5, 123456, tzinfo=PHNOM_PENH)

    assert _holds(dates.at(moment.isoformat(), moment="at"), {"at": moment})
    assert _holds(dates.at("2026-01-01T03:00:05Z", moment="at"), {"at": moment})
    assert _holds(dates.at("2026-01-01T10:00:05", moment="at"), {"at": moment})
    assert not _holds(dates.at("gt2026-01-01T03:00:05Z", moment="at"), {"at": moment})
    assert not _holds(dates.at("2026-01-01T10:00:05Z", moment="at"), {"at": moment})


def _holds(asked: Q, row: dict[str, Any]) -> bool:
    """Decide a condition on one row, slowly and plainly."""
    results = [
        _holds(part, row) if isinstance(part, Q) else _compares(*part, row)
        for part in asked.children
    ]
    held = any(results) if asked.connector == Q.OR else all(results)
    return held != asked.negated


def _compares(lookup: str, value: Any, row: dict[str, Any]) -> bool:
    name, _, how = lookup.partition("__")
    if name == "pk":
        return False
    if how == "gte":
        return bool(row[name] >= value)
    if how == "lt":
        return bool(row[name] < value)
    return bool(row[name] == value)
