import io
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from spean.kernel import spreadsheets
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.models import AuditEntry
from spean.kernel.spreadsheets import (
    FileTooLarge,
    NotASpreadsheet,
    TooManyRows,
    UnpacksTooLarge,
    read_rows,
    write_csv,
    write_xlsx,
)
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.actions.imports import (
    AlreadyTakenIn,
    FileImportedBefore,
    NotAllGood,
    NothingGood,
    NothingToImport,
)
from spean.registry.models import Household, ImportRun, Membership, Person
from spean.registry.rules.import_columns import (
    COLUMNS,
    ColumnsMissing,
    ColumnTwice,
    UnknownColumn,
    header_row,
)

TODAY = date(2026, 11, 23)
FAMILY_NAMES = ["ចាន់", "សុខ", "គង់", "ហេង", "ឡុង", "ប៊ុន", "មាស", "នួន", "កែវ", "ទេព"]
GIVEN_NAMES = ["ដារ៉ា", "បុប្ផា", "វិសាល", "សុភា", "រតនា", "ពិសិដ្ឋ", "ម៉ាលី", "វណ្ណា", "ចិន្តា", "សម្បត្តិ"]


def row(**cells: str) -> dict[str, str]:
    usual = {
        "household_key": "1",
        "village_code": "16010101",
        "relation": "head",
        "family_name_km": "សុខ",
        "given_name_km": "ដារ៉ា",
        "sex": "male",
        "birth_date": "1988-02-01",
    }
    return usual | cells


def as_file(
    rows: Sequence[dict[str, str]], *, form: str = "csv", khmer: bool = False
) -> io.BytesIO:
    cells = [[r.get(column.name, "") for column in COLUMNS] for r in rows]
    writer = write_csv if form == "csv" else write_xlsx
    return io.BytesIO(writer([header_row(khmer=khmer), *cells]))


