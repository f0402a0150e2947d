"""What a health record system sends about cover and care."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from spean.registry.models import Person

SPEAN = "https://spean.example/fhir"
SERVICE = f"{SPEAN}/CodeSystem/service"
SCHEME = f"{SPEAN}/id/scheme"
MINE = f"{SPEAN}/id/claim-of/HC1"
TODAY = timezone.localdate()
CAME = TODAY - timedelta(days=2)
Json = dict[str, Any]


def khr(amount: float) -> Json:
    return {"value": amount, "currency": "KHR"}


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def line(sequence: int = 1, service: str = "outpatient", **more: Any) -> Json:
    return {
        "sequence": sequence, "productOrService": concept(SERVICE, service),
        "servicedDate": CAME.isoformat(), "net": khr(4000),
    } | more  # fmt: skip


def claim(person: Person | None, number: str = "A-1", *lines: Json, **more: Any) -> Json:
    """Write the claim of a consultation; say what differs."""
    days = {"start": CAME.isoformat(), "end": CAME.isoformat()}
    patient = {"reference": f"Patient/{person.pk}"} if person else {"display": "Nobody"}
    icd = concept("http://hl7.org/fhir/sid/icd-10", "A09")
    return {
        "resourceType": "Claim", "status": "active", "use": "claim", "patient": patient,
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "institutional"),
        "identifier": [{"system": MINE, "value": number}], "created": TODAY.isoformat(),
        "billablePeriod": days, "provider": {"reference": "Organization/HC1"},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": icd}],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {
            "identifier": {"system": SCHEME, "value": "hef"}}}],
        "item": list(lines) or [line()],
    } | more  # fmt: skip


def eligibility(person: Person, *purposes: str, **more: Any) -> Json:
    """Write the question whether somebody pays for a person's care."""
    return {
        "resourceType": "CoverageEligibilityRequest", "status": "active",
        "purpose": list(purposes or ("validation",)), "created": TODAY.isoformat(),
        "patient": {"reference": f"Patient/{person.pk}"},
        "insurer": {"reference": "Organization/moh"},
        "provider": {"reference": "Organization/HC1"},
    } | more  # fmt: skip
