"""The resources that are served. To add one, write its file and name it here (see README.md)."""

from spean.interop.fhir.resource import Resource
from spean.interop.fhir.resources.location import LOCATION
from spean.interop.fhir.resources.organization import ORGANIZATION
from spean.interop.fhir.resources.patient import PATIENT

RESOURCES: dict[str, Resource] = {r.type: r for r in (PATIENT, LOCATION, ORGANIZATION)}
