"""What the health schemes store, and what must always be true of it."""

from spean.health_equity.models.claims import Adjudication, Appeal, Claim, ClaimLine
from spean.health_equity.models.contracts import Contract, FacilityAccount, Suspension
from spean.health_equity.models.cover import Listing, PostIdentification
from spean.health_equity.models.figures import NationFigures
from spean.health_equity.models.notices import NoticeRead, NoticeTexted, TextsAsked
from spean.health_equity.models.reported import ReportedCase
from spean.health_equity.models.statements import QualityScore, StatedClaim, Statement
from spean.health_equity.models.transport import Transport
from spean.health_equity.models.verification import (
    CheckResult,
    FacilityAction,
    FindingName,
    Sample,
    SampledClaim,
)
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
    "CheckResult",
    "Claim",
    "ClaimLine",
    "Contract",
    "Document",
    "FacilityAccount",
    "FacilityAction",
    "FindingName",
    "GroupName",
    "Listing",
    "NationFigures",
    "NoticeRead",
    "NoticeTexted",
    "PostIdentification",
    "QualityScore",
    "ReportedCase",
    "Sample",
    "SampledClaim",
    "SchemeName",
    "ServiceName",
    "StatedClaim",
    "Statement",
    "Suspension",
    "TextsAsked",
    "Transport",
    "Visit",
    "VisitOutcome",
    "VisitService",
]
