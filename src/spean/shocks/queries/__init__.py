"""Reads of shocks."""

from spean.shocks.queries.affected import affected
from spean.shocks.queries.events import (
    MANAGE,
    VIEW,
    event,
    event_for,
    events,
    grounds,
    missed,
    missed_for,
    open_events,
    places_of,
    plan,
    plan_for,
    struck_on,
    waiting_for,
)

__all__ = [
    "MANAGE",
    "VIEW",
    "affected",
    "event",
    "event_for",
    "events",
    "grounds",
    "missed",
    "missed_for",
    "open_events",
    "places_of",
    "plan",
    "plan_for",
    "struck_on",
    "waiting_for",
]
