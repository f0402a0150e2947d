"""The data types of FHIR that several resources write, and the systems that our codes belong to."""

from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise

from spean.kernel.i18n import in_both_languages

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


def part(value: Any, *path: str | int) -> Any:
    """Give what lies inside a resource that came in, by names and places; None where nothing is."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def coded(value: Any, system: str) -> str:
    """Give the code that a CodeableConcept that came in has in a system; "" for none."""
    codes = (part(one, "code") for one in part(value, "coding") or () if _of(one, system))
    return next((code for code in codes if code), "")


def numbered(value: Any, system: str) -> str:
    """Give the value of an Identifier that came in, if it belongs to a system; "" for none."""
    return (part(value, "value") or "") if _of(value, system) else ""


def _of(value: Any, system: str) -> bool:
    return bool(part(value, "system") == system)


def riel(amount: Any) -> Json:
    """Write an amount of riel as Money."""
    return {"value": int(amount), "currency": "KHR"}


def said(message: str | Promise, name: str = "text", first: str = "km", **facts: object) -> Json:
    """Write a message (a msgid) in one language under a name, the other one beside it."""
    words = in_both_languages({"message": message, "facts": facts})
    other = "en" if first == "km" else "km"
    return {name: words[first], f"_{name}": translated(other, words[other])}


def filled(**fields: Any) -> Json:
    """Give the fields that have a value: FHIR knows no empty ones."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
