"""How a referral goes from step to step. Each step is added to those before; none is changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from spean.kernel.errors import N_, Conflict


class Urgency(StrEnum):
    """How soon the patient must be there."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    PLANNED = "planned"


class Step(StrEnum):
    """What happens to a referral."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DISPATCHED = "dispatched"
    CALLED_BACK = "called_back"
    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    DID_NOT_COME = "did_not_come"


class State(StrEnum):
    """Where a referral stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    DID_NOT_COME = "did_not_come"


WAITING: Final = (State.REQUESTED, State.ACCEPTED)
MOVING: Final = (State.DISPATCHED, State.PICKED_UP)
OPEN: Final = (*WAITING, *MOVING, State.ARRIVED)
# From which states each step may be taken. A facility may accept while the patient is on the way:
# an emergency waits for nobody's answer. A vehicle that was sent is called back before anything is
# cancelled.
MAY: Final[Mapping[Step, tuple[State, ...]]] = {
    Step.ACCEPTED: (State.REQUESTED, *MOVING),
    Step.DECLINED: WAITING,
    Step.DISPATCHED: WAITING,
    Step.CALLED_BACK: MOVING,
    Step.PICKED_UP: (State.DISPATCHED,),
    Step.ARRIVED: (*WAITING, *MOVING),
    Step.HANDED_OVER: (State.ARRIVED,),
    Step.CANCELLED: WAITING,
    Step.DID_NOT_COME: WAITING,
}
NEED_A_REASON: Final = (Step.DECLINED, Step.CALLED_BACK, Step.CANCELLED, Step.DID_NOT_COME)


class StepNotPossible(Conflict):
    """Refuse a step that can't follow on where the referral stands."""

    code = "referrals.step_not_possible"
    message = N_(
        "This can't follow on where the referral stands. Look at it again: somebody may have gone "
        "on with it."
    )


def steps_from(state: State, taken: Iterable[str]) -> list[Step]:
    """Give the steps that may follow, in their usual order."""
    accepted = Step.ACCEPTED in set(taken)
    return [
        step for step, states in MAY.items()
        if state in states and not (step is Step.ACCEPTED and accepted)
    ]  # fmt: skip


def following(state: State, step: Step, taken: Sequence[str]) -> State:
    """Give the state after a step, by the steps taken before it. Raises StepNotPossible."""
    if step not in steps_from(state, taken):
        raise StepNotPossible
    if step is Step.ACCEPTED:
        return state if state in MOVING else State.ACCEPTED
    if step is Step.CALLED_BACK:
        return State.ACCEPTED if Step.ACCEPTED in taken else State.REQUESTED
    return State(step)


def moments_of(steps: Iterable[tuple[str, datetime]]) -> dict[Step, datetime]:
    """Give when each step was taken last; a vehicle that was called back never set out."""
    found: dict[Step, datetime] = {}
    for kind, at in steps:
        found[Step(kind)] = at
        if kind == Step.CALLED_BACK:
            found.pop(Step.DISPATCHED, None)
            found.pop(Step.PICKED_UP, None)
    return found
