"""Reads of the registry."""

from spean.registry.queries.facts import household_facts
from spean.registry.queries.households import household, household_for, households, people_in
from spean.registry.queries.people import person, villages_of

__all__ = [
    "household",
    "household_facts",
    "household_for",
    "households",
    "people_in",
    "person",
    "villages_of",
]
