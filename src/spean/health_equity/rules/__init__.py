"""The rules of the health schemes: pure, without Django."""

from spean.health_equity.rules.cover import (
    GROUPS,
    PAYERS,
    Cover,
    Finding,
    Ground,
    Outcome,
    covers,
    finding,
    payer,
)
from spean.health_equity.rules.fees import fee
from spean.health_equity.rules.identification import (
    FOUND,
    INTERVIEW,
    AnswersIncomplete,
    identify,
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
    "FOUND",
    "GROUPS",
    "INTERVIEW",
    "LISTED",
    "PAYERS",
    "SCHEME_OF",
    "SERVICES",
    "AnswersIncomplete",
    "Category",
    "Cover",
    "Finding",
    "Ground",
    "Group",
    "Outcome",
    "Scheme",
    "Service",
    "covers",
    "fee",
    "finding",
    "identify",
    "payer",
]
