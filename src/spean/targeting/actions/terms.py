"""The terms that policy sets: deadlines, days on display, how far a level may be moved."""

from datetime import date, timedelta

from spean.kernel.policy import PolicyValue, policy
from spean.targeting import rules
from spean.targeting.models import Assessment, Origin, State

STEP_AWAITED = {
    State.REQUESTED: "interview",
    State.INTERVIEWED: "village_review",
    State.REVIEWED: "display",
    State.DISPLAYED: "council_decision",
    State.DECIDED: "district_check",
}


def due_on(case: Assessment, on: date) -> date:
    """Give the day by which the case's next step is due, counted from the step taken on `on`.

    The council's days begin when the display ends; a round's interviews end with the round.
    Raises NotInForce.
    """
    state = State(case.state)
    if case.round is not None and case.origin == Origin.ROUND and state == State.REQUESTED:
        return max(case.round.ends_on, on)
    begins = case.display_until if state == State.DISPLAYED and case.display_until else on
    return rules.due_on(STEP_AWAITED[state], max(begins, on))


def display_until(on: date) -> date:
    """Give the first day on which a case put on display is no longer on it."""
    return rules.due_on("display_period", on)


def max_level_moves(on: date) -> PolicyValue:
    """Give by how many levels special circumstances may move a household from its score."""
    return policy.value("targeting.max_level_moves", on=on)


def renewal_notice(on: date) -> timedelta:
    """Give how long before its end a status is renewed."""
    return timedelta(days=policy.value("targeting.renewal_notice", on=on).whole)
