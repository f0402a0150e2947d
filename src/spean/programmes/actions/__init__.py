"""Writes of the programmes: the nation's entitlements, and the cycles that pay them."""

from spean.programmes.actions.cycles import (
    DaysImpossible,
    DaysTaken,
    NoResults,
    open_cycle,
    order_cycle,
)
from spean.programmes.actions.nation import determine, determine_nation
from spean.programmes.actions.spark import connect, determine_on_spark

__all__ = [
    "DaysImpossible",
    "DaysTaken",
    "NoResults",
    "connect",
    "determine",
    "determine_nation",
    "determine_on_spark",
    "open_cycle",
    "order_cycle",
]
