"""The pure rules of the programmes: one expression for a family, the nation and a simulation."""

from spean.programmes.rules.enrolment import FLOW, State
from spean.programmes.rules.entitlements import (
    AREAS,
    FACTS,
    LEVELS,
    HouseholdTransfer,
    MemberGrant,
    Programme,
    decisions,
    entitle,
    programmes,
)
from spean.programmes.rules.members import with_counts

__all__ = [
    "AREAS",
    "FACTS",
    "FLOW",
    "LEVELS",
    "HouseholdTransfer",
    "MemberGrant",
    "Programme",
    "State",
    "decisions",
    "entitle",
    "programmes",
    "with_counts",
]
