"""The pure rules of care for mothers and children."""

from spean.maternal_child.rules.dating import LONGEST_DAYS, NothingToDateBy, Scan, date_pregnancy
from spean.maternal_child.rules.deaths import Died, kind_of_death
from spean.maternal_child.rules.decisions import URGENCIES, decide, fired, table_of
from spean.maternal_child.rules.doses import (
    REACTION,
    Barrier,
    Evaluated,
    Given,
    Reason,
    Verdict,
)
from spean.maternal_child.rules.due import Awaited, ChildFacts, MotherFacts, Schedules
from spean.maternal_child.rules.immunisation import History, Programme, forbidden, history
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
    "LONGEST_DAYS",
    "REACTION",
    "SIGNS",
    "TERM_DAYS",
    "URGENCIES",
    "Advice",
    "Awaited",
    "Barrier",
    "Care",
    "ChildFacts",
    "Died",
    "DueVisit",
    "Evaluated",
    "Given",
    "History",
    "Line",
    "MotherFacts",
    "NothingToDateBy",
    "Programme",
    "Reason",
    "Scan",
    "Schedules",
    "Status",
    "Verdict",
    "VisitKind",
    "advice",
    "date_pregnancy",
    "decide",
    "fired",
    "forbidden",
    "history",
    "kind_of_death",
    "lines",
    "schedule_of",
    "table_of",
    "visits_to",
]
