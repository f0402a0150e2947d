"""What a scheme pays a facility for a service."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from spean.health_equity.rules.schemes import SERVICES, Category, Scheme
from spean.kernel.periods import Period
from spean.kernel.policy import NotInForce, Policy, policy

Levels = Sequence[tuple[Period, str]]  # of a facility, each with its days
FEES_OF: Mapping[Scheme, str] = {
    Scheme.HEF: "health_equity.fees.hef",
    Scheme.WORKERS: "health_equity.fees.social_security",
    Scheme.CIVIL_SERVANTS: "health_equity.fees.social_security",
    Scheme.FORMER_CIVIL_SERVANTS: "health_equity.fees.social_security",
    Scheme.VETERANS: "health_equity.fees.social_security",
}


def fee(
    scheme: str, service: str, level: str, *, on: date, rules: Policy = policy
) -> Decimal | None:
    """Give the fee of a service at a level of facility; None where the scheme pays none there."""
    try:
        rows = rules.table(FEES_OF[Scheme(scheme)], on=on).rows
    except (NotInForce, KeyError):
        return None
    return rows.get(service, {}).get(level)


def fee_at(levels: Levels, scheme: str, service: str, *, on: date) -> int:
    """Give the riel that a scheme pays for a service on a day, by the facility's level of that day.

    0 where it pays nothing.
    """
    kind = next((kind for period, kind in levels if period.contains(on)), "")
    return int(fee(scheme, service, kind, on=on) or 0)


def claimable(service: str, quantity: int) -> int:
    """Give the quantity that is claimed: a fee is for the case, a benefit for its km or days."""
    known = SERVICES.get(service)
    return quantity if known and known.category is Category.BENEFIT else 1
