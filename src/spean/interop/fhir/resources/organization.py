"""Organization: the Ministry of Health and its facilities."""

from typing import Any

from django.db.models import Q

from spean.interop.fhir.datatypes import FACILITIES, SPEAN, concept, filled, identifier, reference
from spean.interop.fhir.paging import Few, Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.resource import OPEN, Asking, Json, Parameter, Resource
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
    if organization_id == MINISTRY["id"]:
        return MINISTRY
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
        "partof": lambda value: Q() if referred(value, "Organization") == "moh" else NOBODY,
    }
    facilities = Rows(narrowed(queries.facilities(asking.on), search, by), key="code")
    return [Few([MINISTRY] if _is_ministry(search) else []), facilities]


NOBODY = Q(pk__in=[])


def _is_ministry(search: Search) -> bool:
    """Say whether a search finds the ministry: by its id, its name, or by nothing at all."""
    names = [MINISTRY["name"], *MINISTRY["alias"]]
    for parameter, values in search.given:
        if parameter == "_id":
            found = MINISTRY["id"] in values
        elif parameter == "name":
            found = any(n.casefold().startswith(v.casefold()) for n in names for v in values)
        else:
            found = parameter == "type" and any(token(value)[1] == "govt" for value in values)
        if not found:
            return False
    return True


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
    if row is MINISTRY:
        return dict(MINISTRY)
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
    about="The Ministry of Health and its facilities, by their official codes. Public.",
    rights={"read": OPEN, "search": OPEN},
    parameters=(
        Parameter("_id", "token", "The code of a facility, or moh"),
        Parameter("identifier", "token", "The official code of a facility"),
        Parameter("name", "string", "The beginning of the name, in Khmer or in Latin letters"),
        Parameter("type", "token", "health_post, health_centre, cpa1, cpa2, cpa3, national, govt"),
        Parameter("partof", "reference", "Organization/moh"),
    ),
    read=_read,
    search=_search,
    to_fhir=_to_fhir,
)
