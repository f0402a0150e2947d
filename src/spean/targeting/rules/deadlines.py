"""By when each step of an assessment is due."""

from datetime import date, timedelta

from spean.kernel.policy import Policy, policy


def due_on(step: str, started: date, *, rules: Policy = policy) -> date:
    """Give the last day for a step that began on a day: `policy/targeting/deadlines/<step>`.

    Raises NotInForce, UnknownPolicy.
    """
    return started + timedelta(days=rules.value(f"targeting.deadlines.{step}", on=started).whole)
