"""Reads of shocks."""

from spean.shocks.queries.affected import affected
from spean.shocks.queries.base_map import base_map
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
    waiting_for,
)
from spean.shocks.queries.struck import (
    can_pay,
    gained,
    left_out_of,
    missing_from,
    named,
    named_for,
    prepared,
    struck_by,
    struck_on,
    villages_drawn,
)

__all__ = [
    "MANAGE",
    "VIEW",
    "affected",
    "base_map",
    "can_pay",
    "event",
    "event_for",
    "events",
    "gained",
    "grounds",
    "left_out_of",
    "missed",
    "missed_for",
    "missing_from",
    "named",
    "named_for",
    "open_events",
    "places_of",
    "plan",
    "plan_for",
    "prepared",
    "struck_by",
    "struck_on",
    "villages_drawn",
    "waiting_for",
]
