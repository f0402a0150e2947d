"""The poverty levels, and what each is entitled to."""

from datetime import date
from enum import StrEnum

from spean.kernel.periods import Period
from spean.kernel.policy import Policy, policy


class PovertyLevel(StrEnum):
    """The levels, the poorest first."""

    POOR_1 = "poor_1"
    POOR_2 = "poor_2"
    AT_RISK = "at_risk"
    NOT_POOR = "not_poor"


def levels_apart(one: PovertyLevel, other: PovertyLevel) -> int:
    """Give how many steps lie between two levels."""
    order = list(PovertyLevel)
    return abs(order.index(PovertyLevel(one)) - order.index(PovertyLevel(other)))


def gets_card(level: PovertyLevel, *, on: date, rules: Policy = policy) -> bool:
    """Say whether a household of this level gets an equity card on a day. Raises NotInForce."""
    return bool(rules.table("targeting.card_entitlement", on=on).cell(level, "card"))


def card_period(start: date, *, rules: Policy = policy) -> Period:
    """Give the days on which a card issued on a day is valid. Raises NotInForce."""
    years = rules.value("targeting.card_validity", on=start).whole
    return Period.of_months(start, 12 * years)
