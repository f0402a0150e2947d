"""The pure rules of the programmes: one expression for a family, the nation and a simulation."""

from spean.programmes.rules.entitlements import (
    HouseholdTransfer,
    MemberGrant,
    Programme,
    decisions,
    entitle,
    programmes,
    with_terms,
)
from spean.programmes.rules.members import count_members

__all__ = [
    "HouseholdTransfer",
    "MemberGrant",
    "Programme",
    "count_members",
    "decisions",
    "entitle",
    "programmes",
    "with_terms",
]
