"""What a health record system sends and reads of mothers and children."""

from typing import Any

Json = dict[str, Any]
SPEAN = "https://spean.example/fhir"
LOINC, CVX = "http://loinc.org", "http://hl7.org/fhir/sid/cvx"
CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
UCUM = "http://unitsofmeasure.org"


def ours(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{SPEAN}/CodeSystem/{system}", "code": code}]}


def loinc(code: str) -> Json:
    return {"coding": [{"system": LOINC, "code": code}]}


def encounter(person: Any, day: Any, kind: str = "child", **more: Any) -> Json:
    return {
        "resourceType": "Encounter", "status": "finished",
        "class": {"system": CLASSES, "code": "AMB"}, "type": [ours("contact-kind", kind)],
        "subject": {"reference": f"Patient/{person.pk}"},
        "period": {"start": str(day), "end": str(day)},
    } | more  # fmt: skip


def immunization(person: Any, day: Any, vaccine: str = "mr", **more: Any) -> Json:
    return {
        "resourceType": "Immunization", "status": "completed",
        "vaccineCode": ours("vaccine", vaccine), "occurrenceDateTime": str(day),
        "patient": {"reference": f"Patient/{person.pk}"}, "lotNumber": "B7",
    } | more  # fmt: skip


def quantity(value: float, unit: str) -> Json:
    return {"value": value, "system": UCUM, "code": unit, "unit": unit}


def observation(person: Any, day: Any, code: Json | str = "29463-7", **more: Any) -> Json:
    return {
        "resourceType": "Observation", "status": "final",
        "code": loinc(code) if isinstance(code, str) else code,
        "subject": {"reference": f"Patient/{person.pk}"}, "effectiveDateTime": str(day),
    } | ({} if any(name.startswith(("value", "component")) for name in more)
         else {"valueQuantity": quantity(12, "kg")}) | more  # fmt: skip
