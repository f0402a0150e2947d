"""What others may hear of mothers and children: ids, codes and days only."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HomeVisitRecorded:
    """A person was visited at home, or looked for and not met."""

    visit: UUID
    household: UUID
    person: UUID
    village: str
    kind: str
    met: bool
    day: date
