"""Location: the places of the gazetteer, and where the health facilities stand."""

from typing import Any

from django.db.models import Q

from spean.interop.fhir.datatypes import (
    FACILITIES,
    GAZETTEER,
    SPEAN,
    concept,
    filled,
    identifier,
    reference,
)
from spean.interop.fhir.paging import Found, Rows
from spean.interop.fhir.parameters import Search, narrowed, token
from spean.interop.fhir.parameters import reference as referred
from spean.interop.fhir.resource import OPEN, Asking, Json, Parameter, Resource
from spean.interop.fhir.resources.organization import NOBODY, has_code, level, named
from spean.locations import queries
from spean.locations.queries import Facility, Place, UnknownPlace

KINDS = "http://terminology.hl7.org/CodeSystem/location-physical-type"
LEVELS = f"{SPEAN}/CodeSystem/place-level"
OF_FACILITY = "facility-"  # a facility's code may look like a place's


def _read(location_id: str, asking: Asking) -> Any:
    if location_id.startswith(OF_FACILITY):
        found: Any = queries.facility_ever(location_id.removeprefix(OF_FACILITY), asking.on)
    else:
        found = queries.place_ever(location_id)
    if found is None:
        raise UnknownPlace(place=location_id, on=asking.on.isoformat())
    return found


def _search(search: Search, asking: Asking) -> Found:
    places = queries.places_with_points(asking.on)
    facilities = queries.facilities(asking.on)
    by_place = {
        "_id": lambda value: Q(code=value),
        "identifier": has_code(GAZETTEER),
        "name": named,
        "type": lambda value: Q(level=token(value)[1]),
        "partof": lambda value: Q(parent__code=referred(value, "Location")),
        "organization": lambda value: NOBODY,
    }
    by_facility = {
        "_id": _facility_id,
        "identifier": has_code(FACILITIES),
        "name": named,
        "type": lambda value: queries.working_at(token(value)[1], asking.on),
        "partof": lambda value: Q(place__code=referred(value, "Location")),
        "organization": lambda value: Q(code=referred(value, "Organization")),
    }
    return [
        Rows(narrowed(places, search, by_place), key="code"),
        Rows(narrowed(facilities, search, by_facility), key="code"),
    ]


def _facility_id(value: str) -> Q:
    code = value.removeprefix(OF_FACILITY)
    return Q(code=code) if code != value else NOBODY


def _to_fhir(row: Place | Facility, asking: Asking) -> Json:
    return {
        "mode": "instance",
        "status": "inactive" if row.end and row.end <= asking.on else "active",
    } | (_place(row) if isinstance(row, Place) else _facility(row))


def _place(place: Place) -> Json:
    point = getattr(place, "point", None)
    return filled(
        id=place.code,
        identifier=[identifier(GAZETTEER, place.code)],
        name=place.name_km,
        alias=[place.name_en],
        type=[concept(LEVELS, place.level)],
        physicalType=concept(KINDS, "jdn", "Jurisdiction"),
        position=point and {"longitude": point.longitude, "latitude": point.latitude},
        partOf=place.parent and reference("Location", place.parent.code, place.parent.name_en),
    )


def _facility(facility: Facility) -> Json:
    return filled(
        id=f"{OF_FACILITY}{facility.code}",
        identifier=[identifier(FACILITIES, facility.code)],
        name=facility.name_km,
        alias=[facility.name_en],
        type=level(facility),
        physicalType=concept(KINDS, "si", "Site"),
        telecom=facility.phone and [{"system": "phone", "value": facility.phone}],
        managingOrganization=reference("Organization", facility.code),
        partOf=reference("Location", facility.place.code, facility.place.name_en),
    )


LOCATION = Resource(
    type="Location",
    about="Provinces, districts, communes and villages, and health facilities. Public.",
    rights={"read": OPEN, "search": OPEN},
    parameters=(
        Parameter("_id", "token", "A place's code, or facility-<code>"),
        Parameter("identifier", "token", "The official code of a place or a facility"),
        Parameter("name", "string", "The beginning of the name, in Khmer or in Latin letters"),
        Parameter("type", "token", "province, district, commune, village, or a facility's level"),
        Parameter("partof", "reference", "The place directly above"),
        Parameter("organization", "reference", "The facility that works here"),
    ),
    read=_read,
    search=_search,
    to_fhir=_to_fhir,
)
