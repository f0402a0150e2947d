"""What a supervisor should look at in interviews: named reasons, never a rank of people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from statistics import median

EARTH_KM = 6371.0
SAME_ANSWERS = 3
Position = tuple[float, float]


class Reason(StrEnum):
    """Why an interview is pointed out."""

    TOO_SHORT = "too_short"
    MANY_THAT_DAY = "many_that_day"
    FAR_AWAY = "far_away"
    NO_POSITION = "no_position"
    SAME_ANSWERS = "same_answers"


@dataclass(frozen=True, slots=True)
class Interview:
    """What is looked at: who held it, where, when, for how long, and the answers."""

    key: str
    enumerator: str
    village: str
    day: date
    minutes: float | None
    position: Position | None
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond which an interview is pointed out (`policy/fieldwork`)."""

    shortest_minutes: int
    most_a_day: int
    farthest_km: int


def outliers(interviews: Sequence[Interview], limits: Limits) -> dict[str, list[Reason]]:
    """Give the interviews that stand out, by key, each with every reason."""
    a_day = Counter((one.enumerator, one.day) for one in interviews)
    middles = _middles(interviews)
    alike = _alike(interviews)
    found: dict[str, list[Reason]] = {}
    for one in interviews:
        holds = {
            Reason.TOO_SHORT: one.minutes is not None and one.minutes < limits.shortest_minutes,
            Reason.MANY_THAT_DAY: a_day[one.enumerator, one.day] > limits.most_a_day,
            Reason.FAR_AWAY: _is_far(one, middles, limits.farthest_km),
            Reason.NO_POSITION: one.position is None,
            Reason.SAME_ANSWERS: one.key in alike,
        }
        if reasons := [reason for reason, held in holds.items() if held]:
            found[one.key] = reasons
    return found


def distance_km(a: Position, b: Position) -> float:
    """Give the distance of two positions (latitude, longitude in degrees) on the globe."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(radians, point)) for point in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _middles(interviews: Iterable[Interview]) -> dict[str, Position]:
    """Give the middle (median) of the positions of each village that has at least three."""
    held: dict[str, list[Position]] = defaultdict(list)
    for one in interviews:
        if one.position is not None:
            held[one.village].append(one.position)
    return {
        village: (median(p[0] for p in points), median(p[1] for p in points))
        for village, points in held.items()
        if len(points) >= 3
    }


def _is_far(one: Interview, middles: Mapping[str, Position], farthest: int) -> bool:
    middle = middles.get(one.village)
    return (
        one.position is not None
        and middle is not None
        and distance_km(one.position, middle) > farthest
    )


def _alike(interviews: Iterable[Interview]) -> set[str]:
    """Give the interviews of one enumerator and day that have the very same answers as others."""
    held: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for one in interviews:
        if one.answers:
            answers = tuple(sorted(one.answers.items()))
            held[one.enumerator, one.day, answers].append(one.key)
    return {key for keys in held.values() if len(keys) >= SAME_ANSWERS for key in keys}
