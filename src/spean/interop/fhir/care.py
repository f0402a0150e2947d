"""What the resources of mothers and children share: whose they are, searches, codes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import override

from spean.interop.fhir import dates
from spean.interop.fhir.datatypes import SPEAN, concept, part, reference, said
from spean.interop.fhir.errors import FhirError
from spean.interop.fhir.paging import Few, Found
from spean.interop.fhir.parameters import Search, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.resource import Asking, Json, Right
from spean.interop.fhir.resources.coverage import SearchTooWide
from spean.interop.fhir.resources.organization import NOBODY
from spean.interop.fhir.resources.patient import CARE
from spean.kernel.errors import N_, NotAllowed, NotFound, SpeanError
from spean.maternal_child import queries
from spean.maternal_child.queries import CareRecord
from spean.registry import queries as registry

VIEW = Right("maternal_child.view_record", CARE)
RECORD = Right("maternal_child.record_contact", CARE)
SYSTEM = f"{SPEAN}/CodeSystem/"
LOINC, UCUM, SNOMED = "http://loinc.org", "http://unitsofmeasure.org", "http://snomed.info/sct"
HL7 = "http://terminology.hl7.org/CodeSystem"
IN_ERROR = "entered-in-error"
PATIENT = ("patient", "subject")
NAMING = ("_id", *PATIENT)
MOST_PEOPLE = 20  # whose records one search opens
Write = Callable[[CareRecord], Iterable[Json]]
Match = Callable[[Json, str], bool]
More = Callable[[Search, Sequence[UUID], Asking], Iterable[Json]]


class ElementNeeded(SpeanError):
    """Ask for what a resource can't do without."""

    code = "interop.fhir_element_needed"
    message = N_("“%(element)s” is needed here. Add it and send the resource again.")
    issue = "required"


class CodeNotKnown(SpeanError):
    """Refuse a code that nothing of ours stands for."""

    code = "interop.fhir_code_not_known"
    message = N_("“%(given)s” is not known here as “%(element)s”. Write one of: %(known)s.")
    issue = "code-invalid"


class OtherPerson(FhirError):
    """Refuse what names the contact of somebody else."""

    code = "interop.fhir_other_person"
    message = N_("The Encounter is not one of this Patient. Correct one of the two.")
    status = 422
    issue = "business-rule"


class DayImpossible(FhirError):
    """Refuse a day that can't be read."""

    code = "interop.fhir_day_impossible"
    message = N_("“%(given)s” is no day. Write it as 2026-11-27.")
    status = 422
    issue = "value"


def of(person: Any) -> Json:
    """Refer to the person whose record this is now."""
    return reference("Patient", str(queries.person_now(person).pk))


def labelled(system: str, choice: Any) -> Json:
    """Write a choice of ours as a CodeableConcept, named in Khmer and in English."""
    return concept(f"{SYSTEM}{system}", str(choice.value)) | said(msgid(choice.label))


def msgid(text: Any) -> str:
    """Give a translated text as it stands in the code, to be said in both languages."""
    with override("en"):
        return str(text)


def changed(row: Any) -> Json:
    """Write when a row was last changed."""
    return {"lastUpdated": row.changed_at.isoformat()}


def state(row: Any, usual: str) -> str:
    """Give the status of a record: the usual one, unless it was withdrawn."""
    return IN_ERROR if row.withdrawn_on else usual


def read_one(write: Write) -> Callable[[str, Asking], Json]:
    """Give what reads one resource, whose id begins with that of the row which it is made from."""

    def read(resource_id: str, asking: Asking) -> Json:
        try:
            row = UUID(resource_id[:36])
        except ValueError as error:
            raise NotFound from error
        record = queries.care_record(queries.whose(row), by=asking.by, on=asking.on)
        for one in write(record):
            if one["id"] == resource_id:
                return one
        raise NotFound

    return read


def search_of_one(
    write: Write, by: Mapping[str, Match], more: More = lambda search, people, asking: ()
) -> Callable[[Search, Asking], Found]:
    """Give what searches the resources of the people who are named, each by its own record.

    `more` gives those that stand elsewhere, of these people or of the ids that are asked for.
    """
    match = {**by, **_ALWAYS}

    def search(search: Search, asking: Asking) -> Found:
        people = _named(search) if search.asks(*NAMING) else ()
        if not search.asks(*NAMING) or len(people) > MOST_PEOPLE:
            raise SearchTooWide(parameters=", ".join(NAMING))
        written = (one for person in people for one in _written(write, person, asking))
        found = [
            one
            for one in chain(written, more(search, people, asking))
            if all(
                any(match[name](one, value) for value in values) for name, values in search.given
            )
        ]
        return [Few(found)]

    return search


