"""The resources that are served. To add one, write its file and name it here (see README.md)."""

from spean.interop.fhir.resource import Resource
from spean.interop.fhir.resources.claim import CLAIM
from spean.interop.fhir.resources.claim_response import CLAIM_RESPONSE
from spean.interop.fhir.resources.coverage import COVERAGE
from spean.interop.fhir.resources.eligibility import ELIGIBILITY
from spean.interop.fhir.resources.location import LOCATION
from spean.interop.fhir.resources.organization import ORGANIZATION
from spean.interop.fhir.resources.patient import PATIENT

RESOURCES: dict[str, Resource] = {
    r.type: r
    for r in (PATIENT, LOCATION, ORGANIZATION, COVERAGE, ELIGIBILITY, CLAIM, CLAIM_RESPONSE)
}
