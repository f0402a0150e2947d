"""Reads of the simulation."""

from spean.simulation.queries.outcome import outcome
from spean.simulation.queries.scenarios import (
    VIEW,
    draft_of,
    groups,
    read_changes,
    scenario,
    scenarios,
    shown_groups,
)
from spean.simulation.rules import Group

__all__ = [
    "VIEW",
    "Group",
    "draft_of",
    "groups",
    "outcome",
    "read_changes",
    "scenario",
    "scenarios",
    "shown_groups",
]
