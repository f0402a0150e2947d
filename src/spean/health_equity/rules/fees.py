"""What a scheme pays a facility for a service."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from spean.health_equity.rules.schemes import SERVICES, Category, Scheme
from spean.kernel.policy import NotInForce, Policy, policy

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


def claimable(service: str, quantity: int) -> int:
    """Give the quantity that is claimed: a fee is for the case, a benefit for its km or days."""
    known = SERVICES.get(service)
    return quantity if known and known.category is Category.BENEFIT else 1
