"""How long each leg of the way to care took, and how late an open referral is.

The three delays (Thaddeus and Maine 1994): in deciding to seek care, in reaching it, in receiving
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from spean.kernel.policy import Policy, policy
from spean.referrals.rules.journey import Step, Urgency

TARGETS = "referrals.targets"


class Leg(StrEnum):
    """A part of the way to care."""

    DECIDE = "decide"
    DISPATCH = "dispatch"
    FETCH = "fetch"
    TRAVEL = "travel"
    REACH = "reach"
    RECEIVE = "receive"


# From which step to which; deciding begins when the danger was noticed, which is no step.
ENDS: Final[Mapping[Leg, tuple[Step, Step]]] = {
    Leg.DISPATCH: (Step.REQUESTED, Step.DISPATCHED),
    Leg.FETCH: (Step.DISPATCHED, Step.PICKED_UP),
    Leg.TRAVEL: (Step.PICKED_UP, Step.ARRIVED),
    Leg.REACH: (Step.REQUESTED, Step.ARRIVED),
    Leg.RECEIVE: (Step.ARRIVED, Step.HANDED_OVER),
}


@dataclass(frozen=True, slots=True)
class Waits:
    """What an open referral waits for, until when it should have come, and how late it is.

    `minutes` is below nothing while there is still time.
    """

    leg: Leg
    due: datetime
    minutes: int

    @property
    def late(self) -> bool:
        """Whether the target is missed."""
        return self.minutes > 0


@dataclass(frozen=True, slots=True)
class Taken:
    """How many minutes a leg took, and how many it may take; None where there is no target."""

    leg: Leg
    minutes: int
    target: int | None


def waits(
    urgency: Urgency, moments: Mapping[Step, datetime], *, transport: bool, now: datetime, on: date,
    rules: Policy = policy,
) -> Waits:  # fmt: skip
    """Say what an open referral waits for, by the targets of the day of its request.

    Raises NotInForce.
    """
    if Step.ARRIVED in moments:
        leg = Leg.RECEIVE
    elif transport and Step.DISPATCHED not in moments:
        leg = Leg.DISPATCH
    else:
        leg = Leg.REACH
    minutes = int(rules.table(TARGETS, on=on).cell(urgency, leg))
    due = moments[ENDS[leg][0]] + timedelta(minutes=minutes)
    return Waits(leg, due, _minutes(due, now))


def taken(
    urgency: Urgency, moments: Mapping[Step, datetime], *, noticed_at: datetime | None, on: date,
    rules: Policy = policy,
) -> list[Taken]:  # fmt: skip
    """Give the legs that are over, each with its target. Raises NotInForce."""
    targets = rules.table(TARGETS, on=on).rows.get(urgency, {})
    found = []
    if noticed_at is not None:
        found.append(Taken(Leg.DECIDE, _minutes(noticed_at, moments[Step.REQUESTED]), None))
    for leg, (start, end) in ENDS.items():
        if start in moments and end in moments:
            target = int(targets[leg]) if leg in targets else None
            found.append(Taken(leg, _minutes(moments[start], moments[end]), target))
    return found


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)
