"""Whose death is reviewed: mothers, newborns and small children."""

from datetime import date
from enum import StrEnum

LATE_DAYS = 42  # WHO: within 42 days of the end of the pregnancy
NEWBORN_DAYS, CHILD_YEARS = 28, 5


class Died(StrEnum):
    """Whose death it was, as the reviews count them."""

    MATERNAL = "maternal"
    NEWBORN = "newborn"
    CHILD = "child"


def kind_of_death(
    *, born: date, died_on: date, pregnancy: tuple[date, date | None] | None
) -> Died | None:
    """Say which review a death belongs to, if any (ICD-11: maternal death; WHO: newborn, under 5).

    `pregnancy` is the last one's first day and end.
    """
    if pregnancy is not None:
        began, ended = pregnancy
        if began <= died_on and (ended is None or (died_on - ended).days <= LATE_DAYS):
            return Died.MATERNAL
    if (died_on - born).days < NEWBORN_DAYS:
        return Died.NEWBORN
    years = died_on.year - born.year - ((died_on.month, died_on.day) < (born.month, born.day))
    return Died.CHILD if years < CHILD_YEARS else None
