"""The resources that are served. To add one, write its file and name it here (see README.md)."""

from dataclasses import replace

from spean.interop.fhir.resource import Resource
from spean.interop.fhir.resources.claim import CLAIM
from spean.interop.fhir.resources.claim_response import CLAIM_RESPONSE
from spean.interop.fhir.resources.condition import CONDITION
from spean.interop.fhir.resources.coverage import COVERAGE
from spean.interop.fhir.resources.eligibility import ELIGIBILITY
from spean.interop.fhir.resources.encounter import ENCOUNTER
from spean.interop.fhir.resources.immunization import IMMUNIZATION
from spean.interop.fhir.resources.location import LOCATION
from spean.interop.fhir.resources.observation import OBSERVATION
from spean.interop.fhir.resources.organization import ORGANIZATION
from spean.interop.fhir.resources.patient import PATIENT
from spean.interop.fhir.resources.recommendation import RECOMMENDATION
from spean.interop.fhir.resources.service_request import SERVICE_REQUEST
from spean.interop.fhir.summary import SUMMARY

RESOURCES: dict[str, Resource] = {
    r.type: r
    for r in (
        replace(PATIENT, operations=(SUMMARY,)),
        LOCATION,
        ORGANIZATION,
        COVERAGE,
        ELIGIBILITY,
        CLAIM,
        CLAIM_RESPONSE,
        ENCOUNTER,
        CONDITION,
        OBSERVATION,
        IMMUNIZATION,
        RECOMMENDATION,
        SERVICE_REQUEST,
    )
}
