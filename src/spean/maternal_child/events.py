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


@dataclass(frozen=True, slots=True)
class HomeVisitWithdrawn:
    """A home visit was recorded in error."""

    visit: UUID
    person: UUID
    village: str
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class ContactCompleted:
    """A mother or child had a contact with care (`kind`, `place`, `facility` as recorded)."""

    contact: UUID
    household: UUID
    person: UUID
    village: str
    kind: str
    place: str
    vaccinated: bool
    day: date
    recorded_on: date
    facility: str = ""


@dataclass(frozen=True, slots=True)
class BirthRecorded:
    """A woman gave birth; `children` are those born alive, `stillborn` how many were not."""

    pregnancy: UUID
    household: UUID
    mother: UUID
    children: tuple[UUID, ...]
    stillborn: int
    village: str
    place: str
    day: date
    recorded_on: date
    again: int = 0  # how often an end of this pregnancy was withdrawn before


@dataclass(frozen=True, slots=True)
class BirthWithdrawn:
    """A birth was recorded in error: `babies` are the ids under which it was told of."""

    pregnancy: UUID
    again: int
    household: UUID
    mother: UUID
    babies: tuple[str, ...]
    village: str
    day: date
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A vaccine was given, of a batch where one was written down."""

    dose: UUID
    person: UUID
    village: str
    vaccine: str
    day: date
    batch: str = ""


@dataclass(frozen=True, slots=True)
class DoseWithdrawn:
    """A dose was recorded in error."""

    dose: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class DeathNotified:
    """A mother or a small child died (`kind`: maternal, newborn, child)."""

    death: UUID
    person: UUID
    village: str
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class CareWithdrawn:
    """A contact or a dose of this day was recorded in error; what still stands is to be asked."""

    person: UUID
    household: UUID
    day: date
    withdrawn_on: date
