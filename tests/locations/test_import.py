"""Taking in operational districts, facilities, levels and catchments from files."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.kernel.spreadsheets import WrongHeader
from spean.locations import actions, queries
from spean.locations.actions import ImportReport, Kind
from spean.locations.models import Catchment, Facility, OperationalDistrict, Place, Succession

TODAY = date(2026, 11, 1)
DISTRICT = "1601,បានលុង,Ban Lung,16,2020-01-01"
CENTRE = "HC1,ញ៉ាង,Nhang,1601,160101,health_centre,Prakas 1,2020-01-01"


def take(kind: Kind, *lines: str, by: Actor, dry_run: bool = False) -> ImportReport:
    text = "\n".join([",".join(actions.COLUMNS[kind]), *lines])
    rows = actions.read_catalogue(kind=kind, file=io.BytesIO(text.encode()), name="a.csv")
    return actions.import_catalogue(kind=kind, rows=rows, dry_run=dry_run, by=by, on=TODAY)


def problem(report: ImportReport) -> tuple[int, str, str]:
    (only,) = report.problems
    return only.number, only.column, only.error.code


def test_a_district_its_facilities_and_catchments_are_taken_in(
    places: dict[str, Place], system: Actor
) -> None:
    take(Kind.OPERATIONAL_DISTRICTS, DISTRICT, by=system)
    take(Kind.FACILITIES, CENTRE, by=system)
    report = take(
        Kind.CATCHMENTS, "HC1,160101,2020-01-01,", "HC1,16010201,2020-01-01,2025-01-01", by=system
    )

    assert (report.added, report.written) == (2, True)
    served = queries.facility_of("16010102", TODAY)
    assert served is not None
    assert served.code == "HC1"
    assert queries.facility_of("16010201", TODAY) is None
    assert queries.level_of(served).kind == "health_centre"  # type: ignore[union-attr]
    assert AuditEntry.objects.latest("id").detail["added"] == ["HC1 160101", "HC1 16010201"]


def test_a_dry_run_writes_nothing(places: dict[str, Place], system: Actor) -> None:
    report = take(Kind.OPERATIONAL_DISTRICTS, DISTRICT, by=system, dry_run=True)

    assert (report.added, report.written) == (1, False)
    assert not OperationalDistrict.objects.exists()


def test_a_file_taken_in_twice_changes_nothing(
    operational_district: OperationalDistrict, system: Actor
) -> None:
    for _ in range(2):
        take(Kind.FACILITIES, CENTRE, by=system)
        take(Kind.CATCHMENTS, "HC1,160101,2020-01-01,", by=system)
    lines = AuditEntry.objects.filter(action="locations.import_catalogue").count()

    report = take(Kind.FACILITIES, CENTRE, by=system)

    assert (report.added, report.amended, report.unchanged) == (0, 0, 1)
    assert (Facility.objects.count(), Catchment.objects.count(), lines) == (1, 1, 2)


def test_a_telephone_is_taken_in_and_a_file_without_that_column_leaves_it(
    operational_district: OperationalDistrict, system: Actor
) -> None:
    without = ",".join(actions.COLUMNS[Kind.FACILITIES][:-1])
    for line, phone in (
        (f"{CENTRE},012 345 678", "+85512345678"), (f"{CENTRE},០៩៧១២៣៤៥៦៧", "+855971234567"),
    ):  # fmt: skip
        take(Kind.FACILITIES, line, by=system)
        assert Facility.objects.get().phone == phone

    file = io.BytesIO(f"{without}\n{CENTRE}".encode())
    rows = actions.read_catalogue(kind=Kind.FACILITIES, file=file, name="a.csv")
    actions.import_catalogue(kind=Kind.FACILITIES, rows=rows, dry_run=False, by=system, on=TODAY)
    assert Facility.objects.get().phone == "+855971234567"

    take(Kind.FACILITIES, f"{CENTRE},", by=system)
    assert Facility.objects.get().phone == ""


def test_a_telephone_that_is_none_is_refused_beside_its_cell(
    operational_district: OperationalDistrict, system: Actor
) -> None:
    report = take(Kind.FACILITIES, f"{CENTRE},12", by=system)

    assert problem(report) == (2, "phone", "locations.phone_wrong")


def test_the_database_holds_that_a_telephone_has_its_country_code(health_centre: Facility) -> None:
    health_centre.phone = "012345678"

    with pytest.raises(IntegrityError), transaction.atomic():
        health_centre.save()


def test_a_corrected_name_is_amended_and_the_trail_keeps_the_old(
    health_centre: Facility, system: Actor
) -> None:
    report = take(
        Kind.FACILITIES,
        "160101,ញ៉ាង,New name,1601,160101,health_centre,Prakas 1,2020-01-01",
        by=system,
    )

    health_centre.refresh_from_db()
    assert (report.amended, health_centre.name_en) == (1, "New name")
    assert AuditEntry.objects.latest("id").detail["amended"][0]["name_en"] == "Facility 160101"


def test_one_bad_row_holds_back_the_whole_file(
    operational_district: OperationalDistrict, system: Actor
) -> None:
    report = take(
        Kind.FACILITIES, CENTRE, CENTRE.replace("HC1", "HC2").replace("160101", "999999"), by=system
    )

    assert problem(report) == (3, "place", "locations.unknown_place")
    assert not report.written
    assert not Facility.objects.exists()


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (CENTRE.replace(",1601,", ",9999,"), "operational_district", "locations.unknown_code"),
        (CENTRE.replace("160101", "1601"), "place", "locations.wrong_kind_of_place"),
        (CENTRE.replace("health_centre", "clinic"), "level", "locations.unknown_level"),
        (CENTRE.replace("2020-01-01", "1/2/2020"), "start", "locations.not_a_date"),
        (CENTRE.replace("Nhang", ""), "name_en", "locations.empty_cell"),
        (CENTRE.replace("Nhang", "N" * 121), "name_en", "locations.cell_too_long"),
        (CENTRE.replace("HC1", "HC/1"), "code", "locations.bad_code"),
    ],
)
def test_a_row_says_which_cell_is_wrong(
    operational_district: OperationalDistrict, system: Actor, line: str, column: str, code: str
) -> None:
    assert problem(take(Kind.FACILITIES, line, by=system)) == (2, column, code)


def test_a_facility_outside_the_province_of_its_district_is_refused(
    operational_district: OperationalDistrict, system: Actor
) -> None:
    other = Place.objects.create(
        code="17", level="province", name_km="សៀមរាប", name_en="Siem Reap", start=date(2010, 1, 1)
    )
    for code, level in (("1701", "district"), ("170101", "commune")):
        other = Place.objects.create(
            code=code, level=level, name_km="x", name_en="x", start=other.start, parent=other
        )

    report = take(Kind.FACILITIES, CENTRE.replace("160101", "170101"), by=system)

    assert problem(report) == (2, "place", "locations.wrong_parent")
    assert "1601" in str(report.problems[0].error)


def test_a_village_that_no_longer_exists_is_refused_with_its_successor(
    health_centre: Facility, places: dict[str, Place], system: Actor
) -> None:
    ended = places["16010102"]
    ended.end = date(2025, 1, 1)
    ended.save()
    Succession.objects.create(
        predecessor=ended, successor=places["16010101"], day=ended.end, act="Act 1"
    )

    report = take(Kind.CATCHMENTS, "160101,16010102,2026-01-01,", by=system)

    assert problem(report) == (2, "place", "locations.village_no_longer_exists")
    assert "16010101" in str(report.problems[0].error)


def test_a_level_changes_from_its_day(health_centre: Facility, system: Actor) -> None:
    lines = ("160101,cpa1,Prakas 31,2022-07-26", "160101,cpa2,Prakas 40,2024-01-01")

    report = take(Kind.LEVELS, *lines, by=system)

    kinds = [
        queries.level_of(queries.facility("160101", day)).kind  # type: ignore[union-attr]
        for day in (date(2022, 7, 25), date(2022, 7, 26), TODAY)
    ]
    assert (report.added, kinds) == (2, ["health_centre", "cpa1", "cpa2"])
    assert take(Kind.LEVELS, *lines, by=system).unchanged == 2


def test_a_level_before_a_recorded_change_is_refused(
    health_centre: Facility, system: Actor
) -> None:
    report = take(Kind.LEVELS, "160101,cpa1,Prakas 0,2019-01-01", by=system)

    assert problem(report) == (2, "start", "locations.overlaps_another")


def test_a_facilitys_level_is_not_changed_in_passing(
    health_centre: Facility, system: Actor
) -> None:
    line = "160101,ញ៉ាង,Facility 160101,1601,160101,cpa1,Prakas 1,2020-01-01"

    assert problem(take(Kind.FACILITIES, line, by=system)) == (
        2,
        "level",
        "locations.level_elsewhere",
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("160101,160101,2021-01-01,", "locations.overlaps_another"),
        ("160101,160102,2021-01-01,2021-01-01", "locations.ends_before_start"),
    ],
)
def test_a_catchment_with_wrong_dates_is_refused(
    health_centre: Facility, system: Actor, line: str, code: str
) -> None:
    assert problem(take(Kind.CATCHMENTS, line, by=system))[2] == code


def test_a_catchment_is_ended_by_its_row(health_centre: Facility, system: Actor) -> None:
    take(Kind.CATCHMENTS, "160101,160101,2020-01-01,2026-01-01", by=system)

    assert queries.facility_of("16010101", TODAY) is None


def test_a_file_without_its_columns_is_refused(system: Actor) -> None:
    with pytest.raises(WrongHeader, match="name_km"):
        actions.read_catalogue(
            kind=Kind.FACILITIES, file=io.BytesIO(b"code,name\n1,2\n"), name="a.csv"
        )


def test_a_row_outside_the_actors_area_is_refused(
    operational_district: OperationalDistrict, actor: Callable[..., Actor]
) -> None:
    elsewhere = actor("administrator", "1602", Purpose.ADMINISTRATION)

    report = take(Kind.FACILITIES, CENTRE, by=elsewhere)

    assert problem(report) == (2, "place", "kernel.not_allowed")


@pytest.mark.parametrize(
    "role",
    ["village_representative", "commune_clerk", "commune_council", "district_officer",
     "health_worker", "analyst", "auditor"],
)  # fmt: skip
def test_only_administrators_take_in_files(
    places: dict[str, Place], actor: Callable[..., Actor], role: str
) -> None:
    with pytest.raises(NotAllowed):
        take(Kind.OPERATIONAL_DISTRICTS, DISTRICT, by=actor(role, "", Purpose.ADMINISTRATION))


def test_the_demo_catalogue_is_taken_in_once(db: None, system: Actor) -> None:
    actions.load_gazetteer(by=system, on=TODAY, only="16")

    for _ in range(2):
        call_command("load_demo_facilities")

    assert Facility.objects.count() == 9
    assert Facility.objects.exclude(name_en__endswith="(demo)").count() == 0
    assert [f.code for f in queries.facilities_of("16010309", TODAY)] == [
        "DEMO-P1", "DEMO-0103", "DEMO-H1",
    ]  # fmt: skip
