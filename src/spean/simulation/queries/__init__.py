"""Reads of the simulation."""

from spean.simulation.queries.outcome import frequency, outcome
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
    "frequency",
    "groups",
    "outcome",
    "read_changes",
    "scenario",
    "scenarios",
    "shown_groups",
]
