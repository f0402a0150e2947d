"""Writes of the programmes: the nation's entitlements, on one machine or on many."""

from spean.programmes.actions.nation import determine, determine_nation
from spean.programmes.actions.spark import connect, determine_on_spark

__all__ = ["connect", "determine", "determine_nation", "determine_on_spark"]
