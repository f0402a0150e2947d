"""Reads of health facilities, their levels and whom they serve: public, as the gazetteer is."""

from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from spean.kernel.errors import N_, NotFound
from spean.kernel.periods import Period
from spean.locations.models import Catchment, Facility, FacilityLevel, OperationalDistrict, Place
from spean.locations.queries.places import valid

LEVEL_ORDER = [kind.value for kind in FacilityLevel.Kind]


class UnknownFacility(NotFound):
    """Say that no facility has this code on this day."""

    code = "locations.unknown_facility"
    message = N_("No health facility has the code “%(facility)s” on %(on)s.")


def operational_districts(on: date) -> QuerySet[OperationalDistrict]:
    """Give the operational health districts of a day, by code."""
    return OperationalDistrict.objects.filter(valid(on)).select_related("province").order_by("code")


def facilities(on: date, *, area: str = "") -> QuerySet[Facility]:
    """Give the facilities of a day in an area, by code, each with `.levels_now` (one or none)."""
    return (
        Facility.objects.filter(valid(on), place__code__startswith=area)
        .select_related("operational_district", "place__parent__parent__parent")
        .prefetch_related(_levels_now(on, "levels"))
        .order_by("code")
    )


def _levels_now(on: date, lookup: str) -> "Prefetch[str, QuerySet[FacilityLevel], str]":
    return Prefetch(lookup, queryset=FacilityLevel.objects.filter(valid(on)), to_attr="levels_now")


def facility(code: str, on: date) -> Facility:
    """Give the facility that has this code on this day. Raises UnknownFacility."""
    found = facilities(on).filter(code=code).first()
    if found is None:
        raise UnknownFacility(facility=code, on=on.isoformat())
    return found


def facility_ever(code: str, on: date) -> Facility | None:
    """Give the facility that has this code, or had it, with its level on the day."""
    rows = Facility.objects.select_related("operational_district", "place")
    return rows.prefetch_related(_levels_now(on, "levels")).filter(code=code).first()


def working_at(kind: str, on: date) -> Q:
    """Give the condition that a facility works at a level on a day."""
    return Q(pk__in=FacilityLevel.objects.filter(valid(on), kind=kind).values("facility"))


def level_of(facility: Facility) -> FacilityLevel | None:
    """Give the level of a facility that one of these queries gave."""
    now: list[FacilityLevel] = getattr(facility, "levels_now", [])
    return now[0] if now else None


def levels(facility: Facility) -> QuerySet[FacilityLevel]:
    """Give every level at which a facility ever worked, newest first."""
    return facility.levels.order_by("-start")


def levels_by_period(facility: Facility) -> list[tuple[Period, str]]:
    """Give the kind of each level at which a facility ever worked, with its days."""
    return [(Period(one.start, one.end), one.kind) for one in levels(facility)]


def catchment(facility: Facility, on: date) -> list[Place]:
    """Give the villages and communes that a facility serves on a day, by code."""
    rows = Catchment.objects.filter(valid(on), facility=facility)
    rows = rows.select_related("place__parent__parent__parent").order_by("place__code")
    return [row.place for row in rows]


def facilities_of(village_code: str, on: date) -> list[Facility]:
    """Give the facilities that serve a village, the first to go to first.

    A catchment that names the village counts before one that names its commune, and a lower level
    of care before a higher one.
    """
    nearest = sorted(_serving([village_code, village_code[:6]], on), key=_nearness)
    return list(dict.fromkeys(row.facility for row in nearest))


def served_first(facility: Facility, on: date) -> list[str]:
    """Give the codes of the villages whose families go to this facility first."""
    codes = [place.code for place in catchment(facility, on)]
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(code__startswith=code)
    rows = Place.objects.filter(valid(on), condition, level="village")
    villages = list(rows.values_list("code", flat=True))
    first: dict[str, str] = {}
    for row in sorted(_serving({*villages, *(one[:6] for one in villages)}, on), key=_nearness):
        first.setdefault(row.place.code, row.facility.code)
    return sorted(one for one in villages if first.get(one, first.get(one[:6])) == facility.code)


def _serving(codes: Collection[str], on: date) -> QuerySet[Catchment]:
    return (
        Catchment.objects.filter(valid(on), place__code__in=codes)
        .filter(_facility_valid(on))
        .select_related("facility__operational_district", "facility__place", "place")
        .prefetch_related(_levels_now(on, "facility__levels"))
    )


def _nearness(one: Catchment) -> tuple[int, int, str]:
    return -len(one.place.code), _rank(one.facility), one.facility.code


def facility_of(village_code: str, on: date) -> Facility | None:
    """Give the facility to which a village's families go first, if one is recorded."""
    return next(iter(facilities_of(village_code, on)), None)


def _facility_valid(on: date) -> Q:
    ended = Q(facility__end__isnull=True) | Q(facility__end__gt=on)
    return Q(facility__start__lte=on) & ended


def _rank(facility: Facility) -> int:
    level = level_of(facility)
    return LEVEL_ORDER.index(level.kind) if level else len(LEVEL_ORDER)
