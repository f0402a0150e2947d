"""What others may hear of referrals: ids, codes, numbers and days only."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TripCompleted:
    """A vehicle brought a patient to care, or home from it; `facility` is where the care was.

    `trip` names the trip for good: who hears of it twice does the work once.
    """

    trip: UUID
    referral: UUID
    person: UUID
    household: UUID
    facility: str
    day: date
    km: int
    cost: Decimal
