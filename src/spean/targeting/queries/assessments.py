"""Reads of cases: lists, one case with its history, the scorecard, rounds."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.policy import Policy, Scorecard, policy
from spean.registry import queries as registry
from spean.targeting.models import (
    OPEN,
    Assessment,
    Complaint,
    InterviewRound,
    PovertyStatus,
    State,
)

SCORECARD = "targeting.scorecard"


def scorecard(*, on: date, rules: Policy = policy) -> Scorecard:
    """Give the scorecard in force on a day; its questions are public. Raises NotInForce."""
    return rules.scorecard(SCORECARD, on=on)


def assessments(
    *,
    by: Actor,
    state: str = "",
    area: str = "",
    overdue_on: date | None = None,
    origin: str = "",
    round_id: UUID | None = None,
) -> QuerySet[Assessment]:
    """Give the cases that the actor may see, newest first; each with its village and household.

    `state` is one state, or "open" for all that wait for someone.
    """
    rows = Assessment.objects.select_related("village", "household", "round")
    if state:
        rows = rows.filter(state__in=OPEN if state == "open" else [state])
    if area:
        rows = rows.filter(village__code__startswith=area)
    if overdue_on is not None:
        rows = rows.filter(state__in=OPEN, due_on__lt=overdue_on)
    if origin:
        rows = rows.filter(origin=origin)
    if round_id is not None:
        rows = rows.filter(round=round_id)
    return access.within(rows, by, "targeting.view_assessment").order_by("-id")


def open_case_of(household_id: UUID) -> UUID | None:
    """Give a household's open case to a module that decides on access itself."""
    cases = Assessment.objects.filter(household=household_id, state__in=OPEN)
    return cases.values_list("pk", flat=True).first()


def heads(cases: Iterable[Assessment]) -> dict[UUID, str]:
    """Give the name of each case's head of household, in one query (for lists).

    The cases come from `assessments`, so the actor may see them.
    """
    found = registry.people_in(case.household_id for case in cases)
    return {household: str(members[0].person) for household, members in found.items()}


def assessment(assessment_id: UUID, *, by: Actor) -> Assessment:
    """Give one case with its steps, complaints and decision; reading it is audited.

    Raises NotFound; NotAllowed outside the actor's area.
    """
    found = (
        Assessment.objects.select_related("village", "household", "round", "decision")
        .prefetch_related(
            "steps", Prefetch("complaints", Complaint.objects.order_by("received_on", "id"))
        )
        .filter(pk=assessment_id)
        .first()
    )
    if found is None:
        raise NotFound
    area = found.village.code
    access.require(by, "targeting.view_assessment", area=area)
    audit.read(by=by, action="targeting.read_assessment", subject=found, area=area)
    return found


def case_to_interview(household_id: UUID, *, by: Actor) -> Assessment | None:
    """Give the household's case that waits for its interview, if the actor may see one."""
    return assessments_of(household_id, by=by).filter(state=State.REQUESTED).first()


def household_of(assessment_id: UUID) -> UUID | None:
    """Give the household that a case is about; an id only, so it takes no actor."""
    rows = Assessment.objects.filter(pk=assessment_id)
    return rows.values_list("household_id", flat=True).first()


def answers_of(case_ids: Iterable[str], *, by: Actor) -> dict[UUID, dict[str, str]]:
    """Give the answers of several cases that the actor may see (for those who supervise them)."""
    rows = assessments(by=by).filter(pk__in=set(case_ids))
    return dict(rows.values_list("pk", "answers"))


def assessments_of(household_id: UUID, *, by: Actor) -> QuerySet[Assessment]:
    """Give a household's cases that the actor may see, newest first."""
    return assessments(by=by).filter(household=household_id)


def household_status(household_id: UUID, *, on: date) -> PovertyStatus | None:
    """Give a household's level on a day, None where it has none.

    It is what other modules ask before they give; they answer for who may ask.
    """
    return (
        PovertyStatus.objects.filter(household=household_id, start__lte=on, end__gt=on)
        .select_related("assessment")
        .first()
    )


def statuses_ending(*, by: Actor, area: str = "", until: date, on: date) -> QuerySet[PovertyStatus]:
    """Give the statuses that end from a day until before another: the list of renewals."""
    rows = PovertyStatus.objects.filter(
        start__lte=on, end__gt=on, end__lt=until, household__village__code__startswith=area
    ).select_related("household__village")
    return access.within(
        rows, by, "targeting.view_assessment", code="household__village__code"
    ).order_by("end", "id")


def rounds(*, by: Actor) -> QuerySet[InterviewRound]:
    """Give the rounds planned in the actor's areas, newest first."""
    rows = InterviewRound.objects.all()
    return access.within(rows, by, "targeting.plan_round", code="area").order_by("-id")


def interview_round(round_id: UUID, *, by: Actor) -> InterviewRound:
    """Give one round with its villages. Raises NotFound, NotAllowed."""
    found = InterviewRound.objects.prefetch_related("villages").filter(pk=round_id).first()
    if found is None:
        raise NotFound
    access.require(by, "targeting.plan_round", area=found.area)
    return found
