"""How far villages lie from care, as the crow flies."""

from datetime import date

from django.db import connection

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
