"""When a shock is grave enough for its plan, and which villages lie in a drawn area."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shapely import Geometry, prepare
from shapely.errors import ShapelyError
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from spean.kernel.decisions import Criterion
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import TableValue

AREAS = ("Polygon", "MultiPolygon")
# Longitude and latitude between which Cambodia lies, with some room.
WEST, SOUTH, EAST, NORTH = 102.0, 9.5, 108.0, 15.0


class Kind(StrEnum):
    """What struck."""

    FLOOD = "flood"
    DROUGHT = "drought"
    EPIDEMIC = "epidemic"
    PRICE = "price"


class NotGeoJSON(SpeanError):
    """Refuse a file that draws no area."""

    code = "shocks.not_geojson"
    message = N_(
        "This is no area in GeoJSON: %(what)s. "
        "Export it as polygons in longitude and latitude (WGS 84)."
    )
    field = "file"


@dataclass(frozen=True, slots=True)
class VillagePoint:
    """Where a village is, in degrees."""

    village: str
    latitude: float
    longitude: float


def criteria(kind: str, measures: Mapping[str, Decimal], triggers: TableValue) -> list[Criterion]:
    """Say of each trigger of a kind whether what was measured reaches it."""
    return [
        Criterion(name, (measured := measures.get(name)) is not None and measured >= least,
                  None if measured is None else f"{measured:f}", f"{least:f}", triggers.key)
        for name, least in triggers.rows[kind].items()
    ]  # fmt: skip


def villages_within(drawn: str, points: Iterable[VillagePoint]) -> list[str]:
    """Give the villages whose point lies in a drawn area (GeoJSON text). Raises NotGeoJSON."""
    area = _area(drawn)
    prepare(area)
    return sorted(p.village for p in points if area.covers(Point(p.longitude, p.latitude)))


def _area(drawn: str) -> Geometry:
    try:
        parts = [shape(one) for one in _geometries(json.loads(drawn))]
        area = unary_union([part if part.is_valid else part.buffer(0) for part in parts])
    except (ValueError, TypeError, KeyError, AttributeError, ShapelyError, RecursionError) as error:
        raise NotGeoJSON(what=type(error).__name__) from error
    if area.is_empty or not parts:
        raise NotGeoJSON(what="0 polygons")
    west, south, east, north = area.bounds
    if not (west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH):
        raise NotGeoJSON(what=f"{west:.1f} {south:.1f} – {east:.1f} {north:.1f}")
    return area


def _geometries(body: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Give the polygons of a feature collection, a feature, or a bare geometry."""
    features = body["features"] if body.get("type") == "FeatureCollection" else [body]
    found = [f["geometry"] if f.get("type") == "Feature" else f for f in features]  # type: ignore[attr-defined]
    return [one for one in found if one and one["type"] in AREAS]
