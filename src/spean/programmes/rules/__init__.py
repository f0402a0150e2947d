"""The pure rules of the programmes: one expression for a family, the nation and a simulation."""

from spean.programmes.rules.enrolment import FLOW, State
from spean.programmes.rules.entitlements import (
    AREAS,
    FACTS,
    LEVELS,
    TRANSFERS,
    HouseholdTransfer,
    MemberGrant,
    Programme,
    decisions,
    entitle,
    programmes,
)
from spean.programmes.rules.members import with_counts
from spean.programmes.rules.minimum import (
    COLUMN,
    PERCENT_OF_IT,
    Minimum,
    minimum_on,
    with_minimum,
)
from spean.programmes.rules.time_to_pay import Soon, how_soon

__all__ = [
    "AREAS",
    "COLUMN",
    "FACTS",
    "FLOW",
    "LEVELS",
    "PERCENT_OF_IT",
    "TRANSFERS",
    "HouseholdTransfer",
    "MemberGrant",
    "Minimum",
    "Programme",
    "Soon",
    "State",
    "decisions",
    "entitle",
    "how_soon",
    "minimum_on",
    "programmes",
    "with_counts",
    "with_minimum",
]
