"""What others may hear of targeting."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AssessmentMoved:
    """A step was taken in a case; `step` and `state` are the codes of `models.Step`, `State`."""

    assessment_id: UUID
    household_id: UUID
    village: str
    step: str
    state: str
    on: date


@dataclass(frozen=True, slots=True)
class PovertyStatusSet:
    """A household has a level from `start` until the day before `end`."""

    status_id: UUID
    household_id: UUID
    village: str
    level: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class PovertyStatusEnded:
    """A household's level ended before its time: another took its place, or none."""

    status_id: UUID
    household_id: UUID
    level: str
    end: date
    because: str


@dataclass(frozen=True, slots=True)
class PovertyStatusExpired:
    """A household's level ran out and nothing took its place."""

    status_id: UUID
    household_id: UUID
    level: str
    end: date


@dataclass(frozen=True, slots=True)
class RenewalOpened:
    """A household's level ends soon, so that a new assessment was opened for it."""

    assessment_id: UUID
    household_id: UUID
    village: str
    status_ends: date


@dataclass(frozen=True, slots=True)
class ComplaintLodged:
    """Somebody complained."""

    complaint_id: UUID
    village: str
    kind: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ComplaintResolved:
    """A complaint was answered."""

    complaint_id: UUID
    village: str
    state: str
    remedy: str
    on: date


@dataclass(frozen=True, slots=True)
class RoundPlanned:
    """A round opened assessments for whole villages (no `AssessmentMoved` for each)."""

    round_id: UUID
    villages: tuple[str, ...]
    assessments: int


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """A round ended; what was not interviewed was closed."""

    round_id: UUID
    not_interviewed: int
    on: date
