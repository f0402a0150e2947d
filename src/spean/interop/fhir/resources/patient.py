"""Patient: a person of the registry, with where they live and the numbers that they show."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from spean.interop.fhir import dates
from spean.interop.fhir.datatypes import (
    GAZETTEER,
    SPEAN,
    concept,
    filled,
    identifier,
    in_language,
    period,
    reference,
)
from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Right
from spean.kernel.access import Purpose
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.locations import queries as locations
from spean.registry import queries
from spean.registry.queries import Household, Identifier, Person

NUMBERS = f"{SPEAN}/id/"
KINDS = f"{SPEAN}/CodeSystem/identifier-kind"
MOST_PLACES = 200


class ChangesAreProposed(SpeanError):
    """Refuse to write a person's record from outside."""

    code = "interop.fhir_changes_are_proposed"
    message = N_(
        "The registry is not changed over FHIR: propose a change at /api/v1/registry/changes, "
        "which the commune decides."
    )
    status = 405
    issue = "not-supported"


def _read(patient_id: str, asking: Asking) -> Person:
    try:
        person_id = UUID(patient_id)
    except ValueError as error:
        raise NotFound from error
    return queries.person_on_record(person_id, by=asking.by)


def _search(search: Search, asking: Asking) -> Found:
    by = {
        "_id": _has_id,
        "_lastUpdated": lambda value: dates.at(value, moment="recorded_at"),
        "identifier": _has_number,
        "name": lambda value: queries.is_named(value, by=asking.by),
        "birthdate": lambda value: dates.born(
            value, day="birth_date", precision="birth_date_precision"
        ),
        "gender": lambda value: Q(sex=token(value)[1]),
        "address": lambda value: queries.lives_in(_codes(value, asking), by=asking.by),
    }
    return [Rows(narrowed(queries.people_on_record(by=asking.by), search, by))]


def _has_id(value: str) -> Q:
    try:
        return Q(pk=UUID(value))
    except ValueError:
        return Q(pk__in=[])


def _has_number(value: str) -> Q:
    """Ask for a number; of one kind, where its system is given."""
    system, number = token(value)
    if system is None:
        return queries.holds_number(number)
    kind = system.removeprefix(NUMBERS).replace("-", "_")
    return queries.holds_number(number, kind) if system.startswith(NUMBERS) else Q(pk__in=[])


def _codes(value: str, asking: Asking) -> list[str]:
    """Give the codes of the places that are named so, or the code itself."""
    if value.isdigit():
        return [value]
    return [p.code for p in locations.search_places(value, on=asking.on, limit=MOST_PLACES)]


def _seen(people: Sequence[Person], asking: Asking) -> None:
    queries.note_people_read(people, by=asking.by)


def _to_fhir(person: Person, asking: Asking) -> Json:
    home = queries.home(person) if person.homes else None
    numbers = [*person.numbers, *(home.numbers if home else ())]
    return filled(
        id=str(person.pk),
        meta={"lastUpdated": person.recorded_at.isoformat()},
        identifier=[_identifier(number, asking) for number in numbers],
        name=_names(person),
        telecom=[{"system": "phone", "value": person.phone}] if person.phone else [],
        gender=person.sex,
        deceasedDateTime=person.death_date and person.death_date.isoformat(),
        address=[_address(home)] if home else [],
        link=_links(person),
        **_birth(person),
    ) | {"active": person.merged_into_id is None}


def _identifier(number: Identifier, asking: Asking) -> Json:
    kind = number.kind.replace("_", "-")
    over = number.end is not None and number.end <= asking.on
    return identifier(
        f"{NUMBERS}{kind}",
        number.value,
        use="old" if over else "official",
        type=concept(KINDS, kind),
        period=period(number.start, number.end),
    )


def _names(person: Person) -> list[Json]:
    scripts = (
        ("km", person.family_name_km, person.given_name_km),
        ("en", person.family_name_latin, person.given_name_latin),
    )
    return [
        filled(
            extension=in_language(language),
            use="official",
            text=f"{family} {given}".strip(),
            family=family,
            given=[given] if given else [],
        )
        for language, family, given in scripts
        if family or given
    ]


def _birth(person: Person) -> Json:
    """Write as much of the birth date as is known; where it was estimated, say so."""
    digits = {"exact": 10, "month": 7}.get(person.birth_date_precision, 4)
    written: Json = {"birthDate": person.birth_date.isoformat()[:digits]}
    if person.birth_date_precision == "estimated":
        url = f"{SPEAN}/StructureDefinition/estimated-from-age"
        written["_birthDate"] = {"extension": [{"url": url, "valueBoolean": True}]}
    return written


def _address(home: Household) -> Json:
    """Write the village and what holds it, in Khmer, with the official code."""
    village = home.village
    commune, district, province = village.holders
    code = {"system": GAZETTEER, "code": village.code, "display": village.name_en}
    lines = [home.address] if home.address else []
    return filled(
        extension=[{"url": f"{SPEAN}/StructureDefinition/place", "valueCoding": code}],
        use="home",
        type="physical",
        text=", ".join([*lines, village.name_km, *(p.name_km for p in village.holders)]),
        line=[*lines, village.name_km],
        city=commune.name_km,
        district=district.name_km,
        state=province.name_km,
        country="KH",
    )


def _links(person: Person) -> list[Json]:
    """Write which record took this one's place, and whose place this one took."""
    links = [
        {"other": reference("Patient", str(other.pk)), "type": "replaces"}
        for other in sorted(person.merged.all(), key=lambda other: str(other.pk))
    ]
    if person.merged_into_id:
        kept = reference("Patient", str(person.merged_into_id))
        links.append({"other": kept, "type": "replaced-by"})
    return links


CARE = (Purpose.CARE,)
PATIENT = Resource(
    type="Patient",
    about="A person of the registry. Search by _search (POST): names and numbers stay out of logs.",
    rights={
        "read": Right("registry.view_household", CARE),
        "search": Right("registry.search", CARE),
    },
    parameters=(
        Parameter("_id", "token", "The id of a Patient"),
        Parameter("_lastUpdated", "date", "When the record of the person or household changed"),
        Parameter("identifier", "token", "A number, with or without its system; a card's as well"),
        Parameter("name", "string", "Any names in either script and any order, as they sound"),
        Parameter("birthdate", "date", "Compared as precisely as the date of birth is known"),
        Parameter("gender", "token", "female or male"),
        Parameter("address", "string", "The code or a part of the name of a place of any level"),
    ),
    read=_read,
    search=_search,
    seen=_seen,
    to_fhir=_to_fhir,
    refusal=ChangesAreProposed,
    count_needs=("_id", "identifier", "name", "address"),
)
