"""The International Patient Summary (HL7 IPS 1.1): a document of what is known of a person."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from spean.interop.fhir.care import (
    HL7,
    IN_ERROR,
    LOINC,
    SYSTEM,
    VIEW,
    labelled,
    of,
)
from spean.interop.fhir.datatypes import concept, reference, said
from spean.interop.fhir.observed import LAB
from spean.interop.fhir.resource import Asking, Json, Operation
from spean.interop.fhir.resources.condition import conditions
from spean.interop.fhir.resources.immunization import immunization
from spean.interop.fhir.resources.observation import EXPECTED, PREGNANT, observations
from spean.interop.fhir.resources.patient import PATIENT
from spean.interop.fhir.resources.recommendation import recommendations
from spean.interop.fhir.resources.service_request import service_requests
from spean.interop.fhir.vaccines import vaccine_code
from spean.kernel.errors import N_
from spean.maternal_child import queries
from spean.maternal_child.queries import CareRecord, Condition, Contact, Contraindication, Treatment

DEFINITION = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"
ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
STATEMENT = "60591-5"  # patient summary document
TITLE = N_("Summary of care of mother and child")
# The sections: LOINC's code, the title, and what is said where nothing is known (IPS, required).
PROBLEMS = ("11450-4", N_("Problems"))
MEDICINES = ("10160-0", N_("Medicines"))
ALLERGIES = ("48765-2", N_("Allergies"))
VACCINES = ("11369-6", N_("Vaccines"))
PREGNANCIES = ("10162-6", N_("Pregnancies"))
RESULTS = ("30954-2", N_("Test results"))
VITALS = ("8716-3", N_("Measures"))
PLAN = ("18776-5", N_("What is planned"))
NO_PROBLEM, NO_MEDICINE = "no-problem-info", "no-medication-info"
NO_ALLERGY, NO_VACCINE = "no-allergy-info", "no-immunization-info"


def summary(patient_id: str, base: str, asking: Asking) -> Json:
    """Give a person's summary as a Bundle of the type document. Raises NotFound, NotAllowed."""
    person = PATIENT.read(patient_id, asking)  # type: ignore[misc]
    record = queries.care_record(person.pk, by=asking.by, on=asking.on)
    patient = {"resourceType": "Patient", **PATIENT.to_fhir(person, asking)}
    sections = list(_sections(record))
    parts = [one for _, found in sections for one in found]
    composition = _composition(record, sections)
    urls = {_name(one): _url(one, base) for one in (composition, patient, MINISTRY, *parts)}
    return {
        "resourceType": "Bundle",
        "identifier": {"system": f"{SYSTEM}summary", "value": urls[_name(composition)]},
        "type": "document",
        "timestamp": timezone.now().isoformat(timespec="seconds"),
        "entry": [
            {"fullUrl": urls[_name(one)], "resource": _resolved(one, urls, base)}
            for one in (composition, patient, MINISTRY, *parts)
        ],
    }


MINISTRY: Json = {
    "resourceType": "Organization",
    "id": "moh",
    "name": "ក្រសួងសុខាភិបាល",
    "alias": ["Ministry of Health"],
}


def _name(one: Json) -> str:
    return f"{one['resourceType']}/{one['id']}"


def _url(one: Json, base: str) -> str:
    """Give a name that is the same for the same resource, wherever the document goes."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{base}/{_name(one)}')}"


def _resolved(value: Any, urls: dict[str, str], base: str) -> Any:
    """Put the document's names in place of our addresses; what it leaves out is named whole."""
    if isinstance(value, list):
        return [_resolved(one, urls, base) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: urls.get(one, f"{base}/{one}")
        if name == "reference" and isinstance(one, str)
        else _resolved(one, urls, base)
        for name, one in value.items()
    }


Section = tuple[str, str]


def _sections(record: CareRecord) -> Iterator[tuple[Section, list[Json]]]:
    """Give each section with its resources; those that IPS requires are never empty."""
    seen = [one for one in observations(record) if one["status"] != IN_ERROR]
    status = [one for one in seen if _coded(one) in (PREGNANT, EXPECTED)]
    rest = [one for one in seen if one not in status]
    yield MEDICINES, _typed("MedicationStatement", _medicines(record) or [_no_medicine(record)])
    yield ALLERGIES, _typed("AllergyIntolerance", _allergies(record) or [_no_allergy(record)])
    yield PROBLEMS, _typed("Condition", _problems(record) or [_no_problem(record)])
    doses = [immunization(*one) for one in record.doses if one[0].withdrawn_on is None]
    yield VACCINES, _typed("Immunization", doses or [_no_vaccine(record)])
    yield PREGNANCIES, _typed("Observation", status)
    yield RESULTS, _typed("Observation", [one for one in rest if _category(one) == LAB])
    yield VITALS, _typed("Observation", [one for one in rest if _category(one) != LAB])
    plan = _typed("ImmunizationRecommendation", list(recommendations(record)))
    yield PLAN, plan + _typed("ServiceRequest", list(service_requests(record)))


