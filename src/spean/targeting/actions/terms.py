"""The terms that policy sets: deadlines, days on display, how long a status holds."""

from datetime import date, timedelta

from spean.kernel.periods import add_months
from spean.kernel.policy import PolicyValue, policy
from spean.targeting.models import Assessment, Origin, State

STEP_DAYS = {
    State.REQUESTED: "targeting.deadlines.interview",
    State.INTERVIEWED: "targeting.deadlines.village_review",
    State.REVIEWED: "targeting.deadlines.display",
    State.DISPLAYED: "targeting.deadlines.council_decision",
    State.DECIDED: "targeting.deadlines.district_check",
}


def days(key: str, on: date) -> timedelta:
    """Give a number of days that policy sets. Raises NotInForce."""
    return timedelta(days=policy.value(key, on=on).whole)


def due_on(case: Assessment, on: date) -> date:
    """Give the day by which the case's next step is due, counted from the step taken on `on`.

    The council's days begin when the display ends; a round's interviews end with the round.
    """
    state = State(case.state)
    if case.round is not None and case.origin == Origin.ROUND and state == State.REQUESTED:
        return max(case.round.ends_on, on)
    begins = case.display_until if state == State.DISPLAYED and case.display_until else on
    return max(begins, on) + days(STEP_DAYS[state], on)


def display_until(on: date) -> date:
    """Give the first day on which a case put on display is no longer on it."""
    return on + days("targeting.display_days", on)


def complaint_due_on(on: date) -> date:
    """Give the day by which a complaint received on a day is to be answered."""
    return on + days("targeting.deadlines.complaint", on)


def max_level_moves(on: date) -> PolicyValue:
    """Give by how many levels a council may move a household from its scored level."""
    return policy.value("targeting.max_level_moves", on=on)


def status_ends(on: date) -> date:
    """Give the day on which a status that begins on a day ends."""
    return add_months(on, policy.value("targeting.card_validity", on=on).whole * 12)


def renewal_notice(on: date) -> timedelta:
    """Give how long before its end a status is renewed."""
    return days("targeting.renewal_notice", on)


def gives_card(level: str, on: date) -> bool:
    """Say whether a level gives an equity card on a day."""
    return bool(policy.table("targeting.card_levels", on=on).cell(level, "card"))