def many(count: int) -> list[dict[str, str]]:
    """Make rows of households of four, all different people."""
    relations = ["head", "spouse", "child", "child"]
    return [
        row(
            household_key=str(n // 4),
            relation=relations[n % 4],
            family_name_km=FAMILY_NAMES[n // 4 % 10],
            given_name_km=GIVEN_NAMES[n % 10] + GIVEN_NAMES[n // 10 % 10],
            sex="male" if n % 2 == 0 else "female",
            birth_date=date.fromordinal(date(1960, 1, 1).toordinal() + n * 17).isoformat(),
        )
        for n in range(count)
    ]


@pytest.fixture
def officer(places: dict[str, Place], actor: Callable[..., Actor]) -> Actor:
    return actor("district_officer", "1601")


def check(rows: Sequence[dict[str, str]], by: Actor, **options: Any) -> ImportRun:
    return actions.check_import(file=as_file(rows, **options), name="h.csv", by=by, on=TODAY)


def take_in(run: ImportRun, by: Actor, *, all_or_none: bool = False, **options: Any) -> ImportRun:
    return actions.take_in_import(run=run, all_or_none=all_or_none, by=by, on=TODAY, **options)


def wrong(run: ImportRun) -> set[tuple[int, str, str]]:
    return {(e["row"], e["column"], e["code"].partition(".")[2]) for e in run.errors}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("khmer", [False, True])
def test_a_file_is_checked_and_then_taken_in(officer: Actor, form: str, khmer: bool) -> None:
    rows = [row(phone="012345678"), row(relation="កូន", sex="ស្រី", given_name_km="បុប្ផា",
                                         birth_date="០៥/០៥/២០១៥")]  # fmt: skip

    run = check(rows, officer, form=form, khmer=khmer)

    assert (run.state, run.row_count, run.household_count, run.errors) == ("checked", 2, 1, [])
    assert not Household.objects.exists()

    run = take_in(run, officer)

    assert (run.state, run.household_count, run.rows) == ("taken_in", 1, [])
    household = Household.objects.get()
    assert household.registered_by == officer.name
    people = {m.relation: m.person for m in Membership.objects.select_related("person")}
    assert people["head"].phone == "+85512345678"
    assert people["child"].birth_date == date(2015, 5, 5)


BAD_CELLS = [
    ({"birth_date": "2999-01-01"}, "birth_date", "born_in_the_future"),
    ({"birth_date": "31/02/2001"}, "birth_date", "import_not_a_date"),
    ({"birth_date": "1850-01-01"}, "birth_date", "born_too_long_ago"),
    ({"birth_date": ""}, "birth_date", "import_cell_empty"),
    ({"sex": "x"}, "sex", "import_not_one_of"),
    ({"relation": "boss"}, "relation", "import_not_one_of"),
    ({"relation": "child"}, "relation", "import_head_not_marked"),
    ({"village_code": "1601010"}, "village_code", "import_not_a_village_code"),
    ({"village_code": "16020101"}, "village_code", "import_outside_area"),
    ({"village_code": "16019999"}, "village_code", "unknown_place"),
    ({"given_name_km": "", "family_name_km": ""}, "given_name_km", "name_missing"),
    ({"given_name_km": "Dara"}, "given_name_km", "name_not_khmer"),
    ({"phone": "12"}, "phone", "phone_wrong"),
    ({"household_phone": "12"}, "household_phone", "phone_wrong"),
    ({"national_id": "12"}, "national_id", "identifier_wrong_length"),
    ({"seeing": "5"}, "seeing", "import_not_a_difficulty"),
    ({"seeing": "1"}, "seeing", "functioning_half_answered"),
    ({"pregnant": "yes"}, "pregnant", "cannot_be_pregnant"),
    ({"household_key": ""}, "household_key", "import_cell_empty"),
]


@pytest.mark.parametrize(("cells", "column", "code"), BAD_CELLS)
def test_each_mistake_is_named_with_its_row_and_column(
    officer: Actor, cells: dict[str, str], column: str, code: str
) -> None:
    run = check([row(**cells)], officer)

    assert (2, column, code) in wrong(run)
    assert run.household_count == 0
    for language in ("km", "en"):
        with override(language):
            assert all(problem.text for problem in queries.problems_of(run))


def test_all_that_is_wrong_with_a_row_is_said_at_once(officer: Actor) -> None:
    run = check(
        [row(sex="?", birth_date="?", village_code="7", phone="1", given_name_km="X")], officer
    )

    columns = {column for _, column, _ in wrong(run)}
    assert columns == {"sex", "birth_date", "village_code", "phone", "given_name_km"}


def test_three_bad_rows_in_a_thousand_leave_the_others_good(officer: Actor) -> None:
    rows = many(1000)
    rows[10]["birth_date"] = "2999-01-01"
    rows[500]["sex"] = "?"
    rows[999]["village_code"] = "16020101"
    started = time.perf_counter()

    run = check(rows, officer, form="xlsx")

    assert {number for number, _, _ in wrong(run)} >= {12, 502, 1001}
    assert run.household_count == 247
    taken = take_in(run, officer)
    assert time.perf_counter() - started < 30
    assert (taken.household_count, Household.objects.count()) == (247, 247)
    assert len(taken.rows) == 12


def test_the_number_of_queries_of_a_check_does_not_grow_with_the_rows(officer: Actor) -> None:
    counts = []
    take_in(check([*many(80), row(household_key="x")], officer), officer)
    for size in (8, 80):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            check(many(size), officer)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_none_are_taken_in_unless_all_are_good_where_that_was_chosen(officer: Actor) -> None:
    run = check([row(), row(household_key="2", sex="?")], officer)

    with pytest.raises(NotAllGood):
        take_in(run, officer, all_or_none=True)

    assert not Household.objects.exists()
    assert take_in(run, officer).household_count == 1


def test_a_file_without_a_good_household_takes_nothing_in(officer: Actor) -> None:
    with pytest.raises(NothingGood):
        take_in(check([row(sex="?")], officer), officer)


def test_the_same_file_is_not_taken_in_twice(officer: Actor) -> None:
    run = take_in(check([row()], officer), officer)

    with pytest.raises(FileImportedBefore) as refused:
        check([row()], officer)
    with pytest.raises(AlreadyTakenIn):
        take_in(run, officer)

    assert officer.name in str(refused.value)
    assert Household.objects.count() == 1


def test_a_file_checked_twice_and_taken_in_from_both_checks_enters_once(officer: Actor) -> None:
    first, second = check([row()], officer), check([row()], officer)
    take_in(first, officer)

    with pytest.raises(SpeanError):
        take_in(second, officer)

    assert Household.objects.count() == 1


def test_an_interrupted_import_goes_on_where_it_stopped(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spean.registry.actions import imports

    run = check(many(12), officer)
    real, calls = imports.record_household, []

    def dies_at_the_second(**given: Any) -> Household:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(imports, "record_household", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        take_in(run, officer)
    assert Household.objects.count() == 1

    monkeypatch.setattr(imports, "record_household", real)
    run.refresh_from_db()
    assert take_in(run, officer).household_count == 3
    assert Household.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_take_in_one_file_at_once_enter_it_once(officer: Actor) -> None:
    run = check(many(8), officer)
    start = threading.Barrier(2)

    def go() -> None:
        try:
            start.wait(timeout=10)
            take_in(ImportRun.objects.get(pk=run.pk), officer)
        except SpeanError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert Household.objects.count() == 2


def test_a_likely_duplicate_is_flagged_and_left_out_until_looked_at(officer: Actor) -> None:
    take_in(check([row()], officer), officer)
    again = row(
        given_name_km="", family_name_km="", given_name_latin="Dara", family_name_latin="Sok"
    )

    run = check([again], officer)

    assert [(d["row"], d["name"]) for d in run.likely_duplicates] == [(2, "សុខ ដារ៉ា")]
    with pytest.raises(NothingGood):
        take_in(run, officer)
    assert take_in(run, officer, also_likely_duplicates=True).household_count == 1


def test_other_people_of_the_village_are_not_likely_duplicates(officer: Actor) -> None:
    take_in(check([row()], officer), officer)

    assert check([row(given_name_km="វិសាល")], officer).likely_duplicates == []
    assert check([row(birth_date="1970-01-01")], officer).likely_duplicates == []
    assert check([row(sex="female")], officer).likely_duplicates == []


def test_one_person_in_two_rows_is_named(officer: Actor) -> None:
    run = check([row(), row(household_key="2")], officer)

    assert (3, "given_name_km", "import_same_person_twice") in wrong(run)


def test_one_number_for_two_people_of_the_file_is_named(officer: Actor) -> None:
    rows = [row(national_id="010203040"), row(household_key="2", given_name_km="វិសាល",
                                               national_id="010203040")]  # fmt: skip

    assert (3, "national_id", "identifier_twice") in wrong(check(rows, officer))


def test_a_number_that_somebody_holds_is_named(officer: Actor) -> None:
    take_in(check([row(national_id="010203040")], officer), officer)

    run = check([row(given_name_km="វិសាល", national_id="010203040")], officer)

    assert (2, "national_id", "identifier_taken") in wrong(run)


def test_a_household_in_two_villages_is_named(officer: Actor) -> None:
    rows = [row(), row(relation="child", given_name_km="បុប្ផា", village_code="16010102")]

    assert (3, "village_code", "import_household_differs") in wrong(check(rows, officer))


def test_what_another_clerk_entered_meanwhile_counts(officer: Actor) -> None:
    run = check(
        [row(national_id="010203040"), row(household_key="2", given_name_km="វិសាល")], officer
    )
    other = [row(household_key="9", given_name_km="រតនា", national_id="010203040")]
    take_in(check(other, officer), officer)

    taken = take_in(run, officer)

    assert taken.household_count == 1
    assert (2, "national_id", "identifier_taken") in wrong(taken)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_error_file_can_be_corrected_and_imported(officer: Actor, form: str) -> None:
    rows = [row(), row(household_key="2", given_name_km="វិសាល", sex="?"),
            row(household_key="2", given_name_km="ម៉ាលី", relation="spouse", sex="female",
                address="=SUM(A1)"[1:])]  # fmt: skip
    run = take_in(check(rows, officer), officer)

    content = queries.error_file(run, form=form, by=officer)

    left = read_rows(io.BytesIO(content), f"errors.{form}")
    assert [r.values["household_key"] for r in left] == ["2", "2"]
    assert "sex" in left[0].values["problems"]
    corrected = content.decode("utf-8-sig").replace(",?,", ",male,") if form == "csv" else ""
    if corrected:
        again = actions.check_import(
            file=io.BytesIO(corrected.encode()), name="e.csv", by=officer, on=TODAY
        )
        assert (again.errors, again.household_count) == ([], 1)


def refusal_of(content: bytes, by: Actor) -> SpeanError:
    with pytest.raises(SpeanError) as refused:
        actions.check_import(file=io.BytesIO(content), name="h.xlsx", by=by, on=TODAY)
    return refused.value


def test_a_wrong_column_is_named_with_the_nearest(officer: Actor) -> None:
    header = [name if name != "birth_date" else "birthdate" for name in header_row()]

    error = refusal_of(write_csv([header, ["x"] * len(header)]), officer)

    assert isinstance(error, UnknownColumn)
    assert "birthdate" in str(error)
    assert "“birth_date”" in str(error)


def test_a_missing_column_is_named(officer: Actor) -> None:
    error = refusal_of(write_csv([["household_key", "sex"], ["1", "male"]]), officer)

    assert isinstance(error, ColumnsMissing)
    assert "village_code, relation, birth_date" in str(error)


def test_a_column_in_both_languages_is_refused(officer: Actor) -> None:
    error = refusal_of(write_csv([[*header_row(), "ភេទ"], ["x"] * 25]), officer)

    assert isinstance(error, ColumnTwice)


def test_an_empty_file_is_refused(officer: Actor) -> None:
    assert isinstance(refusal_of(write_csv([header_row()]), officer), NothingToImport)
    assert isinstance(refusal_of(b"\x00\x01\x02", officer), SpeanError)
    assert isinstance(refusal_of(b"PK\x03\x04broken", officer), NotASpreadsheet)


def test_a_zip_bomb_is_refused_before_it_unpacks(officer: Actor) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 1024 * 1024))
    started = time.perf_counter()

    assert isinstance(refusal_of(bomb.getvalue(), officer), UnpacksTooLarge)
    assert time.perf_counter() - started < 1


def test_a_file_of_50_megabytes_is_refused(officer: Actor) -> None:
    assert isinstance(refusal_of(b"a" * (50 * 1024 * 1024), officer), FileTooLarge)
    assert spreadsheets.MAX_BYTES == 10 * 1024 * 1024


def test_more_than_ten_thousand_rows_are_refused(officer: Actor) -> None:
    rows = [["1"] * len(COLUMNS)] * 10_001

    assert isinstance(refusal_of(write_csv([header_row(), *rows]), officer), TooManyRows)


IMPORTERS = {
    "commune_clerk": True,
    "district_officer": True,
    "commune_council": False,
    "village_representative": False,
    "health_worker": False,
    "analyst": False,
    "auditor": False,
    "administrator": False,
}


@pytest.mark.parametrize("role", IMPORTERS)
def test_each_role_may_import_or_not(
    places: dict[str, Place], actor: Callable[..., Actor], role: str
) -> None:
    by = actor(role, "160101")

    if IMPORTERS[role]:
        assert take_in(check([row()], by), by).household_count == 1
    else:
        with pytest.raises(NotAllowed):
            check([row()], by)
        with pytest.raises(NotAllowed):
            queries.import_runs(by=by)


def test_an_import_of_another_area_is_closed(officer: Actor, actor: Callable[..., Actor]) -> None:
    run = check([row()], officer)
    stranger = actor("district_officer", "1602")

    with pytest.raises(NotAllowed):
        queries.import_run(run.pk, by=stranger)
    with pytest.raises(NotAllowed):
        take_in(run, stranger)
    assert list(queries.import_runs(by=stranger)) == []


def test_old_imports_forget_the_people_in_them(officer: Actor, system: Actor) -> None:
    run = check([row()], officer)

    assert actions.drop_rows_of_old_imports(before=date(2000, 1, 1), by=system) == 0
    assert actions.drop_rows_of_old_imports(before=date(2100, 1, 1), by=system) == 1

    run.refresh_from_db()
    assert run.rows == []
    assert not Person.objects.exists()


def test_checking_and_taking_in_are_audit_lines(officer: Actor) -> None:
    take_in(check([row()], officer), officer)

    actions_written = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"registry.import_checked", "registry.import_taken_in"} <= actions_written
