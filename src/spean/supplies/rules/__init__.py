"""What follows from a stock, a temperature or a roster: pure, dated by what is passed in."""

from spean.supplies.rules.cold_chain import Degrees, Excursion, excursions
from spean.supplies.rules.consumption import (
    DAYS_A_MONTH,
    Bounds,
    Judged,
    Numbers,
    Status,
    days_without,
    judge,
    monthly,
    proposal,
)
from spean.supplies.rules.duty import SHIFTS, Gap, gaps, shift_at
from spean.supplies.rules.picking import Held, pick

__all__ = [
    "DAYS_A_MONTH",
    "SHIFTS",
    "Bounds",
    "Degrees",
    "Excursion",
    "Gap",
    "Held",
    "Judged",
    "Numbers",
    "Status",
    "days_without",
    "excursions",
    "gaps",
    "judge",
    "monthly",
    "pick",
    "proposal",
    "shift_at",
]
