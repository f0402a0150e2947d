"""Reads of the gazetteer.

It is public information, so these queries take no actor: nothing is held back. `on` says for
which day the question is asked. There is no cache: each question is one indexed query, and a cached
place would outlive its code.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length, Replace
from django.utils.translation import gettext

from spean.kernel.errors import N_, NotFound, SpeanError
from spean.locations import rules
from spean.locations.models import (
    AreaClass,
    Level,
    Place,
    Succession,
    VillagePoint,
)


class UnknownPlace(NotFound):
    """Say that no place has this code on this day."""

    code = "locations.unknown_place"
    message = N_(
        "No place has the code “%(place)s” on %(on)s. A province has 2 digits, a district 4, "
        "a commune 6 and a village 8."
    )


class VillageNoLongerExists(SpeanError):
    """Refuse a village (or other place) whose code has ended; name what it became."""

    code = "locations.village_no_longer_exists"
    message = N_("%(place)s no longer exists since %(end)s. It is now: %(successors)s.")
    field = "village"

    def __init__(self, place: Place, successors: Sequence[Place] = ()) -> None:
        self.successors = tuple(successors)
        super().__init__(
            place=in_both_languages(place),
            end=place.end.isoformat() if place.end else "",
            successors="; ".join(map(in_both_languages, successors)),
        )


class VillageClosed(VillageNoLongerExists):
    """Refuse a place whose code has ended without a recorded successor."""

    code = "locations.village_closed"
    message = N_(
        "%(place)s no longer exists since %(end)s, and no successor is recorded. "
        "Choose the place that people now live in."
    )


def in_both_languages(place: Place) -> str:
    """Name a place by its code and both its names."""
    return f"{place.code} {place.name_km} ({place.name_en})"


def valid(on: date) -> Q:
    """Give the condition that a dated row holds on this day."""
    return Q(start__lte=on) & (Q(end__isnull=True) | Q(end__gt=on))


def place(code: str, on: date) -> Place:
    """Give the place that has this code on this day.

    Raises UnknownPlace, or VillageNoLongerExists naming the successors if the code has ended.
    """
    found = Place.objects.select_related("parent").filter(valid(on), code=code).first()
    if found is not None:
        return found
    ended = Place.objects.filter(code=code, end__lte=on).order_by("-end").first()
    if ended is None:
        raise UnknownPlace(place=code, on=on.isoformat())
    following = successors(ended, on)
    raise VillageNoLongerExists(ended, following) if following else VillageClosed(ended)


def places(
    level: str | None = None,
    parent: str | None = None,
    *,
    on: date,
    areas: Sequence[str] = ("",),
) -> QuerySet[Place]:
    """Give the places valid on a day, by code: of one level, under one place, in some areas."""
    rows = Place.objects.filter(valid(on), _in_areas(areas)).order_by("code")
    if level is not None:
        rows = rows.filter(level=level)
    if parent is not None:
        rows = rows.filter(code__startswith=parent).exclude(code=parent)
        if level is None:
            rows = rows.annotate(digits=Length("code")).filter(digits=len(parent) + 2)
    return rows


def places_with_points(on: date) -> QuerySet[Place]:
    """Give the places valid on a day, by code, each with its parent and its point on the map."""
    return places(on=on).select_related("parent", "point")


def place_ever(code: str) -> Place | None:
    """Give the place that has this code, or had it last, with its parent and its point."""
    return history(code).select_related("parent", "point").first()


def children(code: str, on: date) -> QuerySet[Place]:
    """Give the places directly under a place on a day ("" for the provinces)."""
    return places(parent=code, on=on)


def history(code: str) -> QuerySet[Place]:
    """Give every place that ever had this code, newest first."""
    return Place.objects.filter(code=code).order_by("-start")


def _in_areas(areas: Sequence[str]) -> Q:
    if "" in areas:
        return Q()
    condition = Q(pk__in=[])
    for area in areas:
        condition |= Q(code__startswith=area)
    return condition


def path(code: str, on: date) -> tuple[Place, ...]:
    """Give the places from the province down to this one, as many as are valid on the day."""
    return paths([code], on)[code]


def paths(codes: Iterable[str], on: date) -> dict[str, tuple[Place, ...]]:
    """Give the path of each code in one query (for lists)."""
    wanted = set(codes)
    steps = {code[:end] for code in wanted for end in range(2, len(code) + 1, 2)}
    by_code = {step.code: step for step in Place.objects.filter(valid(on), code__in=steps)}
    return {
        code: tuple(
            by_code[code[:end]] for end in range(2, len(code) + 1, 2) if code[:end] in by_code
        )
        for code in wanted
    }


def unknown(codes: Iterable[str], on: date) -> list[str]:
    """Give those of some codes that no place has on a day, in their order."""
    listed = list(dict.fromkeys(codes))
    known = set(Place.objects.filter(valid(on), code__in=listed).values_list("code", flat=True))
    return [code for code in listed if code not in known]


def names(codes: Iterable[str], on: date) -> list[tuple[str, str]]:
    """Give each code with its name in the reader's language: "" is the nation.

    A code that no place has on the day stands for itself.
    """
    wanted = list(codes)
    known = paths([code for code in wanted if code], on)
    named = {code: path[-1].name for code, path in known.items() if path}
    return [(code, named.get(code, code) if code else gettext("The nation")) for code in wanted]


def search_places(
    text: str,
    *,
    on: date,
    level: str | None = None,
    areas: Sequence[str] = ("",),
    limit: int = 20,
) -> list[Place]:
    """Find places by the beginning of a code (Khmer or Latin digits) or a part of a name.

    Spaces and the case of Latin letters don't count; exact names come first, then beginnings.
    """
    rows = places(level, on=on, areas=areas).select_related("parent__parent__parent")
    if code := rules.read_code(text):
        return list(rows.filter(code__startswith=code[:8])[:limit])
    sought = "".join(text.split()).strip("\u200b")
    if not sought:
        return []
    rows = rows.annotate(
        km=Replace("name_km", Value(" "), Value("")), en=Replace("name_en", Value(" "), Value(""))
    )
    rank = Case(
        When(Q(km=sought) | Q(en__iexact=sought), then=Value(0)),
        When(Q(km__startswith=sought) | Q(en__istartswith=sought), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    hits = rows.filter(Q(km__contains=sought) | Q(en__icontains=sought))
    return list(hits.annotate(rank=rank).order_by("rank", Length("code"), "code")[:limit])


def successors(ended: Place, on: date) -> tuple[Place, ...]:
    """Follow the dated acts from an ended place to the places that stand for it on a day."""
    open_places: dict[int, Place] = {}
    seen, fresh = {ended.pk}, [ended.pk]
    while fresh:
        steps = Succession.objects.filter(predecessor__in=fresh, day__lte=on)
        following = [s.successor for s in steps.select_related("successor")]
        fresh = []
        for step in following:
            if step.start <= on and (step.end is None or step.end > on):
                open_places[step.pk] = step
            elif step.pk not in seen:
                fresh.append(step.pk)
            seen.add(step.pk)
    return tuple(sorted(open_places.values(), key=lambda p: p.code))


def predecessors(place: Place) -> QuerySet[Succession]:
    """Give the acts by which other places were merged into this one, newest first."""
    return place.precessions.select_related("predecessor").order_by("-day", "predecessor__code")


def current_successor(code: str, on: date) -> Place:
    """Give the one place that stands for a code on a day: itself, or what it was merged into.

    Raises UnknownPlace; VillageNoLongerExists where several places stand for it, VillageClosed
    where none does.
    """
    try:
        return place(code, on)
    except VillageNoLongerExists as ended:
        if len(ended.successors) != 1:
            raise
        return ended.successors[0]


def village_points() -> list[tuple[str, float, float]]:
    """Give the villages whose place is known: code, latitude, longitude."""
    rows = VillagePoint.objects.filter(place__end__isnull=True)
    return list(rows.values_list("place__code", "latitude", "longitude"))


def area_class(code: str, on: date) -> AreaClass | None:
    """Give the class of a place on a day: its own, else that of the nearest place that holds it."""
    steps = [code[:end] for end in range(2, len(code) + 1, 2)]
    rows = AreaClass.objects.filter(valid(on), place__code__in=steps).select_related("place")
    return rows.order_by(Length("place__code").desc()).first()


def defects_by_fault(area: str = "") -> dict[rules.Fault, list[rules.Listed]]:
    """Give the rows of the published list that could not be taken, by what is wrong with them."""
    found: dict[rules.Fault, list[rules.Listed]] = defaultdict(list)
    for defect in rules.published().under(area).defects:
        found[defect.fault].append(defect.row)
    return dict(found)


def counts(on: date) -> dict[str, int]:
    """Count the places of each level on a day."""
    rows = Place.objects.filter(valid(on)).order_by().values("level").annotate(number=Count("id"))
    found = {row["level"]: row["number"] for row in rows}
    return {level.value: found.get(level.value, 0) for level in Level}
