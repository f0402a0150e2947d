"""Claim: what a facility asks a health scheme to pay for one case, as it was claimed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from spean.health_equity import actions
from spean.health_equity.queries import Claim
from spean.health_equity.queries import claims as queries
from spean.interop.fhir import dates
from spean.interop.fhir.cases import (
    CLAIMANT,
    NUMBER,
    has_id,
    has_number,
    insurance,
    prior_claim,
    related,
)
from spean.interop.fhir.claimed import DOCUMENTS, ICD_10, claimed
from spean.interop.fhir.datatypes import concept, filled, identifier, reference, riel
from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.payers import SERVICES, insurer
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Right, Unchanged
from spean.interop.fhir.resources.location import OF_FACILITY
from spean.interop.fhir.resources.organization import NOBODY
from spean.kernel.access import Purpose
from spean.kernel.errors import NotFound

HL7 = "http://terminology.hl7.org/CodeSystem"
READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)
VIEW = Right(queries.VIEW, READS)
WITHDRAWN = "cancelled"


def read(claim_id: str, asking: Asking) -> Claim:
    """Give a claim with its lines and judgements; reading is audited. Raises NotFound."""
    try:
        return queries.claim(UUID(claim_id), by=asking.by)
    except ValueError as error:
        raise NotFound from error


def seen(claims: Sequence[Claim], asking: Asking) -> None:
    """Leave an audit line for each claim that a search showed."""
    queries.note_claims_read(claims, by=asking.by)


def _search(search: Search, asking: Asking) -> Found:
    by = {
        "_id": has_id,
        "identifier": has_number,
        "patient": of_patient,
        "provider": lambda value: Q(facility__code=referred(value, "Organization")),
        "status": _has_status,
        "created": lambda value: dates.at(value, moment="submitted_at", parameter="created"),
    }
    return [Rows(narrowed(queries.claims_on_record(by=asking.by), search, by))]


def of_patient(value: str) -> Q:
    """Ask for the claims of a person."""
    try:
        return Q(person=UUID(referred(value, "Patient")))
    except ValueError:
        return NOBODY


def _has_status(value: str) -> Q:
    state = Q(state=Claim.State.WITHDRAWN)
    return {"active": ~state, WITHDRAWN: state}.get(token(value)[1], NOBODY)


def _create(body: Json, asking: Asking) -> Claim | Unchanged:
    """Take a claim in, to be judged at once. One that came before is given as it stands."""
    facility, claim = claimed(body, prior=prior_claim(body, by=asking.by))
    taken = actions.submit_claim(
        facility=facility, claim=claim, source=Claim.Source.FHIR, by=asking.by, on=asking.on
    )
    (found,) = (*taken.kept, *taken.again)
    kept = queries.claim(found.pk, by=asking.by)
    return kept if taken.kept else Unchanged(kept)


def _to_fhir(claim: Claim, asking: Asking) -> Json:
    facility = claim.facility.code
    return head(claim) | filled(
        identifier=[identifier(NUMBER, claim.number),
                    identifier(f"{CLAIMANT}{facility}", claim.external)],
        billablePeriod={"start": claim.came_on.isoformat(), "end": claim.left_on.isoformat()},
        provider=reference("Organization", facility),
        facility=reference("Location", f"{OF_FACILITY}{facility}"),
        priority=concept(f"{HL7}/processpriority", "normal"),
        referral={"type": "ServiceRequest"} if claim.referred else None,
        supportingInfo=[_document(n, name) for n, name in enumerate(claim.documents, 1)],
        diagnosis=[
            {"sequence": n, "diagnosisCodeableConcept": concept(ICD_10, code)}
            for n, code in enumerate(claim.diagnoses, 1)
        ],
        related=related(claim),
        insurance=insurance(claim),
        item=[_item(line) for line in claim.in_order],
        total=riel(claim.asked),
    )  # fmt: skip


def head(claim: Claim) -> Json:
    """Write what a claim and the answer to it both begin with."""
    person = reference("Patient", str(claim.person_id)) if claim.person_id else {}
    return {
        "id": str(claim.pk),
        "status": WITHDRAWN if claim.state == Claim.State.WITHDRAWN else "active",
        "type": concept(f"{HL7}/claim-type", "institutional"),
        "use": "claim",
        "patient": filled(type="Patient", display=claim.patient) | person,
        "created": claim.submitted_at.isoformat(),
        "insurer": insurer(claim.scheme),
    }


def _document(sequence: int, name: str) -> Json:
    category = concept(f"{HL7}/claiminformationcategory", "attachment")
    return {"sequence": sequence, "category": category, "code": concept(DOCUMENTS, name)}


def _item(line: Any) -> Json:
    return {
        "sequence": line.place,
        "productOrService": concept(SERVICES, line.service),
        "servicedDate": line.on.isoformat(),
        "quantity": {"value": line.quantity},
        "net": riel(line.asked),
    }


CLAIM = Resource(
    type="Claim",
    about="What a facility asks a scheme to pay for one case. It is judged as it comes in: read "
    "the ClaimResponse of the same id. A claim sent twice is one claim. What one scheme leaves is "
    "asked of the next: insurance names who answered before, with the claimResponse.",
    rights={
        "read": VIEW,
        "search": VIEW,
        "create": Right(queries.SUBMIT, (Purpose.PAYMENT,)),
    },
    parameters=(
        Parameter("_id", "token", "The id of a Claim"),
        Parameter("identifier", "token", "Our number, or the claimant's own"),
        Parameter("patient", "reference", "Whose care it was"),
        Parameter("provider", "reference", "The facility that claims"),
        Parameter("status", "token", "active, or cancelled where it was withdrawn"),
        Parameter("created", "date", "When it came in"),
    ),
    read=read,
    search=_search,
    seen=seen,
    create=_create,
    to_fhir=_to_fhir,
)
