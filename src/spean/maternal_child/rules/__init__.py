"""The pure rules of care for mothers and children."""

from spean.maternal_child.rules.immunisation import (
    Evaluated,
    Given,
    History,
    Programme,
    Reason,
    Verdict,
    history,
)
from spean.maternal_child.rules.schedules import (
    AWAITED,
    Care,
    Line,
    Status,
    lines,
    schedule_of,
)
from spean.maternal_child.rules.visits import (
    SIGNS,
    TERM_DAYS,
    Advice,
    DueVisit,
    VisitKind,
    advice,
    visits_to,
)

__all__ = [
    "AWAITED",
    "SIGNS",
    "TERM_DAYS",
    "Advice",
    "Care",
    "DueVisit",
    "Evaluated",
    "Given",
    "History",
    "Line",
    "Programme",
    "Reason",
    "Status",
    "Verdict",
    "VisitKind",
    "advice",
    "history",
    "lines",
    "schedule_of",
    "visits_to",
]
