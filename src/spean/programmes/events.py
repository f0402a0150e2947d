"""What others may hear of the programmes; nothing of those that are confidential."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EnrolmentsMoved:
    """One household, or all those of an area that were reviewed together, stand elsewhere now.

    `first` says that they were enrolled and had been candidates.
    """

    programme: str
    state: str
    first: bool
    household: UUID | None
    area: str
    day: date
