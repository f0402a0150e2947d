"""A case that several schemes pay, as FHIR has it: insurances in their order, one of them asked.

Who asks the next payer for what one left names the first's ClaimResponse beside its coverage
(Claim.insurance.claimResponse), or its Claim as the prior one (Claim.related); we write both.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from spean.health_equity.queries import Claim
from spean.health_equity.queries import claims as queries
from spean.health_equity.queries.cases import asked_before
from spean.interop.fhir.datatypes import (
    SPEAN,
    Json,
    coded,
    concept,
    filled,
    identifier,
    part,
    reference,
)
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.parameters import token
from spean.interop.fhir.payers import SCHEMES, coverage_id
from spean.interop.fhir.resources.organization import NOBODY
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError

NUMBER = f"{SPEAN}/id/claim"
CLAIMANT = f"{SPEAN}/id/claim-of/"  # and the facility's code: the claimant's own numbers
RELATIONS = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
PRIOR = "prior"


class PriorUnknown(SpeanError):
    """Refuse a remainder of a claim that isn't there."""

    code = "interop.fhir_prior_unknown"
    message = N_(
        "“%(given)s” is no claim of yours, or of another case than the others that you name. "
        "Name the ClaimResponse of each scheme that answered before."
    )
    field = "insurance.claimResponse"
    issue = "not-found"


class FocalUnclear(SpeanError):
    """Ask which of several insurances a claim is for."""

    code = "interop.fhir_focal_unclear"
    message = N_(
        "Of several insurances a claim asks one. Set “focal” to true there, and only there."
    )
    field = "insurance.focal"
    issue = "invalid"


def has_id(value: str) -> Q:
    """Ask for a claim by its id."""
    try:
        return Q(pk=UUID(value))
    except ValueError:
        return NOBODY


def has_number(value: str) -> Q:
    """Ask for our number of a claim, or the claimant's own."""
    system, number = token(value)
    if system is None:
        return Q(number=number) | Q(external=number)
    if system.startswith(CLAIMANT):
        return Q(external=number, facility__code=system.removeprefix(CLAIMANT))
    return Q(number=number) if system == NUMBER else NOBODY


def coverage_asked(body: Json) -> Any:
    """Give the Reference to the coverage that a claim is for. Raises FocalUnclear."""
    listed = body.get("insurance", ())
    asked = listed if len(listed) == 1 else [one for one in listed if one.get("focal")]
    if len(asked) != 1:
        raise FocalUnclear
    return part(asked[0], "coverage")


def prior_claim(body: Json, *, by: Actor) -> UUID | None:
    """Give a claim of the case of which this one asks for what was left. Raises PriorUnknown."""
    case: UUID | None = None
    for resource_type, given in _named(body):
        found = queries.claims(queries.ALL, by=by).filter(_is(resource_type, given)).first()
        first = (found.remainder_of_id or found.pk) if found else None
        if first is None or case not in (None, first):
            shown = part(given, "reference") or part(given, "identifier", "value") or ""
            raise PriorUnknown(given=str(shown)[:60])
        case = first
    return case


def _named(body: Json) -> Iterator[tuple[str, Any]]:
    """Give the References to claims, or to answers of payers, that came before."""
    for one in body.get("insurance", ()):
        if "claimResponse" in one and not one.get("focal"):
            yield "ClaimResponse", one["claimResponse"]
    for one in body.get("related", ()):
        if coded(part(one, "relationship"), RELATIONS) == PRIOR:
            yield "Claim", part(one, "claim")


def _is(resource_type: str, given: Any) -> Q:
    number = part(given, "identifier")
    if part(given, "reference") is None and number is not None:
        return has_number(f"{part(number, 'system') or ''}|{part(number, 'value') or ''}")
    return has_id(referred(part(given, "reference") or "", resource_type))


def insurance(claim: Claim) -> list[Json]:
    """Write who was asked before with their answers, and last the coverage that is asked."""
    before: list[Json] = [{"claimResponse": reference("ClaimResponse", str(one.pk))} | _insured(one)
              for one in asked_before(claim)]  # fmt: skip
    listed: list[Json] = [*before, {"focal": True} | _insured(claim)]
    return [{"sequence": n, "focal": False} | one for n, one in enumerate(listed, 1)]


def _insured(claim: Claim) -> Json:
    if claim.person_id:
        return {"coverage": reference("Coverage", coverage_id(claim.scheme, claim.person_id))}
    number = identifier(SCHEMES, claim.scheme)
    return {"coverage": {"type": "Coverage", "identifier": number}}


def related(claim: Claim) -> list[Json]:
    """Write the claims of the case that came before."""
    return [
        filled(claim=reference("Claim", str(one.pk)), relationship=concept(RELATIONS, PRIOR))
        for one in asked_before(claim)
    ]