def _named(search: Search) -> Sequence[UUID]:
    """Give the people whom a search names, each once."""
    found: dict[UUID, None] = {}
    for name, values in search.given:
        for value in values if name in NAMING else ():
            with suppress(ValueError, NotFound):
                if name == "_id":
                    found[registry.person_of(queries.whose(UUID(value[:36])))] = None
                else:
                    found[registry.person_of(UUID(referred(value, "Patient")))] = None
    return list(found)


def _written(write: Write, person: UUID, asking: Asking) -> Iterable[Json]:
    try:
        return list(write(queries.care_record(person, by=asking.by, on=asking.on)))
    except (NotFound, NotAllowed):
        return ()


def _is_of(one: Json, value: str) -> bool:
    patient = one.get("subject") or one.get("patient") or {}
    try:
        asked = registry.person_of(UUID(referred(value, "Patient")))
    except ValueError:
        return False
    return bool(patient.get("reference") == f"Patient/{asked}")


_ALWAYS: Mapping[str, Match] = {
    "_id": lambda one, value: bool(one["id"] == value),
    "patient": _is_of,
    "subject": _is_of,
}


def coded_in(*path: str | int) -> Match:
    """Give the condition that a CodeableConcept, or one of several, has a code: `system|code`."""

    def has(one: Json, value: str) -> bool:
        system, code = token(value)
        found = part(one, *path) or []
        concepts = found if isinstance(found, list) else [found]
        return any(
            coding["code"] == code and system in (None, coding.get("system"))
            for each in concepts
            for coding in each.get("coding", ())
        )

    return has


def said_in(name: str) -> Match:
    """Give the condition that an element is a code itself."""
    return lambda one, value: bool(one.get(name) == token(value)[1])


def dated(name: str) -> Match:
    """Give the condition of the day that an element names."""

    def on(one: Json, value: str) -> bool:
        text = one.get(name)
        return dates.holds(value, date.fromisoformat(text[:10]) if text else None)

    return on


def refers_to(name: str, resource_type: str) -> Match:
    """Give the condition that an element refers to a resource."""

    def to(one: Json, value: str) -> bool:
        found = part(one, name, "reference")
        return bool(found == f"{resource_type}/{referred(value, resource_type)}")

    return to


def of_patient(value: str) -> Q:
    """Ask for the rows of a person, under whichever of their records."""
    try:
        person = registry.person_of(UUID(referred(value, "Patient")))
    except ValueError:
        return NOBODY
    return Q(person__in=list(registry.records_of([person])))


def has_id(value: str) -> Q:
    """Ask for a row by its id."""
    try:
        return Q(pk=UUID(value))
    except ValueError:
        return NOBODY


def patient_named(body: Json, name: str) -> UUID:
    """Give the person whom a resource that came in is about. Raises ElementNeeded."""
    try:
        return UUID(referred(part(body, name, "reference") or "", "Patient"))
    except ValueError as error:
        raise ElementNeeded(element=f"{name}.reference") from error


def encounter_named(body: Json, person: UUID) -> UUID | None:
    """Give the contact that a resource that came in belongs to, if it names one.

    Raises ElementNeeded, OtherPerson.
    """
    text = part(body, "encounter", "reference")
    if not text:
        return None
    try:
        contact = UUID(referred(text, "Encounter"))
    except ValueError as error:
        raise ElementNeeded(element="encounter.reference") from error
    if registry.person_of(queries.whose(contact)) != registry.person_of(person):
        raise OtherPerson
    return contact


def day_of(text: Any, element: str) -> date:
    """Give the day of a date, or of a moment as it is here. Raises ElementNeeded, DayImpossible."""
    if not text:
        raise ElementNeeded(element=element)
    try:
        moment = parse_datetime(str(text)) if "T" in str(text) else None
        if moment is not None:
            return timezone.localtime(moment).date()
        return date.fromisoformat(str(text))
    except (ValueError, OverflowError) as error:
        raise DayImpossible(given=str(text)[:40]) from error


def known(given: str, element: str, codes: Iterable[str]) -> str:
    """Give a code, if it is one of these. Raises CodeNotKnown."""
    if given not in (known := list(codes)):
        raise CodeNotKnown(given=given[:60], element=element, known=", ".join(known))
    return given
