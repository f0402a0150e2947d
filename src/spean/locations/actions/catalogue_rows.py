"""One row of a catalogue file: what it means, and whether it can be true."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.db.models import Model

from spean.kernel.access import Actor
from spean.kernel.spreadsheets import Row
from spean.locations import queries
from spean.locations.actions.catalogue_cells import (
    EndsBeforeStart,
    LevelElsewhere,
    OverlapsAnother,
    RowRefused,
    WrongParent,
    check_area,
    known,
    read_code,
    read_day,
    read_level,
    read_phone_of,
    read_place,
    read_text,
)
from spean.locations.models import (
    Catchment,
    Facility,
    FacilityLevel,
    Level,
    OperationalDistrict,
    Place,
)


class Kind(StrEnum):
    """The kinds of catalogue files."""

    OPERATIONAL_DISTRICTS = "operational_districts"
    FACILITIES = "facilities"
    LEVELS = "levels"
    CATCHMENTS = "catchments"


COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.OPERATIONAL_DISTRICTS: ("code", "name_km", "name_en", "province", "start"),
    Kind.FACILITIES: (
        "code", "name_km", "name_en", "operational_district", "place", "level", "act", "start",
        "phone",
    ),
    Kind.LEVELS: ("facility", "level", "act", "start"),
    Kind.CATCHMENTS: ("facility", "place", "start", "end"),
}  # fmt: skip
OPTIONAL = ("end", "phone")


class Book:
    """What is recorded about everything the rows name, and what they would change."""

    def __init__(self, rows: Sequence[Row]) -> None:
        codes = {cell for row in rows for cell in row.values.values() if cell.isdigit()}
        self.places: dict[str, list[Place]] = defaultdict(list)
        for place in Place.objects.filter(code__in=codes).order_by("start"):
            self.places[place.code].append(place)
        self.districts = {d.code: d for d in OperationalDistrict.objects.select_related("province")}
        self.facilities = {
            f.code: f for f in Facility.objects.select_related("operational_district", "place")
        }
        self.levels: dict[str, list[FacilityLevel]] = defaultdict(list)
        for level in FacilityLevel.objects.select_related("facility").order_by("start"):
            self.levels[level.facility.code].append(level)
        self.catchments: dict[tuple[str, str], list[Catchment]] = defaultdict(list)
        for row in Catchment.objects.select_related("facility", "place").order_by("start"):
            self.catchments[row.facility.code, row.place.code].append(row)
        self.new: list[Model] = []
        self.changed: list[Model] = []
        self.added: list[str] = []
        self.amended: list[dict[str, str]] = []
        self.unchanged = 0

    @property
    def writes(self) -> bool:
        """Whether anything would be written."""
        return bool(self.new or self.changed)


def _operational_district(row: Row, book: Book, by: Actor) -> None:
    start = read_day(row, "start")
    province = read_place(row, "province", book.places, start, (Level.PROVINCE,), by)
    names = {"name_km": read_text(row, "name_km"), "name_en": read_text(row, "name_en")}
    code = read_code(row, "code")
    before = book.districts.get(code)
    if before is None:
        made = OperationalDistrict(code=code, province=province, start=start, **names)
        book.districts[code] = made
        book.new.append(made)
        book.added.append(code)
    else:
        check_area(before.province, "province", by)
        _amend(before, {**names, "province": province}, book)


def _facility(row: Row, book: Book, by: Actor) -> None:
    start = read_day(row, "start")
    district = known(row, "operational_district", book.districts)
    place = read_place(row, "place", book.places, start, (Level.COMMUNE, Level.VILLAGE), by)
    if not place.code.startswith(district.province.code):
        reason = WrongParent(
            place=queries.in_both_languages(place),
            district=district.code,
            province=queries.in_both_languages(district.province),
        )
        raise RowRefused("place", reason)
    names = {"name_km": read_text(row, "name_km"), "name_en": read_text(row, "name_en")}
    if "phone" in row.values:
        names["phone"] = read_phone_of(row)
    code, kind, act = read_code(row, "code"), read_level(row), read_text(row, "act", most=200)
    before = book.facilities.get(code)
    if before is None:
        made = Facility(code=code, operational_district=district, place=place, start=start, **names)
        level = FacilityLevel(facility=made, kind=kind, act=act, start=start)
        book.facilities[code], book.levels[code] = made, [level]
        book.new += [made, level]
        book.added.append(code)
        return
    check_area(before.place, "code", by)
    if book.levels[code] and book.levels[code][-1].kind != kind:
        raise RowRefused("level", LevelElsewhere())
    _amend(before, {**names, "operational_district": district, "place": place}, book)


def _level_change(row: Row, book: Book, by: Actor) -> None:
    start = read_day(row, "start")
    facility = known(row, "facility", book.facilities)
    check_area(facility.place, "facility", by)
    kind, act = read_level(row), read_text(row, "act", most=200)
    recorded = book.levels[facility.code]
    before = recorded[-1] if recorded else None
    goes_on = before and before.kind == kind and before.end is None and before.start < start
    if goes_on or any(level.kind == kind and level.start == start for level in recorded):
        book.unchanged += 1
        return
    if before and (before.start >= start or (before.end and before.end > start)):
        raise RowRefused("start", OverlapsAnother(start=before.start.isoformat()))
    if before and before.end is None:
        before.end = start
        book.changed.append(before)
    made = FacilityLevel(facility=facility, kind=kind, act=act, start=start)
    recorded.append(made)
    book.new.append(made)
    book.added.append(f"{facility.code} {kind}")


def _catchment(row: Row, book: Book, by: Actor) -> None:
    start = read_day(row, "start")
    end = read_day(row, "end") if row.values.get("end") else None
    if end and end <= start:
        raise RowRefused("end", EndsBeforeStart())
    facility = known(row, "facility", book.facilities)
    place = read_place(row, "place", book.places, start, (Level.COMMUNE, Level.VILLAGE), by)
    recorded = book.catchments[facility.code, place.code]
    for before in recorded:
        if before.start == start and before.end == end:
            book.unchanged += 1
            return
        if before.start == start and before.end is None:
            before.end = end
            book.changed.append(before)
            book.amended.append({"facility": facility.code, "place": place.code, "end": str(end)})
            return
        if (before.end is None or before.end > start) and (end is None or before.start < end):
            raise RowRefused("start", OverlapsAnother(start=before.start.isoformat()))
    made = Catchment(facility=facility, place=place, start=start, end=end)
    recorded.append(made)
    book.new.append(made)
    book.added.append(f"{facility.code} {place.code}")


TAKE: Mapping[Kind, Callable[[Row, Book, Actor], None]] = {
    Kind.OPERATIONAL_DISTRICTS: _operational_district,
    Kind.FACILITIES: _facility,
    Kind.LEVELS: _level_change,
    Kind.CATCHMENTS: _catchment,
}


def _amend(before: OperationalDistrict | Facility, facts: dict[str, Any], book: Book) -> None:
    """Correct what the row says otherwise; the amended facts go to the audit trail."""
    old = {name: str(getattr(before, name)) for name in facts}
    if all(getattr(before, name) == fact for name, fact in facts.items()):
        book.unchanged += 1
        return
    for name, fact in facts.items():
        setattr(before, name, fact)
    book.changed.append(before)
    book.amended.append({"code": before.code} | old)
