"""How the work in the field goes: by village and by enumerator, for their supervisor alone.

Rows stand in the order of their names: nobody is ranked.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from spean.fieldwork.models import Part, Sample, SampledInterview, Submission, WorkItem
from spean.fieldwork.rules.outliers import Interview, Limits, Reason, outliers
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.policy import policy
from spean.targeting import queries as cases

SUPERVISE = "fieldwork.supervise"
INTERVIEW = "poverty_interview"
MOST = 20_000


@dataclass(frozen=True, slots=True)
class VillageRow:
    """What is to be done and done in one village."""

    code: str
    name_km: str
    name_en: str
    to_do: int
    overdue: int
    done: int


@dataclass(frozen=True, slots=True)
class EnumeratorRow:
    """One person's interviews: how many, how long (median minutes), what is missing or waits."""

    username: str
    name: str
    interviews: int
    minutes: float | None
    without_position: int
    waiting: int
    pointed_out: int


@dataclass(frozen=True, slots=True)
class PointedOut:
    """One interview to look at, and why."""

    submission: Submission
    reasons: tuple[Reason, ...]
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Supervision:
    """An area's field work over some days. `cut` says that there was more than is looked at."""

    area: str
    first_day: date
    last_day: date
    villages: tuple[VillageRow, ...]
    enumerators: tuple[EnumeratorRow, ...]
    pointed_out: tuple[PointedOut, ...]
    cut: bool


def supervision(area: str, *, first_day: date, last_day: date, by: Actor, on: date) -> Supervision:
    """Give how the interviews of an area went between two days; reading it is audited.

    Raises NotAllowed.
    """
    access.require(by, SUPERVISE, area=area)
    rows = interviews_between(area, first_day, last_day)
    found = list(rows[: MOST + 1])
    facts = _facts(found[:MOST], by)
    stand_out = outliers(list(facts.values()), limits(on))
    audit.read(
        by=by, action="fieldwork.supervise", subject=("area", area), area=area, rows=len(found)
    )
    return Supervision(
        area=area,
        first_day=first_day,
        last_day=last_day,
        villages=_villages(area, first_day, last_day, on),
        enumerators=_enumerators(found[:MOST], facts, stand_out),
        pointed_out=tuple(
            PointedOut(row, tuple(stand_out[str(row.pk)]), facts[str(row.pk)].minutes)
            for row in found[:MOST]
            if str(row.pk) in stand_out
        ),
        cut=len(found) > MOST,
    )


def interviews_between(area: str, first_day: date, last_day: date) -> QuerySet[Submission]:
    """Give the interviews received from an area between two days, by the day and their id."""
    rows = Submission.objects.filter(
        form__form_id=INTERVIEW,
        area__startswith=area,
        received_at__date__range=(first_day, last_day),
    ).exclude(state=Submission.State.DISMISSED)
    return rows.select_related("user").defer("xml").order_by("received_at", "id")


def limits(on: date) -> Limits:
    """Give the limits in force on a day."""
    return Limits(
        shortest_minutes=policy.value("fieldwork.shortest_interview", on=on).whole,
        most_a_day=policy.value("fieldwork.most_interviews_a_day", on=on).whole,
        farthest_km=policy.value("fieldwork.farthest_from_village", on=on).whole,
    )


def _facts(rows: Sequence[Submission], by: Actor) -> dict[str, Interview]:
    """Give what the rules look at, by submission."""
    answers = _answers(rows, by)
    return {
        str(row.pk): Interview(
            key=str(row.pk),
            enumerator=row.user.username,
            village=row.area,
            day=timezone.localtime(row.ended_at or row.received_at).date(),
            minutes=_minutes(row),
            position=(
                None
                if row.latitude is None or row.longitude is None
                else (row.latitude, row.longitude)
            ),
            answers=answers.get(row.pk, {}),
        )
        for row in rows
    }


def _minutes(row: Submission) -> float | None:
    if row.started_at is None or row.ended_at is None or row.ended_at < row.started_at:
        return None
    return (row.ended_at - row.started_at).total_seconds() / 60


def _answers(rows: Sequence[Submission], by: Actor) -> dict[UUID, Mapping[str, str]]:
    """Give the answers of the assessments that the interviews became, by submission."""
    done = Part.objects.filter(
        submission__in=[row.pk for row in rows], subject_type="targeting.assessment"
    )
    became = {part.submission_id: part.subject_id for part in done}
    held = cases.answers_of(became.values(), by=by)
    return {row: held[UUID(case)] for row, case in became.items() if UUID(case) in held}


