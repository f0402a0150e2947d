"""How far villages lie from care, as the crow flies."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from math import asin, cos, radians, sin, sqrt

from django.db import connection
from django.db.models import Avg
from django.db.models.functions import Left

from spean.locations.models import VillagePoint

EARTH_KM = 6371
Point = tuple[float, float]  # latitude and longitude, in degrees

# A facility stands where its village's point is, or amid the villages of its commune. Each village
# is held against the facilities that serve it, of which the nearest counts.
TO_CARE = """
WITH seat AS (
    SELECT facility.id, avg(point.latitude) AS lat, avg(point.longitude) AS lon
    FROM locations_facility facility
    JOIN locations_place village
      ON village.id = facility.place_id OR village.parent_id = facility.place_id
    JOIN locations_villagepoint point ON point.place_id = village.id
    WHERE facility.start <= %(on)s AND (facility."end" IS NULL OR facility."end" > %(on)s)
    GROUP BY facility.id
), served AS (
    SELECT village.id, village.code, catchment.facility_id
    FROM locations_catchment catchment
    JOIN locations_place village
      ON village.id = catchment.place_id OR village.parent_id = catchment.place_id
    WHERE village.level = 'village' AND starts_with(village.code, %(area)s)
      AND catchment.start <= %(on)s AND (catchment."end" IS NULL OR catchment."end" > %(on)s)
)
SELECT served.code,
       min(2 * 6371 * asin(sqrt(least(1,
           sin(radians(seat.lat - point.latitude) / 2) ^ 2
           + cos(radians(seat.lat)) * cos(radians(point.latitude))
             * sin(radians(seat.lon - point.longitude) / 2) ^ 2))))
FROM served
JOIN locations_villagepoint point ON point.place_id = served.id
JOIN seat ON seat.id = served.facility_id
GROUP BY served.code
"""


def to_care(*, on: date, area: str = "") -> dict[str, float]:
    """Give the km from each village to the nearest facility that serves it, by the village's code.

    A village is left out where its point, its facilities or theirs aren't known.
    """
    with connection.cursor() as cursor:
        cursor.execute(TO_CARE, {"on": on, "area": area})
        return dict(cursor.fetchall())


def points(codes: Iterable[str]) -> dict[str, Point]:
    """Give where places of any level lie: a village's own point, else amid its villages' points.

    One query for each level asked; a place of which no village's point is known is left out.
    """
    by_length: defaultdict[int, set[str]] = defaultdict(set)
    for code in codes:
        by_length[len(code)].add(code)
    found: dict[str, Point] = {}
    for length, asked in by_length.items():
        rows = VillagePoint.objects.annotate(code=Left("place__code", length))
        amid = rows.filter(code__in=asked, place__end__isnull=True).values("code")
        for row in amid.annotate(lat=Avg("latitude"), lon=Avg("longitude")):
            found[row["code"]] = (row["lat"], row["lon"])
    return found


def km_between(one: Point, other: Point) -> float:
    """Give the km between two points, as the crow flies (haversine)."""
    (lat, lon), (to_lat, to_lon) = (tuple(map(radians, point)) for point in (one, other))
    a = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, a)))
