"""The rules of the health schemes: pure, without Django."""

from spean.health_equity.rules.cover import (
    GROUPS,
    PAYERS,
    Cover,
    Ground,
    Outcome,
    covers,
    payer,
)
from spean.health_equity.rules.schemes import (
    BY_STATUS,
    CLAIMED,
    LISTED,
    SCHEME_OF,
    SERVICES,
    Category,
    Group,
    Scheme,
    Service,
)

__all__ = [
    "BY_STATUS",
    "CLAIMED",
    "GROUPS",
    "LISTED",
    "PAYERS",
    "SCHEME_OF",
    "SERVICES",
    "Category",
    "Cover",
    "Ground",
    "Group",
    "Outcome",
    "Scheme",
    "Service",
    "covers",
    "payer",
]
