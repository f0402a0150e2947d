"""Where villages are, from a file."""

from typing import IO

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.spreadsheets import read_rows
from spean.locations.models import Level, Place, VillagePoint
from spean.locations.rules import LATITUDES, LONGITUDES

COLUMNS = ("village_code", "latitude", "longitude")


class PointWrong(SpeanError):
    """Refuse a file with a row that places no village in Cambodia."""

    code = "locations.point_wrong"
    message = N_(
        "Row %(row)s places no village: %(text)s. Write a village's code of 8 digits, its latitude "
        "from 9.5 to 15 and its longitude from 102 to 108. Nothing was changed."
    )
    field = "file"


@transaction.atomic
def place_villages(*, file: IO[bytes], name: str, source: str, by: Actor) -> int:
    """Take in where villages are, all rows or none; give their number.

    A village that had a point gets the new one. Raises NotAllowed, PointWrong, FileRefused.
    """
    access.require(by, "locations.import", area="")
    villages = dict(
        Place.objects.filter(level=Level.VILLAGE, end__isnull=True).values_list("code", "pk")
    )
    points = {}
    for row in read_rows(file, name, required=COLUMNS):
        code, *degrees = (row.values[column] for column in COLUMNS)
        try:
            latitude, longitude = map(float, degrees)
            points[villages[code]] = VillagePoint(
                place_id=villages[code], latitude=latitude, longitude=longitude, source=source[:200]
            )
        except (ValueError, KeyError) as error:
            raise PointWrong(row=row.number, text=f"{code} {' '.join(degrees)}"[:80]) from error
        if not (_within(latitude, LATITUDES) and _within(longitude, LONGITUDES)):
            raise PointWrong(row=row.number, text=f"{code} {latitude} {longitude}")
    VillagePoint.objects.bulk_create(
        points.values(), update_conflicts=True, unique_fields=["place"],
        update_fields=["latitude", "longitude", "source"], batch_size=5000,
    )  # fmt: skip
    audit.write(by=by, action="locations.place_villages", subject=("locations.place", ""),
                villages=len(points), source=source[:200])  # fmt: skip
    return len(points)


def _within(degrees: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= degrees <= bounds[1]
