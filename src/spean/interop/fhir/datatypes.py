"""The data types of FHIR that several resources write, and the systems that our codes belong to."""

from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
SPEAN = "https://spean.example/fhir"
GAZETTEER = f"{SPEAN}/id/place"
FACILITIES = f"{SPEAN}/id/facility"
STRUCTURE = "http://hl7.org/fhir/StructureDefinition"


def identifier(system: str, value: str, **more: Any) -> Json:
    """Write an Identifier."""
    return filled(system=system, value=value, **more)


def concept(system: str, code: str, text: str = "") -> Json:
    """Write a CodeableConcept of one code."""
    return filled(coding=[filled(system=system, code=code, display=text)], text=text)


def reference(resource_type: str, resource_id: str, display: str = "") -> Json:
    """Write a Reference to a resource of this server."""
    return filled(reference=f"{resource_type}/{resource_id}", display=display)


def period(start: date, end: date | None) -> Json:
    """Write a Period; ours ends before `end`, FHIR's includes its last day."""
    last = (end - timedelta(days=1)).isoformat() if end else None
    return filled(start=start.isoformat(), end=last)


def in_language(code: str) -> list[Json]:
    """Write the extension that says in which language an element is."""
    return [{"url": f"{STRUCTURE}/language", "valueCode": code}]


def translated(code: str, text: str) -> Json:
    """Write the element that carries a text's translation, to stand beside it under `_text`."""
    parts = [{"url": "lang", "valueCode": code}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": f"{STRUCTURE}/translation", "extension": parts}]}


def filled(**fields: Any) -> Json:
    """Give the fields that have a value: FHIR knows no empty ones."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
