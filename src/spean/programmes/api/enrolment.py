"""The lists of the programmes, and what past cycles got wrong, over the API."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Field, Schema, Status

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, idempotent, page_of
from spean.kernel.edge import WithActor
from spean.programmes import actions, queries
from spean.programmes.models import Correction, Enrolment
from spean.programmes.queries.enrolment import VIEW
from spean.programmes.rules import State

router = Router()
LISTS = (Purpose.PAYMENT, Purpose.TARGETING, Purpose.OVERSIGHT)
WORK = (Purpose.PAYMENT, Purpose.TARGETING)
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


class ProgrammeStepOut(Schema):
    """A household came into a state."""

    state: State
    on: date
    reason: str
    by: str


class EnrolmentOut(Schema):
    """Where a household stands; `amount` is null where it is not entitled any more (KHR)."""

    programme: str
    household: UUID
    village: str
    state: State
    since: date
    amount: int | None


class EnrolmentWithStepsOut(EnrolmentOut):
    """Where a household stands, and how it came there, the newest step first."""

    steps: list[ProgrammeStepOut]


class FoundOut(Schema):
    """Households that became candidates, that left the list, that are enrolled without a claim."""

    candidates: int
    withdrawn: int
    not_entitled: int


class ProgrammeReviewIn(StrictSchema):
    """What is done with the families of an area: "" is the nation."""

    what: Literal["enrol", "let_go"]
    area: str = Field(pattern=access.AREA)


class MovedOut(Schema):
    """How many families were moved."""

    households: int


class MoveIn(StrictSchema):
    """The next step of one household, and why."""

    to: State
    reason: str = Field(max_length=300)


class CorrectionIn(StrictSchema):
    """The cycle that is worked out anew for a household, and why."""

    cycle: UUID
    reason: str = Field(max_length=300)


class CorrectionOut(Schema):
    """What a cycle owed a household too little (above 0) or too much (below 0), in riel."""

    id: UUID
    cycle: UUID
    programme: str
    household: UUID
    amount: int
    settled: int
    state: Correction.State
    reason: str
    found_by: str
    found_on: date
    decided_by: str
    grounds: str


class ProgrammeDecisionIn(StrictSchema):
    """Whether what was given too much is taken back, and why."""

    take_back: bool
    grounds: str = Field(max_length=300)


@router.get("/lists/{programme}", response={200: Page[EnrolmentOut], **PROBLEMS})
@access.declared(VIEW, purpose=LISTS)
def enrolments(
    request: WithActor,
    programme: str,
    state: State | None = None,
    area: Annotated[str, Field(pattern=access.AREA)] = "",
    cursor: str | None = None,
    limit: int = 25,
) -> Any:
    """List who is on a programme's list, within the caller's areas."""
    listed = queries.enrolments(programme, by=request.actor, state=state or "", area=area)
    rows, following = page_of(listed, cursor=cursor, limit=limit)
    return {"items": [_enrolment(row) for row in rows], "next": following}


@router.post("/lists/{programme}/candidates", response={200: FoundOut, **PROBLEMS})
@access.declared(queries.FIND, purpose=Purpose.PAYMENT)
@idempotent
def find_candidates(request: WithActor, programme: str) -> Any:
    """Make candidates of whom the nation's last results newly owe something."""
    found = actions.find_candidates(programme=programme, by=request.actor, on=timezone.localdate())
    return Status(200, FoundOut(candidates=found.candidates, withdrawn=found.withdrawn,
                                not_entitled=found.not_entitled))  # fmt: skip


@router.post("/lists/{programme}/review", response={200: MovedOut, **PROBLEMS})
@access.declared(queries.REVIEW, purpose=WORK)
@idempotent
def review(request: WithActor, programme: str, body: ProgrammeReviewIn) -> Any:
    """Enrol the candidates of an area, or let go who is not entitled any more there."""
    act = actions.enrol_candidates if body.what == "enrol" else actions.let_go
    moved = act(programme=programme, area=body.area, by=request.actor, on=timezone.localdate())
    return Status(200, MovedOut(households=moved))


