"""Observation: what contacts measured and tested, growth by WHO, birth weight, pregnancy."""

from collections.abc import Iterator
from typing import Any

from spean.interop.fhir.care import (
    HL7,
    IN_ERROR,
    LOINC,
    RECORD,
    SNOMED,
    SYSTEM,
    UCUM,
    VIEW,
    changed,
    coded_in,
    dated,
    encounter_named,
    known,
    labelled,
    of,
    patient_named,
    read_one,
    refers_to,
    said_in,
    search_of_one,
    state,
)
from spean.interop.fhir.care import day_of as read_day
from spean.interop.fhir.datatypes import SPEAN, concept, filled, part, reference
from spean.interop.fhir.errors import FhirError
from spean.interop.fhir.observed import (
    EXAM,
    FINDINGS,
    LYING,
    MEASURES,
    MMHG,
    PRESSURE,
    PROTEIN,
    TESTS,
    VITAL,
    Z_SCORES,
    code_of,
    measured_in,
)
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Unchanged
from spean.kernel.errors import N_
from spean.maternal_child import actions, queries
from spean.maternal_child.queries import Baby, CareRecord, Contact, Pregnancy, Result
from spean.maternal_child.queries.records import Grown

CATEGORIES = f"{HL7}/observation-category"
TWICE = f"{SPEAN}/StructureDefinition/measured-twice"
BIRTH_WEIGHT, PREGNANT, EXPECTED = "8339-4", "82810-3", "11778-8"
PREGNANCY, NOT_PREGNANT = "77386006", "60001007"
ONLY_IN_PAIRS = ("systolic", "diastolic")
WHO_STANDARDS = "WHO Child Growth Standards"


class NoContact(FhirError):
    """Ask for the contact at which something was measured."""

    code = "interop.fhir_no_contact"
    message = N_(
        "No contact of this person is recorded on %(day)s. Send the Encounter first, or name it."
    )
    status = 422
    issue = "business-rule"


def observations(record: CareRecord) -> Iterator[Json]:
    """Write everything that was observed of a person."""
    for contact in record.contacts:
        yield from _of_contact(contact)
    for grown in record.growth:
        yield from _z_scores(grown)
    for one in record.withdrawn_measures:
        contact = one.contact
        value = {"valueString": one.value}
        yield _measure(f"{one.pk}", contact, one.name, value) | {"status": IN_ERROR}
    if record.birth is not None and record.birth.weight_g:
        yield _birth_weight(record.birth)
    for pregnancy in record.pregnancies:
        yield _pregnant(pregnancy)
        if pregnancy.ended_on is None:
            yield _expected(pregnancy)


def _of_contact(contact: Contact) -> Iterator[Json]:
    for name, measure in MEASURES.items():
        value = actions.typed(contact, name)
        if name not in ONLY_IN_PAIRS and value not in (None, ""):
            written = _quantity(value, measure.unit) if measure.units else _coded(name, value)
            yield _measure(f"{contact.pk}.{_part(name)}", contact, name, written)
    if contact.systolic or contact.diastolic:
        yield _pressure(contact)


def _part(name: str) -> str:
    return name.replace("_", "-")


def _measure(observation_id: str, contact: Contact, name: str, value: Json) -> Json:
    code = code_of(name)
    if name == "length_cm" and contact.lying:
        code["coding"].insert(0, {"system": LOINC, "code": LYING})
    return _head(observation_id, contact, MEASURES[name].category) | {"code": code} | value


def _head(observation_id: str, contact: Contact, category: str) -> Json:
    return {
        "id": observation_id,
        "meta": changed(contact),
        "status": state(contact, "final"),
        "category": [concept(CATEGORIES, category)],
        "subject": of(contact.person),
        "encounter": reference("Encounter", str(contact.pk)),
        "effectiveDateTime": contact.day.isoformat(),
    }


def _quantity(value: Any, unit: str) -> Json:
    number = float(value)
    number = int(number) if number.is_integer() else number
    return {"valueQuantity": {"value": number, "unit": unit, "system": UCUM, "code": unit}}


def _coded(name: str, value: Any) -> Json:
    if name == "oedema":
        return {"valueBoolean": value}
    if name in TESTS:
        return {"valueCodeableConcept": labelled(FINDINGS.rpartition("/")[2], Result(value))}
    return {"valueCodeableConcept": concept(PROTEIN, str(value))}


def _pressure(contact: Contact) -> Json:
    parts = [
        {"code": code_of(name)} | _quantity(value, MMHG)
        for name in ONLY_IN_PAIRS
        if (value := getattr(contact, name)) is not None
    ]
    head = _head(f"{contact.pk}.blood-pressure", contact, VITAL)
    return head | {"code": concept(LOINC, PRESSURE), "component": parts}


