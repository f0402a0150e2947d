"""Reads of the health schemes."""

from spean.health_equity.models import Adjudication, Claim, SchemeName
from spean.health_equity.queries.costs import CaseCost, Costs, Delay, MonthDelays, costs
from spean.health_equity.queries.cover import (
    CHECK,
    Answer,
    Patient,
    PatientGone,
    handle_of,
    look_up,
    patient,
)
from spean.health_equity.queries.facilities import contracts, facilities_for
from spean.health_equity.queries.grounds import GROUNDS, grounds_of
from spean.health_equity.queries.held import Held, covers_held, has_scheme_number, note_covers_read
from spean.health_equity.queries.notices import waiting_for
from spean.health_equity.queries.reported import reported_cases
from spean.health_equity.queries.transport import transport
from spean.health_equity.queries.use import COMMUNE, VIEW_USE, Use, use_of_services
from spean.health_equity.queries.verification import outliers
from spean.health_equity.queries.visits import (
    RECORD,
    VIEW,
    asked_of_patients,
    payers,
    visit,
    visit_for,
    visits,
)
from spean.health_equity.queries.words import CRITERIA, FINDINGS, OUTCOMES
from spean.health_equity.rules import CLAIMED, SERVICES, Outcome, Scheme, finding
from spean.health_equity.rules.fees import fee

__all__ = [
    "CHECK",
    "CLAIMED",
    "COMMUNE",
    "CRITERIA",
    "FINDINGS",
    "GROUNDS",
    "OUTCOMES",
    "RECORD",
    "SERVICES",
    "VIEW",
    "VIEW_USE",
    "Adjudication",
    "Answer",
    "CaseCost",
    "Claim",
    "Costs",
    "Delay",
    "Held",
    "MonthDelays",
    "Outcome",
    "Patient",
    "PatientGone",
    "Scheme",
    "SchemeName",
    "Use",
    "asked_of_patients",
    "contracts",
    "costs",
    "covers_held",
    "facilities_for",
    "fee",
    "finding",
    "grounds_of",
    "handle_of",
    "has_scheme_number",
    "look_up",
    "note_covers_read",
    "outliers",
    "patient",
    "payers",
    "reported_cases",
    "transport",
    "use_of_services",
    "visit",
    "visit_for",
    "visits",
    "waiting_for",
]
