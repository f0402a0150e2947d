"""Reads about mothers and children."""

from spean.maternal_child.models import HomeVisit, Kind
from spean.maternal_child.queries.visits import (
    VisitDue,
    visit,
    visits,
    visits_due,
    waiting_for,
)

__all__ = ["HomeVisit", "Kind", "VisitDue", "visit", "visits", "visits_due", "waiting_for"]
