"""ClaimResponse: how a claim was judged, by its last judgement. It has the id of the claim."""

from collections.abc import Iterable

from django.db.models import Q

from spean.health_equity.queries import Adjudication, Claim
from spean.health_equity.queries import claims as queries
from spean.health_equity.queries.cases import paid_before
from spean.health_equity.queries.judgements import JudgedLine, Reason, explained
from spean.interop.fhir.cases import has_id, insurance
from spean.interop.fhir.datatypes import SPEAN, concept, filled, reference, riel, said
from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource
from spean.interop.fhir.resources.claim import (
    HL7,
    VIEW,
    head,
    of_patient,
    read,
    seen,
)
from spean.interop.fhir.resources.organization import NOBODY
from spean.kernel.errors import N_

REASONS = f"{SPEAN}/CodeSystem/claim-reason"
EFFECTS = f"{SPEAN}/CodeSystem/claim-effect"
AMOUNTS = f"{HL7}/adjudication"
OTHERS = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication"  # HL7's own has none for it
BEFORE = "priorpayerpaid"
WAITS = (Claim.State.SUBMITTED, Claim.State.HELD)


def _search(search: Search, asking: Asking) -> Found:
    by = {
        "_id": has_id,
        "request": lambda value: has_id(referred(value, "Claim")),
        "patient": of_patient,
        "outcome": _has_outcome,
    }
    return [Rows(narrowed(queries.claims_on_record(by=asking.by), search, by))]


def _has_outcome(value: str) -> Q:
    waits = Q(state__in=WAITS)
    return {"queued": waits, "complete": ~waits}.get(token(value)[1], NOBODY)


def _to_fhir(claim: Claim, asking: Asking) -> Json:
    answer = head(claim) | {
        "requestor": reference("Organization", claim.facility.code),
        "request": reference("Claim", str(claim.pk)),
        "outcome": "queued" if claim.state in WAITS else "complete",
        "insurance": insurance(claim),
    }
    return answer | (_judged(claim, claim.judged[0]) if claim.judged else _disposition(claim, ""))


def _judged(claim: Claim, judgement: Adjudication) -> Json:
    found = explained(claim, judgement)
    paid = paid_before(claim)
    amounts = [("submitted", claim.asked), ("benefit", judgement.amount)]
    return filled(
        created=judgement.judged_at.isoformat(),
        item=[
            {"itemSequence": line.line.place,
             "adjudication": [*_line(line), *_others(paid.get((line.line.service, line.line.on)))]}
            for line in found.lines
        ],
        adjudication=_reasons(found.reasons),
        total=[
            {"category": concept(AMOUNTS, name), "amount": riel(amount)}
            for name, amount in amounts
            if amount is not None
        ] + _others(sum(paid.values())),
        **_disposition(claim, judgement.reason),
    )  # fmt: skip


def _others(amount: int | None) -> list[Json]:
    """Write what the payers before this one pay."""
    return [{"category": concept(OTHERS, BEFORE), "amount": riel(amount)}] if amount else []


def _disposition(claim: Claim, reason: str) -> Json:
    """Write the state in words, and the reason that a person gave."""
    label = Claim.State(claim.state).label
    if not reason:
        return said(label, "disposition")
    return said(N_("%(state)s: %(reason)s"), "disposition", state=label, reason=reason)


def _line(line: JudgedLine) -> list[Json]:
    """Write what was asked for and what is paid, and the reasons for a difference."""
    return [
        {"category": concept(AMOUNTS, "submitted"), "amount": riel(line.line.asked)},
        {"category": concept(AMOUNTS, "benefit"), "amount": riel(line.amount)},
        *_reasons(line.reasons),
    ]


def _reasons(reasons: Iterable[Reason]) -> list[Json]:
    return [
        {
            "category": concept(EFFECTS, str(one.effect)),
            "reason": concept(REASONS, one.code) | said(one.text),
        }
        for one in reasons
    ]


CLAIM_RESPONSE = Resource(
    type="ClaimResponse",
    about="How a claim was judged, line by line, with the reasons in Khmer and in English; of "
    "several judgements the last one. It has the id of the Claim.",
    rights={"read": VIEW, "search": VIEW},
    parameters=(
        Parameter("_id", "token", "The id of the Claim"),
        Parameter("request", "reference", "The Claim"),
        Parameter("patient", "reference", "Whose care it was"),
        Parameter("outcome", "token", "complete, or queued while it is held or not judged yet"),
    ),
    read=read,
    search=_search,
    seen=seen,
    to_fhir=_to_fhir,
)
