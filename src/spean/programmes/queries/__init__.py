"""Reads of the programmes."""

from spean.programmes.queries.expression import Terms, compiled, determination, terms
from spean.programmes.queries.household import Entitlements, determine_one, entitlements_of

__all__ = [
    "Entitlements",
    "Terms",
    "compiled",
    "determination",
    "determine_one",
    "entitlements_of",
    "terms",
]
