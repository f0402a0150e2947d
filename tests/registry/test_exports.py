import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.kernel.spreadsheets import read_rows
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.models import Household, ImportedHousehold, Membership, Person
from spean.registry.queries.exports import TooManyForXlsx
from spean.registry.rules.import_columns import FUNCTIONS, header_row
from spean.registry.rules.people import NewMember

TODAY = date(2026, 11, 23)


@pytest.fixture
def families(
    places: dict[str, Place], system: Actor, new_member: Callable[..., NewMember]
) -> list[Household]:
    """Register three households, in two districts, with everything that a row can hold."""
    mother = new_member(
        given_name_km="ម៉ាលី", given_name_latin="Maly", sex="female", relation="spouse",
        birth_date=date(1990, 1, 1), birth_date_precision="year", pregnant=True,
        functioning=dict.fromkeys(FUNCTIONS, 1) | {"walking": 3},
    )  # fmt: skip
    head = new_member(phone="012345678", identifiers={"national_id": "010203040"})
    wanted = [("16010101", [head, mother]),
              ("16010102", [new_member(given_name_km="វិសាល", given_name_latin="")]),
              ("16020101", [new_member(given_name_km="រតនា", given_name_latin="")])]  # fmt: skip
    return [
        actions.register_household(
            village=places[code],
            address="@SUM(A1), House 5",
            phone="+66812345678",
            members=members,
            by=system,
            on=TODAY,
            not_duplicates=True,
        )
        for code, members in wanted
    ]


@pytest.fixture
def officer(actor: Callable[..., Actor]) -> Actor:
    return actor("district_officer", "1601")


def export(by: Actor, *, area: str = "1601", form: str = "csv") -> bytes:
    return b"".join(queries.export_households(area=area, form=form, by=by, on=TODAY))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_area_is_written_out_under_the_imports_columns(
    families: list[Household], officer: Actor, form: str
) -> None:
    rows = read_rows(io.BytesIO(export(officer, form=form)), f"h.{form}")

    assert list(rows[0].values) == header_row()
    assert [r.values["given_name_km"] for r in rows] == ["ដារ៉ា", "ម៉ាលី", "វិសាល"]
    assert rows[0].values["national_id"] == "010203040"
    assert (rows[1].values["walking"], rows[1].values["pregnant"]) == ("3", "yes")
    assert rows[1].values["birth_date_precision"] == "year"


def test_formulas_are_defused(families: list[Household], officer: Actor) -> None:
    rows = list(csv.DictReader(io.StringIO(export(officer).decode("utf-8-sig"))))

    assert rows[0]["address"] == "'@SUM(A1), House 5"
    assert rows[0]["household_phone"] == "+66812345678"


def test_an_export_is_an_audit_line_with_its_rows(
    families: list[Household], officer: Actor
) -> None:
    export(officer)

    line = AuditEntry.objects.get(action="registry.export_households")
    assert (line.kind, line.area, line.detail["rows"]) == ("read", "1601", 3)


def test_another_district_or_the_nation_is_refused(
    families: list[Household], officer: Actor
) -> None:
    for area in ("1602", "16", ""):
        with pytest.raises(NotAllowed):
            queries.export_households(area=area, form="csv", by=officer, on=TODAY)


@pytest.mark.parametrize(
    "role",
    [
        "commune_clerk", "commune_council", "village_representative", "health_worker",
        "analyst", "auditor", "administrator",
    ],
)  # fmt: skip
def test_other_roles_export_nothing(
    families: list[Household], actor: Callable[..., Actor], role: str
) -> None:
    with pytest.raises(NotAllowed):
        queries.export_households(area="160101", form="csv", by=actor(role, "1601"), on=TODAY)


def test_a_workbook_that_nobody_could_open_is_refused(
    families: list[Household], officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spean.registry.queries.exports.MOST_XLSX_ROWS", 2)

    with pytest.raises(TooManyForXlsx):
        export(officer, form="xlsx")
    assert export(officer, form="csv")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_imported_into_an_empty_registry_gives_the_same_households(
    families: list[Household], system: Actor, form: str
) -> None:
    Household.objects.update(address="House 5")
    content = export(system, area="", form=form)
    _empty_the_registry()

    run = actions.check_import(file=io.BytesIO(content), name=f"h.{form}", by=system, on=TODAY)
    taken = actions.take_in_import(run=run, all_or_none=True, by=system, on=TODAY)

    assert (run.errors, taken.household_count) == ([], 3)
    again = export(system, area="", form=form)
    assert _without_keys(again, form) == _without_keys(content, form)


def _empty_the_registry() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM registry_identifier; DELETE FROM registry_functionassessment;"
            "DELETE FROM registry_pregnancy; DELETE FROM registry_duplicatepair"
        )
    for model in (ImportedHousehold, Membership, Household, Person):
        model._base_manager.all().delete()


def _without_keys(content: bytes, form: str) -> list[dict[str, str]]:
    rows = [r.values | {"household_key": ""} for r in read_rows(io.BytesIO(content), f"h.{form}")]
    return sorted(rows, key=lambda r: (r["village_code"], r["given_name_km"]))
