"""What others may hear of the health schemes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VisitClosed:
    """A patient's visit to a facility has ended."""

    visit_id: UUID
    person_id: UUID
    household_id: UUID
    facility: str
    scheme: str
    services: tuple[str, ...]
    left_on: date
