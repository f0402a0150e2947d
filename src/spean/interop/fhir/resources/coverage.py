"""Coverage: what a health scheme says of a person today, for each scheme with a ground for them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q

from spean.health_equity import queries
from spean.health_equity.queries import Held
from spean.interop.fhir.datatypes import SPEAN, concept, filled, identifier, period, reference
from spean.interop.fhir.errors import FhirError
from spean.interop.fhir.paging import Few, Found
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.payers import coverage_id, insurer, person_covered
from spean.interop.fhir.resource import Asking, Json, Parameter, Resource, Right
from spean.interop.fhir.resources.patient import CARE, NUMBERS
from spean.kernel.errors import N_, NotFound
from spean.registry import queries as registry
from spean.registry.queries import Person

GROUPS = f"{SPEAN}/CodeSystem/scheme-group"
CLASSES = "http://terminology.hl7.org/CodeSystem/coverage-class"
NUMBER = f"{NUMBERS}scheme-number"
CARD, CARD_KIND = f"{NUMBERS}equity-card", "equity_card"
NAMING = ("_id", "beneficiary", "patient", "identifier")
Row: TypeAlias = tuple[Held, Sequence[str]]


class SearchTooWide(FhirError):
    """Refuse to list the cover of a nation."""

    code = "interop.fhir_search_too_wide"
    message = N_("This would find too much. Narrow the search by one of: %(parameters)s.")
    issue = "too-costly"


def _read(coverage: str, asking: Asking) -> Row:
    try:
        person_id = UUID(person_covered(coverage))
    except ValueError as error:
        raise NotFound from error
    person = registry.person_on_record(person_id, by=asking.by)
    for row in _rows([person], asking):
        if _id(row) == coverage:
            queries.note_covers_read([row[0]], by=asking.by)
            return row
    raise NotFound


def _rows(people: Iterable[Person], asking: Asking) -> list[Row]:
    """Give the covers of people, each with the cards of the household."""
    cards = {person.pk: _cards(person) for person in people}
    held = queries.covers_held(cards, by=asking.by, on=asking.on)
    return [(one, cards[one.person.pk]) for one in held]


def _cards(person: Person) -> list[str]:
    if not person.homes:
        return []
    return [one.value for one in registry.home(person).numbers if one.kind == CARD_KIND]


def _search(search: Search, asking: Asking) -> Found:
    if not search.asks(*NAMING):
        raise SearchTooWide(parameters=", ".join(NAMING))
    people = narrowed(
        registry.people_on_record(by=asking.by),
        replace(search, given=tuple(one for one in search.given if one[0] in NAMING)),
        _PEOPLE,
    )
    rows = _rows(people, asking)
    for name, values in search.given:
        rows = [row for row in rows if any(_HOLDS[name](row, value) for value in values)]
    return [Few(rows)]


def _patient(value: str) -> Q:
    try:
        return Q(pk=UUID(referred(value, "Patient")))
    except ValueError:
        return Q(pk__in=[])


def _with_number(value: str) -> Q:
    number = token(value)[1]
    return queries.has_scheme_number(number) | registry.holds_number(number, CARD_KIND)


_PEOPLE: Mapping[str, Callable[[str], Q]] = {
    "_id": lambda value: _patient(person_covered(value)),
    "beneficiary": _patient,
    "patient": _patient,
    "identifier": _with_number,
}


def _holds_number(row: Row, value: str) -> bool:
    system, number = token(value)
    return any(
        system in (None, one["system"]) and _plain(one["value"]) == _plain(number)
        for one in _identifiers(row)
    )


def _plain(number: str) -> str:
    return re.sub(r"[\s-]", "", number).upper()


_HOLDS: Mapping[str, Callable[[Row, str], bool]] = {
    "_id": lambda row, value: _id(row) == value,
    "beneficiary": lambda row, value: True,
    "patient": lambda row, value: True,
    "identifier": _holds_number,
    "status": lambda row, value: _status(row[0]) == token(value)[1],
}


def _id(row: Row) -> str:
    return coverage_id(row[0].cover.scheme, row[0].person.pk)


def _status(held: Held) -> str:
    return "active" if held.cover.outcome is queries.Outcome.COVERED else "cancelled"


def _identifiers(row: Row) -> list[Json]:
    """Write the scheme's own number; the cards of the household for the Fund."""
    held, cards = row
    if held.cover.scheme is queries.Scheme.HEF:
        return [identifier(CARD, number) for number in cards]
    return [identifier(NUMBER, held.number)] if held.number else []


def _to_fhir(row: Row, asking: Asking) -> Json:
    cover = row[0].cover
    group = {"type": concept(CLASSES, "group"), "value": str(cover.group)}
    return filled(
        id=_id(row),
        identifier=_identifiers(row),
        status=_status(row[0]),
        type=concept(GROUPS, str(cover.group)),
        beneficiary=reference("Patient", str(row[0].person.pk)),
        period=period(cover.since, cover.until),
        payor=[insurer(cover.scheme)],
        **{"class": [group]},
    )


def _seen(rows: Sequence[Row], asking: Asking) -> None:
    queries.note_covers_read([held for held, _ in rows], by=asking.by)


CHECK = Right(queries.CHECK, CARE)
COVERAGE = Resource(
    type="Coverage",
    about="What a scheme says of a person today: active where it pays, else cancelled.",
    rights={"read": CHECK, "search": CHECK},
    parameters=(
        Parameter("_id", "token", "The id of a Coverage"),
        Parameter("beneficiary", "reference", "The person"),
        Parameter("patient", "reference", "The person"),
        Parameter("identifier", "token", "An equity card, or the person's number in a scheme"),
        Parameter("status", "token", "active or cancelled, by the cover of today"),
    ),
    read=_read,
    search=_search,
    seen=_seen,
    to_fhir=_to_fhir,
)
