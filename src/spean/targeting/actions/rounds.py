"""Rounds: whole villages are interviewed, whether the households asked or not."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, NotFound, SpeanError
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.targeting.actions.cases import locked, record, take
from spean.targeting.events import RoundClosed, RoundPlanned
from spean.targeting.models import (
    OPEN,
    Assessment,
    ClosingReason,
    InterviewRound,
    Origin,
    RequestChannel,
    RoundState,
    State,
    Step,
)


class RoundNotFound(NotFound):
    """Say that there is no such round."""

    code = "targeting.round_not_found"
    message = N_("There is no such round. Check the address and try again.")


class RoundHasNoVillages(SpeanError):
    """Refuse a round nowhere."""

    code = "targeting.round_has_no_villages"
    message = N_("Choose at least one village for the round.")
    field = "villages"


class RoundEndsBeforeItStarts(SpeanError):
    """Refuse a round whose days are the wrong way round."""

    code = "targeting.round_ends_before_it_starts"
    message = N_("The last day of the round is before its first, or has passed. Correct the days.")
    field = "ends_on"


class RoundClosedAlready(Conflict):
    """Refuse to close a round twice."""

    code = "targeting.round_closed_already"
    message = N_("This round has been closed already.")


@transaction.atomic
def plan_round(
    *,
    name: str,
    village_codes: Sequence[str],
    starts_on: date,
    ends_on: date,
    household_ids: Sequence[UUID] | None = None,
    by: Actor,
    on: date,
) -> InterviewRound:
    """Plan a round and open a case for each household of its villages, or for the chosen ones.

    A household with an open case keeps that one. Raises NotAllowed, RoundHasNoVillages,
    RoundEndsBeforeItStarts, UnknownPlace.
    """
    _check(village_codes, starts_on, ends_on, by=by, on=on)
    planned = InterviewRound.objects.create(
        name=name,
        area=_common_area(village_codes),
        starts_on=starts_on,
        ends_on=ends_on,
        planned_on=on,
        planned_by=by.name,
    )
    planned.villages.set([locations.place(code, on) for code in village_codes])
    opened = _open_cases(planned, village_codes, household_ids, by=by, on=on)
    audit.write(
        by=by, action="targeting.round_planned", subject=planned, area=planned.area, cases=opened
    )
    outbox.announce(RoundPlanned(planned.pk, tuple(village_codes), opened))
    return planned


def _check(
    village_codes: Sequence[str], starts_on: date, ends_on: date, *, by: Actor, on: date
) -> None:
    if not village_codes:
        raise RoundHasNoVillages
    for code in village_codes:
        access.require(by, "targeting.plan_round", area=code)
    if ends_on < starts_on or ends_on < on:
        raise RoundEndsBeforeItStarts


def _common_area(codes: Sequence[str]) -> str:
    """Give the smallest area that holds all these villages."""
    first = codes[0]
    sizes = (8, 6, 4, 2)
    return next((first[:n] for n in sizes if all(c.startswith(first[:n]) for c in codes)), "")


def _open_cases(
    planned: InterviewRound,
    village_codes: Sequence[str],
    household_ids: Sequence[UUID] | None,
    *,
    by: Actor,
    on: date,
) -> int:
    homes = registry.households(by=by).filter(village__code__in=village_codes)
    homes = homes.exclude(assessments__state__in=OPEN)
    if household_ids is not None:
        homes = homes.filter(pk__in=household_ids)
    cases = [
        Assessment(
            household=home,
            village=home.village,
            origin=Origin.ROUND,
            round=planned,
            channel=RequestChannel.SYSTEM,
            requested_on=on,
            requested_by=by.name,
            due_on=planned.ends_on,
        )
        for home in homes.order_by("id")
    ]
    Assessment.objects.bulk_create(cases, batch_size=1000)
    for case in cases:
        record(case, Step.REQUEST, by=by, on=on, note="", detail={"round": str(planned.pk)})
    return len(cases)


@transaction.atomic
def close_round(*, round_id: UUID, by: Actor, on: date) -> InterviewRound:
    """Close a round; cases not interviewed by then are closed without a decision.

    Raises RoundNotFound, NotAllowed, RoundClosedAlready.
    """
    planned = InterviewRound.objects.select_for_update().filter(pk=round_id).first()
    if planned is None:
        raise RoundNotFound
    access.require(by, "targeting.plan_round", area=planned.area)
    if planned.state == RoundState.CLOSED:
        raise RoundClosedAlready
    planned.state, planned.closed_on, planned.closed_by = RoundState.CLOSED, on, by.name
    planned.save(update_fields=["state", "closed_on", "closed_by"])
    waiting = planned.assessments.filter(state=State.REQUESTED).values_list("pk", "version")
    left = list(waiting)
    for pk, version in left:
        case = locked(pk, version, "targeting.plan_round", by=by, on=on)
        take(case, Step.CANCEL, by=by, on=on, closing=ClosingReason.ROUND_CLOSED)
    audit.write(
        by=by,
        action="targeting.round_closed",
        subject=planned,
        area=planned.area,
        not_interviewed=len(left),
    )
    outbox.announce(RoundClosed(planned.pk, len(left), on))
    return planned
