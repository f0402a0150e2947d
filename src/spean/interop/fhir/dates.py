"""Search by date (FHIR R4, 3.1.1.4.10): a value is a range, and so is a date of some precision."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from spean.interop.fhir.errors import BadValue

T = TypeVar("T", date, datetime)
Step = Callable[[date], date]
LAST_YEAR = 9990  # so that every range has an end
_PREFIX = re.compile("eq|ne|gt|lt|ge|le|sa|eb|ap")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def born(value: str, *, day: str, precision: str) -> Q:
    """Ask for a date of which a field says how precisely it is known (exact, month, else year)."""
    prefix, text = _split(value)
    first, after = _days(text, value, "birthdate")
    known: dict[str, tuple[Step, Step]] = {
        "exact": (_same, _same),
        "month": (_month, _next(_month)),
        "year": (_year, _next(_year)),
        "estimated": (_year, _next(_year)),
    }
    found = Q(pk__in=[])
    for name, (floor, ceil) in known.items():
        found |= Q(**{precision: name}) & _within(day, prefix, first, after, floor, ceil)
    return found


def at(value: str, *, moment: str, parameter: str = "_lastUpdated") -> Q:
    """Ask for a moment that is exactly known."""
    prefix, text = _split(value)
    if "T" not in text:
        days = _days(text, value, parameter)
        first, after = (timezone.make_aware(datetime(d.year, d.month, d.day)) for d in days)
    else:
        try:
            first = cast(datetime, parse_datetime(text))
            first = first if timezone.is_aware(first) else timezone.make_aware(first)
        except (ValueError, AttributeError) as error:
            raise BadValue(value=value, parameter=parameter) from error
        after = first + (timedelta(microseconds=1) if first.microsecond else timedelta(seconds=1))
    return _within(moment, prefix, first, after, _same, _same)


def on_day(value: str, *, field: str, parameter: str = "date") -> Q:
    """Ask for a day that is exactly known."""
    prefix, text = _split(value)
    first, after = _days(text[:10], value, parameter)
    return _within(field, prefix, first, after, _same, _same)


def holds(value: str, day: date | None, *, parameter: str = "date") -> bool:
    """Say whether a day that is at hand, exactly known, is one that a value asks for."""
    prefix, text = _split(value)
    first, after = _days(text[:10], value, parameter)
    if day is None:
        return prefix == "ne"
    answers = {
        "eq": first <= day < after,
        "ap": first <= day < after,
        "ne": not first <= day < after,
        "gt": day >= after,
        "sa": day >= after,
        "lt": day < first,
        "eb": day < first,
        "ge": day >= first,
        "le": day < after,
    }
    return answers[prefix]


def _split(value: str) -> tuple[str, str]:
    prefix = _PREFIX.match(value)
    return (prefix[0], value[2:]) if prefix else ("eq", value)


def _days(text: str, value: str, parameter: str) -> tuple[date, date]:
    """Give the first day of what a text names, and the day after its last one."""
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = (int(part or 0) for part in found.groups())
        if year > LAST_YEAR:
            raise ValueError(text)
        first = date(year, month or 1, day or 1)
        if day:
            return first, first + timedelta(days=1)
        return first, _next(_month if month else _year)(first + timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise BadValue(value=value, parameter=parameter) from error


def _within(
    field: str, prefix: str, first: T, after: T, floor: Callable[[T], T], ceil: Callable[[T], T]
) -> Q:
    """Compare a value's range [first, after) with a record's, which `floor` and `ceil` round to."""
    if prefix == "ne":
        return ~_within(field, "eq", first, after, floor, ceil)
    low, high = ceil(first), floor(after)  # what a record's range must keep to, to lie inside
    bounds: dict[str, tuple[T | None, T | None]] = {
        "eq": (low, high),
        "gt": (high, None),
        "lt": (None, low),
        "ge": (min(low, high), None),
        "le": (None, max(low, high)),
        "sa": (ceil(after), None),
        "eb": (None, floor(first)),
        "ap": (floor(first), ceil(after)),
    }
    lower, upper = bounds[prefix]
    held = Q()
    if lower is not None:
        held &= Q(**{f"{field}__gte": lower})
    if upper is not None:
        held &= Q(**{f"{field}__lt": upper})
    return held


def _same(day: T) -> T:
    return day


def _month(day: date) -> date:
    return day.replace(day=1)


def _year(day: date) -> date:
    return day.replace(month=1, day=1)


def _next(floor: Step) -> Step:
    """Give the function that rounds up to the first day of a month or year."""

    def ceil(day: date) -> date:
        whole = floor(day)
        return (
            whole if whole == day else floor(whole + timedelta(days=366 if floor is _year else 31))
        )

    return ceil