HOUSEHOLD = "/lists/{programme}/households/{household_id}"


@router.get(HOUSEHOLD, response={200: EnrolmentWithStepsOut, **PROBLEMS})
@access.declared(VIEW, purpose=LISTS)
def enrolment(request: WithActor, programme: str, household_id: UUID) -> Any:
    """Give where a household stands, and how it came there."""
    return _with_steps(queries.enrolment(programme, household_id, by=request.actor))


@router.post(HOUSEHOLD, response={201: EnrolmentOut, **PROBLEMS})
@access.declared(queries.ASK, purpose=Purpose.TARGETING)
@idempotent
def ask_for(request: WithActor, programme: str, household_id: UUID) -> Any:
    """Put a family that asks on the list of candidates, if the rules of today owe it something."""
    made = actions.ask_for(
        programme=programme, household_id=household_id, by=request.actor, on=timezone.localdate()
    )
    return Status(201, _enrolment(made))


@router.post(f"{HOUSEHOLD}/steps", response={201: EnrolmentWithStepsOut, **PROBLEMS})
@access.declared(queries.REVIEW, purpose=WORK)
@idempotent
def move(request: WithActor, programme: str, household_id: UUID, body: MoveIn) -> Any:
    """Enrol, refuse, suspend or let go one household, or hear it again."""
    moved = actions.move(
        programme=programme, household_id=household_id, to=body.to, reason=body.reason,
        by=request.actor, on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _with_steps(moved))


@router.post("/households/{household_id}/corrections", response={201: CorrectionOut, **PROBLEMS})
@access.declared(queries.CORRECT, purpose=Purpose.TARGETING)
@idempotent
def correct(request: WithActor, household_id: UUID, body: CorrectionIn) -> Any:
    """Work out anew what a cycle owes a household, by its rules and what is now on record."""
    made = actions.correct(
        cycle_id=body.cycle, household_id=household_id, reason=body.reason, by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip
    return Status(201, _correction(made))


@router.get("/corrections", response={200: Page[CorrectionOut], **PROBLEMS})
@access.declared("programmes.view_cycles", purpose=MONEY)
def corrections(
    request: WithActor,
    state: Correction.State | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> Any:
    """List what past cycles got wrong, the newest first."""
    listed = queries.corrections(by=request.actor, state=state or "")
    rows, following = page_of(listed, cursor=cursor, limit=limit, key="-id")
    return {"items": [_correction(row) for row in rows], "next": following}


@router.post("/corrections/{correction_id}/decision", response={200: CorrectionOut, **PROBLEMS})
@access.declared(queries.DECIDE, purpose=Purpose.PAYMENT)
@idempotent
def decide(request: WithActor, correction_id: UUID, body: ProgrammeDecisionIn) -> Any:
    """Decide whether what was given too much is taken back, or left with the family."""
    decided = actions.decide_correction(
        correction_id=correction_id, take_back=body.take_back, grounds=body.grounds,
        by=request.actor, on=timezone.localdate(),
    )  # fmt: skip
    return Status(200, _correction(decided))


def _enrolment(found: Enrolment) -> EnrolmentOut:
    return EnrolmentOut(household=found.household_id, **_same(found))


def _with_steps(found: Enrolment) -> EnrolmentWithStepsOut:
    steps = [
        ProgrammeStepOut(state=State(one.state), on=one.on, reason=one.reason, by=one.by)
        for one in found.steps.order_by("-id")
    ]
    return EnrolmentWithStepsOut(household=found.household_id, steps=steps, **_same(found))


def _same(found: Enrolment) -> dict[str, Any]:
    return {name: getattr(found, name)
            for name in ("programme", "village", "state", "since", "amount")}  # fmt: skip


def _correction(found: Correction) -> CorrectionOut:
    same = ("id", "state", "reason", "found_by", "found_on", "decided_by", "grounds")
    return CorrectionOut(
        **{name: getattr(found, name) for name in same}, cycle=found.cycle_id,
        programme=found.cycle.programme, household=found.enrolment.household_id,
        amount=int(found.amount), settled=int(getattr(found, "settled", 0) or 0),
    )  # fmt: skip
