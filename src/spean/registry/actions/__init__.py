"""Writes of the registry."""

from spean.registry.actions.checking import IdentifierTaken, MemberProblem, Problems
from spean.registry.actions.registration import LikelyDuplicates, NotAVillage, register_household
from spean.registry.rules.people import NewMember

__all__ = [
    "IdentifierTaken",
    "LikelyDuplicates",
    "MemberProblem",
    "NewMember",
    "NotAVillage",
    "Problems",
    "register_household",
]
