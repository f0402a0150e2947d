"""What others may hear of the registry: ids, codes and days only."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HouseholdRegistered:
    """A household was registered in a village."""

    household: UUID
    village: str
    day: date


@dataclass(frozen=True, slots=True)
class HouseholdMoved:
    """A household lives elsewhere from a day on: another village, or address of the same one."""

    household: UUID
    left: str
    entered: str
    day: date


@dataclass(frozen=True, slots=True)
class HouseholdSplit:
    """Members left a household to form another."""

    household: UUID
    new_household: UUID
    village: str
    day: date


@dataclass(frozen=True, slots=True)
class HouseholdsMerged:
    """One household's members joined another, and it ceased."""

    kept: UUID
    dissolved: UUID
    day: date


@dataclass(frozen=True, slots=True)
class HouseholdDissolved:
    """Nobody is left in a household."""

    household: UUID
    day: date


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """A person joined a household, or was born into it."""

    household: UUID
    person: UUID
    day: date


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    """A person left a household (`reason` is a code; "death" among them)."""

    household: UUID
    person: UUID
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class HeadChanged:
    """A household has another head."""

    household: UUID
    head: UUID
    day: date


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person's record changed (`kind` is the kind of change)."""

    person: UUID
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class HouseholdCorrected:
    """A household's address or phone changed."""

    household: UUID
    day: date


@dataclass(frozen=True, slots=True)
class PeopleMerged:
    """Two records were found to be one person; what was the dropped one's is the kept one's."""

    kept: UUID
    dropped: UUID
    day: date


@dataclass(frozen=True, slots=True)
class PeopleUnmerged:
    """Two records were taken for one person by mistake; each has its own again."""

    kept: UUID
    dropped: UUID
    day: date


@dataclass(frozen=True, slots=True)
class ChangeReversed:
    """An applied change was undone whole; read the records it touched again."""

    change: UUID
    kind: str
    household: UUID | None
    person: UUID | None
    day: date


@dataclass(frozen=True, slots=True)
class CardIssued:
    """A household was given an equity card, valid from `start` until the day before `end`."""

    card: UUID
    household: UUID
    category: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class CardRevoked:
    """An equity card is no longer good."""

    card: UUID
    household: UUID
    day: date


@dataclass(frozen=True, slots=True)
class HouseholdsTakenIn:
    """Many households entered the registry at once, from a file."""

    run: UUID
    households: int
    day: date
