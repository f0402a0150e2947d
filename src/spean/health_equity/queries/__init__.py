"""Reads of the health schemes."""

from spean.health_equity.queries.cover import (
    CHECK,
    Answer,
    Patient,
    PatientGone,
    handle_of,
    look_up,
    patient,
)
from spean.health_equity.queries.grounds import GROUNDS, grounds_of
from spean.health_equity.queries.use import COMMUNE, VIEW_USE, Use, use_of_services
from spean.health_equity.queries.verification import outliers
from spean.health_equity.queries.visits import (
    RECORD,
    VIEW,
    asked_of_patients,
    contracts,
    facilities_for,
    visit,
    visit_for,
    visits,
)
from spean.health_equity.queries.words import CRITERIA, FINDINGS, OUTCOMES

__all__ = [
    "CHECK",
    "COMMUNE",
    "CRITERIA",
    "FINDINGS",
    "GROUNDS",
    "OUTCOMES",
    "RECORD",
    "VIEW",
    "VIEW_USE",
    "Answer",
    "Patient",
    "PatientGone",
    "Use",
    "asked_of_patients",
    "contracts",
    "facilities_for",
    "grounds_of",
    "handle_of",
    "look_up",
    "outliers",
    "patient",
    "use_of_services",
    "visit",
    "visit_for",
    "visits",
]
