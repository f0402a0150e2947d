"""Reads of the programmes."""

from spean.programmes.queries.cycles import (
    cycle,
    cycle_for,
    cycles,
    entitlements_in_cycles,
    not_ordered,
    orders_of,
    ready,
)
from spean.programmes.queries.expression import Terms, compiled, determination, terms
from spean.programmes.queries.household import Entitlements, determine_one, entitlements_of

__all__ = [
    "Entitlements",
    "Terms",
    "compiled",
    "cycle",
    "cycle_for",
    "cycles",
    "determination",
    "determine_one",
    "entitlements_in_cycles",
    "entitlements_of",
    "not_ordered",
    "orders_of",
    "ready",
    "terms",
]
