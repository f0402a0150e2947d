"""Reads of the health schemes."""

from spean.health_equity.queries.grounds import GROUNDS, grounds_of

__all__ = ["GROUNDS", "grounds_of"]
