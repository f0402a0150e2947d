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
from spean.programmes.queries.expression import (
    DRAFT,
    Terms,
    compiled,
    determination,
    install_struck,
    side_by_side,
    struck,
    terms,
)
from spean.programmes.queries.household import Entitlements, determine_one, entitlements_of
from spean.programmes.queries.tables import Adjustable, adjustable

__all__ = [
    "DRAFT",
    "Adjustable",
    "Entitlements",
    "Terms",
    "adjustable",
    "compiled",
    "cycle",
    "cycle_for",
    "cycles",
    "determination",
    "determine_one",
    "entitlements_in_cycles",
    "entitlements_of",
    "install_struck",
    "not_ordered",
    "orders_of",
    "ready",
    "side_by_side",
    "struck",
    "terms",
]
