"""Reads of the simulation."""

from spean.simulation.queries.outcome import outcome
from spean.simulation.queries.scenarios import (
    VIEW,
    draft_of,
    groups,
    levels,
    moves,
    read_changes,
    scenario,
    scenarios,
    shown_groups,
    strikes_of,
)
from spean.simulation.queries.tables import adjustable, yardsticks
from spean.simulation.rules import Group

__all__ = [
    "VIEW",
    "Group",
    "adjustable",
    "draft_of",
    "groups",
    "levels",
    "moves",
    "outcome",
    "read_changes",
    "scenario",
    "scenarios",
    "shown_groups",
    "strikes_of",
    "yardsticks",
]
