"""Organization: the Ministry of Health, its facilities, and the health schemes, which pay."""

from typing import Any

from django.db.models import Q

from spean.health_equity import queries as schemes
from spean.interop.fhir.datatypes import (
    FACILITIES,
    SPEAN,
    concept,
    filled,
    identifier,
    part,
    reference,
)
from spean.interop.fhir.paging import Few, Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.payers import SCHEMES, payer_id
from spean.interop.fhir.resource import OPEN, Asking, Json, Parameter, Resource
from spean.kernel.i18n import in_both_languages
from spean.locations import queries
from spean.locations.queries import Facility, UnknownFacility

LEVELS = f"{SPEAN}/CodeSystem/facility-level"
PROVIDER = "http://terminology.hl7.org/CodeSystem/organization-type"
MINISTRY: Json = {
    "id": "moh",
    "active": True,
    "type": [concept(PROVIDER, "govt", "Government")],
    "name": "ក្រសួងសុខាភិបាល",
    "alias": ["Ministry of Health"],
}


def _read(organization_id: str, asking: Asking) -> Any:
    for one in (MINISTRY, *_payers()):
        if one["id"] == organization_id:
            return one
    found = queries.facility_ever(organization_id, asking.on)
    if found is None:
        raise UnknownFacility(facility=organization_id, on=asking.on.isoformat())
    return found


def _search(search: Search, asking: Asking) -> Found:
    by = {
        "_id": lambda value: Q(code=value),
        "identifier": has_code(FACILITIES),
        "name": named,
        "type": lambda value: queries.working_at(token(value)[1], asking.on),
        "partof": lambda value: EVERYBODY if referred(value, "Organization") == "moh" else NOBODY,
    }
    facilities = Rows(narrowed(queries.facilities(asking.on), search, by), key="code")
    return [Few(_standing(search)), facilities]


NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY  # an empty Q finds nothing beside another value


def _payers() -> list[Json]:
    """Write the health schemes that pay for care."""
    return [
        {
            "id": payer_id(scheme),
            "identifier": [identifier(SCHEMES, str(scheme))],
            "active": True,
            "type": [concept(PROVIDER, "pay", "Payer")],
            "name": words["km"],
            "alias": [words["en"]],
        }
        for scheme in schemes.CLAIMED
        for words in [in_both_languages({"message": schemes.SchemeName(scheme).label})]
    ]


def _standing(search: Search) -> list[Json]:
    """Give those that are no facility and that a search finds: the ministry, the schemes."""
    return [
        one
        for one in (MINISTRY, *_payers())
        if all(any(_is(one, name, value) for value in values) for name, values in search.given)
    ]


def _is(one: Json, parameter: str, value: str) -> bool:
    if parameter == "_id":
        return bool(value == one["id"])
    if parameter == "name":
        names = [one["name"], *one["alias"]]
        return any(name.casefold().startswith(value.casefold()) for name in names)
    if parameter == "type":
        return bool(token(value)[1] == part(one, "type", 0, "coding", 0, "code"))
    system, number = token(value)
    return (
        parameter == "identifier"
        and system in (None, SCHEMES)
        and number == part(one, "identifier", 0, "value")
    )


def named(value: str) -> Q:
    """Ask for a name in either language that begins so."""
    return Q(name_km__startswith=value) | Q(name_en__istartswith=value)


def has_code(system: str) -> Any:
    """Give the condition of an official code, whose system is this one."""

    def asked(value: str) -> Q:
        of, code = token(value)
        return Q(code=code) if of in (None, system) else NOBODY

    return asked


def level(facility: Facility) -> list[Json]:
    """Write the level at which a facility works."""
    now = queries.level_of(facility)
    return [concept(LEVELS, now.kind)] if now else []


def _to_fhir(row: Any, asking: Asking) -> Json:
    if isinstance(row, dict):
        return dict(row)
    return filled(
        id=row.code,
        identifier=[identifier(FACILITIES, row.code)],
        type=[concept(PROVIDER, "prov", "Healthcare Provider"), *level(row)],
        name=row.name_km,
        alias=[row.name_en],
        partOf=reference("Organization", "moh"),
    ) | {"active": row.end is None or row.end > asking.on}


ORGANIZATION = Resource(
    type="Organization",
    about="The Ministry of Health, its facilities by their official codes, and the health schemes "
    "that pay. Public.",
    rights={"read": OPEN, "search": OPEN},
    parameters=(
        Parameter("_id", "token", "The code of a facility, moh, or scheme-<code>"),
        Parameter("identifier", "token", "The official code of a facility or of a scheme"),
        Parameter("name", "string", "The beginning of the name, in Khmer or in Latin letters"),
        Parameter(
            "type", "token", "health_post, health_centre, cpa1, cpa2, cpa3, national, govt, pay"
        ),
        Parameter("partof", "reference", "Organization/moh"),
    ),
    read=_read,
    search=_search,
    to_fhir=_to_fhir,
)
