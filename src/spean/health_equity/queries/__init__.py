"""Reads of the health schemes."""

from spean.health_equity.queries.cover import (
    CHECK,
    Answer,
    Patient,
    PatientGone,
    look_up,
    patient,
)
from spean.health_equity.queries.grounds import GROUNDS, grounds_of
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
    "CRITERIA",
    "FINDINGS",
    "GROUNDS",
    "OUTCOMES",
    "RECORD",
    "VIEW",
    "Answer",
    "Patient",
    "PatientGone",
    "asked_of_patients",
    "contracts",
    "facilities_for",
    "grounds_of",
    "look_up",
    "outliers",
    "patient",
    "visit",
    "visit_for",
    "visits",
]
