"""The pure rules of care for mothers and children."""

from spean.maternal_child.rules.visits import (
    SIGNS,
    TERM_DAYS,
    Advice,
    DueVisit,
    VisitKind,
    advice,
    visits_to,
)

__all__ = ["SIGNS", "TERM_DAYS", "Advice", "DueVisit", "VisitKind", "advice", "visits_to"]
