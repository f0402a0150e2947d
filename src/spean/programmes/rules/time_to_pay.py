"""How long families wait, from the day a cycle is opened until they have their money."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Soon(StrEnum):
    """How many days a family waited."""

    A_DAY = "a_day"
    THREE_DAYS = "three_days"
    A_WEEK = "a_week"
    TWO_WEEKS = "two_weeks"
    LATER = "later"
    NOT_YET = "not_yet"


WITHIN = {Soon.A_DAY: 1, Soon.THREE_DAYS: 3, Soon.A_WEEK: 7, Soon.TWO_WEEKS: 14}


def how_soon(opened: date, paid: Mapping[date, int], families: int) -> dict[Soon, int]:
    """Count the families by how long they waited; who has no money yet is the rest of them."""
    found = dict.fromkeys(Soon, 0)
    for day, count in paid.items():
        waited = (day - opened).days
        found[next((soon for soon, most in WITHIN.items() if waited <= most), Soon.LATER)] += count
    found[Soon.NOT_YET] = max(0, families - sum(paid.values()))
    return found
