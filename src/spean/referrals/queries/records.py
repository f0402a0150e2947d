"""Referrals as plain records, for whoever passes them on to other systems."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.referrals.models import Feedback, Referral, Trip
from spean.referrals.queries.access import VIEW, WITH, seen


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step: `kind` of `rules.Step`, when it happened, why where it needs a reason, by whom."""

    kind: str
    at: datetime
    reason: str
    written_by: str


@dataclass(frozen=True, slots=True)
class TripRecord:
    """One trip: the vehicle, from when until when, how it ended, km and riel where known."""

    id: UUID
    vehicle: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    km: int | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class FeedbackRecord:
    """What the receiving facility said, and who is to follow up."""

    id: UUID
    diagnosis: str
    done: str
    follow_up: str
    follow_up_by: str
    follow_up_on: date | None
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ReferralRecord:
    """A referral with all that happened to it.

    `reasons` are codes of `models.Reason` (danger signs), `state` of `rules.State`, `urgency` of
    `rules.Urgency`, `direction` onward or back; facilities and `village` are codes. `changed_at` is
    when it was last written to, `steps` are in the order of their times, `feedback` is the newest.
    """

    id: UUID
    number: str
    person_id: UUID
    household_id: UUID
    state: str
    urgency: str
    direction: str
    reasons: tuple[str, ...]
    note: str
    village: str
    from_facility: str
    to_facility: str
    transport: bool
    noticed_at: datetime | None
    requested_at: datetime
    requested_by: str
    follows_id: UUID | None
    changed_at: datetime
    steps: tuple[StepRecord, ...]
    trips: tuple[TripRecord, ...]
    feedback: FeedbackRecord | None


def referrals_of(
    *, by: Actor, person_ids: Iterable[UUID] | None = None, ids: Iterable[UUID] | None = None
) -> list[ReferralRecord]:
    """Give the referrals of some people, or some by their ids, within the actor's areas.

    The newest first, in four queries; each is an audit line. Neither named: all of the areas.
    """
    rows = seen(Referral.objects.all(), by)
    if person_ids is not None:
        rows = rows.filter(person__in=set(person_ids))
    if ids is not None:
        rows = rows.filter(pk__in=set(ids))
    found = list(with_all(rows).order_by("-id"))
    audit.read_each(
        by=by, action="referrals.read", subjects=[(one, _area(one, by)) for one in found]
    )
    return [record_of(one) for one in found]


def with_all(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Fetch with each referral what a record of it says."""
    return rows.select_related(*WITH, "follows").prefetch_related(
        "steps__trip__vehicle", "trips__vehicle", "feedback", "followed_by__to_facility"
    )


def _area(one: Referral, by: Actor) -> str:
    """Give the area by which the actor sees the referral."""
    return one.from_area if access.allows(by, VIEW, area=one.from_area) else one.to_area


def record_of(one: Referral) -> ReferralRecord:
    """Give a referral, fetched `with_all`, as a record."""
    steps = list(one.steps.all())
    newest = next(iter(one.feedback.all()), None)
    return ReferralRecord(
        id=one.pk, number=one.number, person_id=one.person_id, household_id=one.household_id,
        state=one.state, urgency=one.urgency, direction=one.direction,
        reasons=tuple(one.reasons), note=one.note, village=one.village.code,
        from_facility=one.from_facility.code if one.from_facility else "",
        to_facility=one.to_facility.code, transport=one.transport, noticed_at=one.noticed_at,
        requested_at=one.requested_at, requested_by=one.requested_by, follows_id=one.follows_id,
        changed_at=max(
            one.created_at, *(step.written_at for step in steps),
            *([newest.given_at] if newest else []),
        ),
        steps=tuple(StepRecord(s.kind, s.at, s.reason, s.written_by) for s in steps),
        trips=tuple(_trip(trip) for trip in one.trips.all()),
        feedback=_feedback(newest) if newest else None,
    )  # fmt: skip


def _trip(trip: Trip) -> TripRecord:
    return TripRecord(
        trip.pk, trip.vehicle.number, trip.vehicle.kind, trip.started_at, trip.ended_at,
        trip.outcome, trip.km, trip.cost,
    )  # fmt: skip


def _feedback(one: Feedback) -> FeedbackRecord:
    return FeedbackRecord(
        one.pk, one.diagnosis, one.done, one.follow_up, one.follow_up_by, one.follow_up_on,
        one.given_by, one.given_at,
    )  # fmt: skip
