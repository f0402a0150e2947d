"""The gazetteer and the health facilities for other systems; both are public information."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, page_of
from spean.locations import queries
from spean.locations.models import Facility

router = Router(tags=["locations"])

LevelName = Literal["province", "district", "commune", "village"]
Code = Annotated[str, Query(pattern=access.AREA, description="0 to 8 digits, as text")]


class PlaceOut(Schema):
    """A place under its official code."""

    code: str
    level: LevelName
    name_km: str
    name_en: str
    start: date
    end: date | None


class PlaceWithPath(PlaceOut):
    """A place, with the places that hold it (province first) and its class."""

    path: list[PlaceOut]
    area_class: str | None


class FacilityOut(Schema):
    """A health facility, where it stands and at which level it works."""

    code: str
    name_km: str
    name_en: str
    level: str | None
    operational_district: str
    place: str
    phone: str
    start: date
    end: date | None


@router.get("/places", response={200: Page[PlaceOut], **PROBLEMS})
@access.signed_in(Purpose.STATISTICS)
def places(
    request: HttpRequest,
    level: LevelName | None = None,
    parent: Code | None = None,
    on: date | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[PlaceOut]:
    """List the places valid on a day (today) by code: of a level, under a place, or both.

    With `parent` alone: the places directly under it. With neither: every place.
    """
    rows, following = page_of(
        queries.places(level, parent, on=on or timezone.localdate()),
        cursor=cursor, limit=limit, key="code",
    )  # fmt: skip
    return Page[PlaceOut](items=[PlaceOut.from_orm(row) for row in rows], next=following)


@router.get("/places/{code}", response={200: PlaceWithPath, **PROBLEMS})
@access.signed_in(Purpose.STATISTICS)
def place(request: HttpRequest, code: str, on: date | None = None) -> PlaceWithPath:
    """Give the place that has a code on a day (today), with what holds it.

    A code that has ended is a problem whose detail names its successors.
    """
    day = on or timezone.localdate()
    found = queries.place(code, day)
    of_area = queries.area_class(code, day)
    return PlaceWithPath(
        **PlaceOut.from_orm(found).model_dump(),
        path=[PlaceOut.from_orm(step) for step in queries.path(code, day)[:-1]],
        area_class=of_area.kind if of_area else None,
    )


@router.get("/facilities", response={200: Page[FacilityOut], **PROBLEMS})
@access.signed_in(Purpose.STATISTICS)
def facilities(
    request: HttpRequest,
    area: Code = "",
    on: date | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[FacilityOut]:
    """List the health facilities of a day (today), in an area, by code."""
    rows, following = page_of(
        queries.facilities(on or timezone.localdate(), area=area),
        cursor=cursor, limit=limit, key="code",
    )  # fmt: skip
    return Page[FacilityOut](items=[_facility(row) for row in rows], next=following)


@router.get("/facilities/{code}", response={200: FacilityOut, **PROBLEMS})
@access.signed_in(Purpose.STATISTICS)
def facility(request: HttpRequest, code: str, on: date | None = None) -> FacilityOut:
    """Give the health facility that has a code on a day (today)."""
    return _facility(queries.facility(code, on or timezone.localdate()))


@router.get("/villages/{code}/facilities", response={200: list[FacilityOut], **PROBLEMS})
@access.signed_in(Purpose.STATISTICS)
def facilities_of(request: HttpRequest, code: str, on: date | None = None) -> list[FacilityOut]:
    """Give the facilities that serve a village on a day (today), the first to go to first."""
    day = on or timezone.localdate()
    village = queries.place(code, day)
    return [_facility(row) for row in queries.facilities_of(village.code, day)]


def _facility(facility: Facility) -> FacilityOut:
    level = queries.level_of(facility)
    return FacilityOut(
        code=facility.code, name_km=facility.name_km, name_en=facility.name_en,
        level=level.kind if level else None,
        operational_district=facility.operational_district.code,
        place=facility.place.code, phone=facility.phone, start=facility.start, end=facility.end,
    )  # fmt: skip