def _typed(resource_type: str, found: Sequence[Json]) -> list[Json]:
    return [{"resourceType": resource_type, **one} for one in found]


def _coded(one: Json) -> str:
    return str(one["code"]["coding"][0]["code"])


def _category(one: Json) -> str:
    return str(one["category"][0]["coding"][0]["code"])


def _composition(record: CareRecord, sections: Sequence[tuple[Section, list[Json]]]) -> Json:
    return {
        "resourceType": "Composition",
        "id": str(record.person.pk),
        "status": "final",
        "type": concept(LOINC, STATEMENT),
        "subject": of(record.person),
        "date": record.asked_on.isoformat(),
        "author": [reference("Organization", "moh")],
        **said(TITLE, "title"),
        "section": [
            {
                **said(title, "title"),
                "code": concept(LOINC, code),
                "entry": [{"reference": _name(one)} for one in found],
            }
            for (code, title), found in sections
            if found
        ],
    }


def _problems(record: CareRecord) -> list[Json]:
    return [
        one
        for one in conditions(record)
        if one["verificationStatus"]["coding"][0]["code"] != IN_ERROR
    ]


def _medicines(record: CareRecord) -> list[Json]:
    """Write what was given at the contacts that stand."""
    return [
        _medicine(contact, treatment)
        for contact in record.contacts
        if contact.withdrawn_on is None
        for treatment in contact.treatments
    ]


def _medicine(contact: Contact, treatment: str) -> Json:
    return {
        "id": f"{contact.pk}.{treatment.replace('_', '-')}",
        "status": "completed",
        "medicationCodeableConcept": labelled("treatment", Treatment(treatment)),
        "subject": of(contact.person),
        "effectiveDateTime": contact.day.isoformat(),
    }


def _allergies(record: CareRecord) -> list[Json]:
    return [
        _allergy(one)
        for one in record.contraindications
        if one.condition == Condition.REACTION and one.withdrawn_on is None
    ]


def _allergy(one: Contraindication) -> Json:
    return {
        "id": f"{one.pk}.allergy",
        "clinicalStatus": concept(
            f"{HL7}/allergyintolerance-clinical", "inactive" if one.until else "active"
        ),
        "verificationStatus": concept(f"{HL7}/allergyintolerance-verification", "confirmed"),
        "criticality": "high",
        "code": vaccine_code(one.vaccine),
        "patient": of(one.person),
        "onsetDateTime": one.since.isoformat(),
    }


def _no_problem(record: CareRecord) -> Json:
    return {
        "id": f"{record.person.pk}.{NO_PROBLEM}",
        "clinicalStatus": concept(f"{HL7}/condition-clinical", "active"),
        "code": concept(ABSENT, NO_PROBLEM),
        "subject": of(record.person),
    }


def _no_medicine(record: CareRecord) -> Json:
    return {
        "id": f"{record.person.pk}.{NO_MEDICINE}",
        "status": "unknown",
        "medicationCodeableConcept": concept(ABSENT, NO_MEDICINE),
        "subject": of(record.person),
        "effectiveDateTime": record.asked_on.isoformat(),
    }


def _no_allergy(record: CareRecord) -> Json:
    return {
        "id": f"{record.person.pk}.{NO_ALLERGY}",
        "clinicalStatus": concept(f"{HL7}/allergyintolerance-clinical", "active"),
        "code": concept(ABSENT, NO_ALLERGY),
        "patient": of(record.person),
    }


def _no_vaccine(record: CareRecord) -> Json:
    return {
        "id": f"{record.person.pk}.{NO_VACCINE}",
        "status": "completed",
        "vaccineCode": concept(ABSENT, NO_VACCINE),
        "patient": of(record.person),
        "occurrenceString": "–",
    }


SUMMARY = Operation("summary", DEFINITION, VIEW, summary)
