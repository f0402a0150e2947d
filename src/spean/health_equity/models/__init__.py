"""What the health schemes store, and what must always be true of it."""

from spean.health_equity.models.claims import Adjudication, Appeal, Claim, ClaimLine
from spean.health_equity.models.contracts import Contract, Suspension
from spean.health_equity.models.cover import Listing, PostIdentification
from spean.health_equity.models.visits import DIAGNOSIS, Visit, VisitService
from spean.health_equity.models.words import (
    Document,
    GroupName,
    SchemeName,
    ServiceName,
    VisitOutcome,
)

__all__ = [
    "DIAGNOSIS",
    "Adjudication",
    "Appeal",
    "Claim",
    "ClaimLine",
    "Contract",
    "Document",
    "GroupName",
    "Listing",
    "PostIdentification",
    "SchemeName",
    "ServiceName",
    "Suspension",
    "Visit",
    "VisitOutcome",
    "VisitService",
]
