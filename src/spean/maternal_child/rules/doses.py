"""A dose that was given, what stands against one, and what each is worth."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What a dose given is worth for a series."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    EXTRANEOUS = "extraneous"


class Reason(StrEnum):
    """Why a dose doesn't count."""

    BEFORE_BIRTH = "before_birth"
    TOO_YOUNG = "too_young"
    TOO_SOON = "too_soon"
    LIVE_TOO_CLOSE = "live_too_close"
    TOO_OLD = "too_old"
    SERIES_COMPLETE = "series_complete"
    SAME_DAY = "same_day"
    NOT_IN_SCHEDULE = "not_in_schedule"


EXTRANEOUS = (
    Reason.TOO_OLD, Reason.SERIES_COMPLETE, Reason.SAME_DAY, Reason.NOT_IN_SCHEDULE,
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Given:
    """A dose that was given."""

    day: date
    vaccine: str


REACTION = "severe_reaction"  # to a vaccine; the other conditions are those that a schedule names


@dataclass(frozen=True, slots=True, order=True)
class Barrier:
    """What stands against giving a vaccine: a condition of the person, for a time."""

    condition: str
    since: date
    until: date | None = None
    vaccine: str = ""

    def holds(self, on: date) -> bool:
        """Say whether it stands on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one dose is worth for one series: the line it was held against, and why not valid."""

    dose: Given
    series: str
    line: str
    reason: Reason | None

    @property
    def verdict(self) -> Verdict:
        """Say whether the dose counts."""
        if self.reason is None:
            return Verdict.VALID
        return Verdict.EXTRANEOUS if self.reason in EXTRANEOUS else Verdict.NOT_VALID