def _enumerators(
    rows: Sequence[Submission],
    facts: Mapping[str, Interview],
    stand_out: Mapping[str, Sequence[Reason]],
) -> tuple[EnumeratorRow, ...]:
    by_user: dict[str, list[Submission]] = defaultdict(list)
    for row in rows:
        by_user[row.user.username].append(row)
    made = [_enumerator(held, facts, stand_out) for held in by_user.values()]
    return tuple(sorted(made, key=lambda one: one.name))


def _enumerator(
    rows: Sequence[Submission],
    facts: Mapping[str, Interview],
    stand_out: Mapping[str, Sequence[Reason]],
) -> EnumeratorRow:
    held = [facts[str(row.pk)] for row in rows]
    minutes = [one.minutes for one in held if one.minutes is not None]
    return EnumeratorRow(
        username=rows[0].user.username,
        name=str(rows[0].user),
        interviews=len(rows),
        minutes=median(minutes) if minutes else None,
        without_position=sum(one.position is None for one in held),
        waiting=sum(row.state == Submission.State.ATTENTION for row in rows),
        pointed_out=sum(one.key in stand_out for one in held),
    )


def _villages(area: str, first_day: date, last_day: date, on: date) -> tuple[VillageRow, ...]:
    is_open = Q(closed_on__isnull=True)
    rows = (
        WorkItem.objects.filter(kind=WorkItem.Kind.INTERVIEW, village__code__startswith=area)
        .values("village__code", "village__name_km", "village__name_en")
        .annotate(
            to_do=Count("id", filter=is_open),
            overdue=Count("id", filter=is_open & Q(due_on__lt=on)),
            done=Count(
                "id",
                filter=Q(closing=WorkItem.Closing.DONE, closed_on__range=(first_day, last_day)),
            ),
        )
        .order_by("village__code")
    )
    return tuple(
        VillageRow(
            row["village__code"],
            row["village__name_km"],
            row["village__name_en"],
            row["to_do"],
            row["overdue"],
            row["done"],
        )
        for row in rows
        if row["to_do"] or row["done"]
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """One question of an interview held twice: both answers, and whether they agree."""

    question: str
    first: str
    second: str

    @property
    def agree(self) -> bool:
        """Say whether the family answered the same."""
        return self.first == self.second


def samples(*, by: Actor) -> QuerySet[Sample]:
    """Give the draws of the actor's areas, newest first, each with how far it is checked."""
    counted = Sample.objects.annotate(
        drawn=Count("interviews"),
        checked=Count("interviews", filter=Q(interviews__checked_on__isnull=False)),
    )
    return access.within(counted, by, SUPERVISE, code="area").order_by("-id")


def sample(sample_id: UUID, *, by: Actor) -> tuple[Sample, list[SampledInterview]]:
    """Give a draw with its interviews in the order of villages. Raises NotFound, NotAllowed."""
    found = Sample.objects.filter(pk=sample_id).first()
    if found is None:
        raise NotFound
    access.require(by, SUPERVISE, area=found.area)
    rows = found.interviews.select_related("submission__user").defer("submission__xml")
    return found, list(rows.order_by("submission__area", "id"))


def sampled_interview(sampled_id: UUID, *, by: Actor) -> SampledInterview:
    """Give one interview to be held again; reading it is audited. Raises NotFound, NotAllowed."""
    rows = SampledInterview.objects.select_related("sample", "submission__user")
    found = rows.defer("submission__xml").filter(pk=sampled_id).first()
    if found is None:
        raise NotFound
    area = found.submission.area
    access.require(by, SUPERVISE, area=area)
    audit.read(by=by, action="fieldwork.read_sampled", subject=found, area=area)
    return found


def household_of(row: Submission) -> UUID | None:
    """Give the household that an interview was about, once it is taken in."""
    part = Part.objects.filter(submission=row, subject_type="targeting.assessment").first()
    return cases.household_of(UUID(part.subject_id)) if part else None


def compared(found: SampledInterview, *, by: Actor) -> list[Compared]:
    """Set the second answers beside the first, question by question."""
    first = _answers([found.submission], by).get(found.submission_id, {})
    return [Compared(code, first.get(code, ""), second) for code, second in found.answers.items()]
