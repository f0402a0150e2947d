"""What an area is drawn upon: degrees, the provinces' names, and the villages whose point is known.

A plain map without tiles: nothing is fetched from elsewhere. One unit is a thousandth of a degree,
from the north-west corner.
"""

from dataclasses import dataclass
from datetime import date

from spean.locations import queries as locations
from spean.shocks.rules import EAST, NORTH, SOUTH, WEST

UNITS = 1000
# Latitude and longitude of each province's town, in degrees: they say on the map where one is.
TOWNS = {
    "01": (13.59, 102.97), "02": (13.10, 103.20), "03": (11.99, 105.46), "04": (12.25, 104.67),
    "05": (11.45, 104.52), "06": (12.71, 104.89), "07": (10.61, 104.18), "08": (11.40, 105.05),
    "09": (11.62, 102.98), "10": (12.49, 106.02), "11": (12.46, 107.19), "12": (11.56, 104.92),
    "13": (13.81, 104.98), "14": (11.49, 105.33), "15": (12.54, 103.92), "16": (13.74, 106.99),
    "17": (13.36, 103.86), "18": (10.63, 103.52), "19": (13.53, 105.97), "20": (11.09, 105.80),
    "21": (10.99, 104.79), "22": (14.18, 103.52), "23": (10.48, 104.32), "24": (12.85, 102.61),
    "25": (11.91, 105.66),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A text on the map, and where."""

    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The map: its size, lines of whole degrees, names, and the villages as one path of dots."""

    west: float
    north: float
    width: int
    height: int
    meridians: tuple[Mark, ...]
    parallels: tuple[Mark, ...]
    provinces: tuple[Mark, ...]
    villages: str
    known: int


def base_map(*, on: date) -> BaseMap:
    """Give the map of the country."""
    points = [_place(*point) for _code, *point in sorted(locations.village_points())]
    names = dict(locations.names(TOWNS, on=on))
    width, height = _place(SOUTH, EAST)
    return BaseMap(
        west=WEST, north=NORTH, width=width, height=height,
        meridians=tuple(Mark(str(degree), _place(NORTH, degree)[0], 0)
                        for degree in range(int(WEST), int(EAST) + 1)),
        parallels=tuple(Mark(str(degree), 0, _place(degree, WEST)[1])
                        for degree in range(int(SOUTH) + 1, int(NORTH) + 1)),
        provinces=tuple(Mark(names[code], *_place(*town)) for code, town in TOWNS.items()
                        if names[code] != code),
        villages=_dots(points), known=len(points),
    )  # fmt: skip


def _place(latitude: float, longitude: float) -> tuple[int, int]:
    return round((longitude - WEST) * UNITS), round((NORTH - latitude) * UNITS)


def _dots(points: list[tuple[int, int]]) -> str:
    """Write dots as lines of no length, each from its neighbour's place: half the size."""
    moves, x, y = [], 0, 0
    for to_x, to_y in points:
        moves.append(f"m{to_x - x} {to_y - y}h0")
        x, y = to_x, to_y
    return "".join(moves)
