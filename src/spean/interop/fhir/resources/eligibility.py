"""CoverageEligibilityRequest: does somebody pay for this person's care on a day, and for what?

The answer to the request is the CoverageEligibilityResponse. Nothing is kept but the audit line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from spean.health_equity import queries
from spean.health_equity.queries import Held
from spean.interop.fhir.claimed import read_day
from spean.interop.fhir.datatypes import (
    SPEAN,
    concept,
    filled,
    part,
    period,
    reference,
    riel,
    said,
)
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.payers import SERVICES, coverage_id, facility_of, scheme_of
from spean.interop.fhir.resource import Asking, Json, Resource, Unchanged
from spean.interop.fhir.resources.coverage import CHECK
from spean.interop.fhir.resources.patient import NUMBERS
from spean.kernel.errors import N_, SpeanError
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.registry.queries import Person

OUTCOMES = f"{SPEAN}/CodeSystem/cover"
BENEFIT = "http://terminology.hl7.org/CodeSystem/benefit-type"
ANSWERED = ("validation", "benefits", "discovery")
EVERYBODY = "Organization/moh"  # asks all the schemes


class PatientNotNamed(SpeanError):
    """Refuse a patient whom nobody here is, or who could be several people."""

    code = "interop.fhir_patient_not_named"
    message = N_(
        "This patient names nobody of your area, or more than one person. "
        "Find them by /fhir/R4/Patient, and name them by Patient/<id>."
    )
    field = "patient"


class PurposeNotAnswered(SpeanError):
    """Refuse a question that has no answer here."""

    code = "interop.fhir_purpose_not_answered"
    message = N_("“%(given)s” is not answered here. Ask for one of: %(purposes)s.")
    field = "purpose"
    issue = "not-supported"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found: the covers, who pays first first."""

    body: Json
    person: Person
    covers: Sequence[Held]
    facility: str
    on: date


def _create(body: Json, asking: Asking) -> Unchanged:
    for purpose in body.get("purpose") or [""]:
        if purpose not in ANSWERED:
            raise PurposeNotAnswered(given=purpose or "", purposes=", ".join(ANSWERED))
    start = body.get("servicedDate") or part(body, "servicedPeriod", "start")
    on = read_day(start, "serviced") if start else asking.on
    scheme = "" if part(body, "insurer", "reference") == EVERYBODY else scheme_of(
        body["insurer"], "Organization"
    )  # fmt: skip
    person = _person(body["patient"], asking)
    held = queries.covers_held([person.pk], by=asking.by, on=on)
    queries.note_covers_read(held, by=asking.by)
    registry.note_people_read([person], by=asking.by)
    covers = [one for one in held if scheme in ("", one.cover.scheme)]
    return Unchanged(Asked(body, person, covers, facility_of(body.get("provider")), on))


def _person(given: Any, asking: Asking) -> Person:
    """Give the one person of the sender's areas whom a Reference names. Raises PatientNotNamed."""
    number = part(given, "identifier", "value")
    system = part(given, "identifier", "system") or NUMBERS
    if text := part(given, "reference"):
        try:
            named = Q(pk=UUID(referred(text, "Patient")))
        except ValueError as error:
            raise PatientNotNamed from error
    elif number and system.startswith(NUMBERS):
        kind = system.removeprefix(NUMBERS).replace("-", "_")
        named = registry.holds_number(number, kind)
    else:
        raise PatientNotNamed
    found = list(registry.people_on_record(by=asking.by).filter(named)[:2])
    if len(found) != 1:
        raise PatientNotNamed
    return found[0]


def _to_fhir(asked: Asked, asking: Asking) -> Json:
    """Write the answer, in the language of who asks."""
    first = "en" if (get_language() or "").startswith("en") else "km"
    found = queries.FINDINGS[queries.finding([one.cover for one in asked.covers])]
    refused = [one for one in asked.covers if not _in_force(one)]
    words = said(N_("%(title)s. %(advice)s"), "disposition", first, title=found.title,
                 advice=found.advice)  # fmt: skip
    return filled(
        resourceType="CoverageEligibilityResponse",
        status="active",
        purpose=asked.body["purpose"],
        patient=reference("Patient", str(asked.person.pk)),
        servicedDate=asked.on.isoformat(),
        created=timezone.now().isoformat(timespec="seconds"),
        request=filled(type="CoverageEligibilityRequest",
                       identifier=part(asked.body, "identifier", 0)),
        outcome="complete",
        insurer=asked.body["insurer"],
        insurance=[_insurance(one, asked) for one in asked.covers],
        error=[{"code": _reason(one, first)} for one in refused],
        **words,
    )  # fmt: skip


def _in_force(held: Held) -> bool:
    return held.cover.outcome is queries.Outcome.COVERED


def _reason(held: Held, first: str) -> Json:
    outcome = held.cover.outcome
    words = said(N_("%(scheme)s: %(outcome)s"), "text", first,
                 scheme=queries.SchemeName(held.cover.scheme).label,
                 outcome=queries.OUTCOMES[outcome])  # fmt: skip
    return concept(OUTCOMES, str(outcome)) | words


def _insurance(held: Held, asked: Asked) -> Json:
    paid = _in_force(held) and "benefits" in asked.body["purpose"]
    return filled(
        coverage=reference("Coverage", coverage_id(held.cover.scheme, held.person.pk)),
        benefitPeriod=period(held.cover.since, held.cover.until),
        item=_benefits(held, asked) if paid else [],
    ) | {"inforce": _in_force(held)}


def _benefits(held: Held, asked: Asked) -> list[Json]:
    """Write the fee of each service that the scheme pays at the facility that asks."""
    place = locations.facility_ever(asked.facility, asked.on)
    level = locations.level_of(place) if place else None
    fees = {
        service: queries.fee(held.cover.scheme, service, level.kind, on=asked.on)
        for service in queries.SERVICES
        if level
    }
    return [
        {
            "productOrService": concept(SERVICES, service),
            "benefit": [{"type": concept(BENEFIT, "benefit"), "allowedMoney": riel(fee)}],
        }
        for service, fee in fees.items()
        if fee
    ]


ELIGIBILITY = Resource(
    type="CoverageEligibilityRequest",
    about="Ask whether somebody pays for a person's care on a day. The answer, a "
    "CoverageEligibilityResponse, comes at once and is not kept.",
    rights={"create": CHECK},
    parameters=(),
    create=_create,
    to_fhir=_to_fhir,
)