def _z_scores(grown: Grown) -> Iterator[Json]:
    """Write the z-scores that are plausible, each with its measure's contact."""
    contact = grown.contact
    for index, measures in Z_SCORES.items():
        z = grown.z(index)
        if z is not None:
            yield (
                _head(f"{contact.pk}.{index}", contact, EXAM)
                | {
                    "code": concept(f"{SYSTEM}growth-index", str(index)),
                    "method": {"text": WHO_STANDARDS},
                    "derivedFrom": [
                        reference("Observation", f"{contact.pk}.{_part(name)}") for name in measures
                    ],
                }
                | _quantity(round(z, 2), "1")
            )


def _birth_weight(baby: Baby) -> Json:
    birth = baby.pregnancy
    return {
        "id": f"{baby.pk}.birth-weight",
        "meta": changed(birth),
        "status": "final",
        "category": [concept(CATEGORIES, VITAL)],
        "code": concept(LOINC, BIRTH_WEIGHT),
        "subject": of(baby.person),
        "effectiveDateTime": str(birth.ended_on),
    } | _quantity(baby.weight_g, "g")


def _pregnant(pregnancy: Pregnancy) -> Json:
    """Write that a woman is pregnant or, once it ended, no more."""
    code = PREGNANCY if pregnancy.ended_on is None else NOT_PREGNANT
    day = pregnancy.ended_on or pregnancy.recorded_on
    return _of_pregnancy(pregnancy, "status", PREGNANT, day.isoformat()) | {
        "valueCodeableConcept": concept(SNOMED, code)
    }


def _expected(pregnancy: Pregnancy) -> Json:
    day = pregnancy.recorded_on.isoformat()
    return _of_pregnancy(pregnancy, "expected", EXPECTED, day) | {
        "valueDateTime": pregnancy.expected_on.isoformat()
    }


def _of_pregnancy(pregnancy: Pregnancy, name: str, loinc: str, day: str) -> Json:
    return {
        "id": f"{pregnancy.pk}.{name}",
        "meta": changed(pregnancy),
        "status": "final",
        "category": [concept(CATEGORIES, EXAM)],
        "code": concept(LOINC, loinc),
        "subject": of(pregnancy.person),
        "effectiveDateTime": day,
    }


def _create(body: Json, asking: Asking) -> Json | Unchanged:
    """Add a measure to the contact at which it was taken; the same one again changes nothing."""
    known(body.get("status", ""), "status", ["final"])
    person = patient_named(body, "subject")
    day = read_day(body.get("effectiveDateTime"), "effectiveDateTime")
    measured = measured_in(body)
    contact = encounter_named(body, person) or queries.contact_of(person, day, by=asking.by)
    if contact is None:
        raise NoContact(day=day.isoformat())
    before = queries.care_record(person, by=asking.by, on=asking.on)
    sure = any(part(one, "url") == TWICE for one in body.get("extension", ()))
    row = actions.add_measures(
        contact_id=contact, measured=measured, sure=sure, by=asking.by, on=asking.on
    )
    was = next((one for one in before.contacts if one.pk == row.pk), None)
    made = next(one for one in _of_contact(row) if _is_about(one, measured))
    return Unchanged(made) if was and was.changed_at == row.changed_at else made


def _is_about(one: Json, measured: actions.Measured) -> bool:
    """Say whether an Observation is the one of what came in."""
    name = next(name for name in MEASURES if getattr(measured, name) not in (None, ""))
    ending = "blood-pressure" if name in ONLY_IN_PAIRS else _part(name)
    return bool(one["id"].endswith(f".{ending}"))


OBSERVATION = Resource(
    type="Observation",
    about="What contacts measured and tested, z-scores by the WHO growth standards, birth weight, "
    "pregnancy and the expected day of birth. Sent in, it is added to its Encounter.",
    rights={"read": VIEW, "search": VIEW, "create": RECORD},
    parameters=(
        Parameter("_id", "token", "The id of an Observation"),
        Parameter("patient", "reference", "Who was observed"),
        Parameter("subject", "reference", "Who was observed"),
        Parameter("encounter", "reference", "The contact at which it was taken"),
        Parameter("code", "token", "LOINC, or our code of the measure"),
        Parameter("category", "token", "vital-signs, laboratory or exam"),
        Parameter("date", "date", "The day on which it was taken"),
        Parameter("status", "token", "final, or entered-in-error where it was withdrawn"),
    ),
    read=read_one(observations),
    search=search_of_one(
        observations,
        {
            "encounter": refers_to("encounter", "Encounter"),
            "code": coded_in("code"),
            "category": coded_in("category"),
            "date": dated("effectiveDateTime"),
            "status": said_in("status"),
        },
    ),
    create=_create,
    to_fhir=lambda body, asking: filled(**body),
)
