"""Files that people send: read with suspicion; files that we give: harmless."""

import csv
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from spean.kernel import spreadsheets
from spean.kernel.spreadsheets import Row, defuse, read_rows, write_csv, write_xlsx

KHMER = "ញ៉ាង"


def _csv(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def _xlsx(*rows: list[object]) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_every_unicode_encoding_that_excel_writes(encoding: str) -> None:
    rows = read_rows(_csv(f"Code ,name\n0016,{KHMER}\n", encoding), "a.csv")

    assert rows == [Row(2, {"code": "0016", "name": KHMER})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_taken_from_the_first_row(delimiter: str) -> None:
    rows = read_rows(_csv(f"code{delimiter}name\n16{delimiter}x\n"), "a.csv")

    assert rows[0].values == {"code": "16", "name": "x"}


def test_a_row_keeps_the_number_that_a_person_sees_after_empty_rows_and_line_breaks() -> None:
    rows = read_rows(_csv('code,name\n1,"two\nlines"\n,\n2,b\n'), "a.csv")

    assert [(row.number, row.values["name"]) for row in rows] == [(2, "two\nlines"), (5, "b")]


def test_invisible_edges_and_control_characters_are_dropped() -> None:
    rows = read_rows(_csv("code,name\n\u200b16\u00a0,a\x07b\n"), "a.csv")

    assert rows[0].values == {"code": "16", "name": "ab"}


def test_an_xlsx_gives_text_for_dates_numbers_and_codes() -> None:
    rows = read_rows(
        _xlsx(["code", "day", "count", "yes"], ["0016", date(2026, 11, 1), 3.0, True]), "a.xlsx"
    )

    assert rows[0] == Row(2, {"code": "0016", "day": "2026-11-01", "count": "3", "yes": "true"})


def test_a_missing_column_is_named() -> None:
    with pytest.raises(spreadsheets.WrongHeader) as refused:
        read_rows(_csv("kode,name\n1,a\n"), "a.csv", required=["code", "name"])

    assert refused.value.facts == {"missing": "code", "found": "kode, name"}


def test_an_empty_file_lacks_its_header() -> None:
    with pytest.raises(spreadsheets.WrongHeader):
        read_rows(_csv(""), "a.csv", required=["code"])


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(spreadsheets.DoubledHeader):
        read_rows(_csv("code,Code\n1,2\n"), "a.csv")


def test_a_row_wider_than_the_header_is_refused_with_its_number() -> None:
    with pytest.raises(spreadsheets.RowTooWide) as refused:
        read_rows(_csv("code,name\n1,a\n2,b,c\n"), "a.csv")

    assert refused.value.facts == {"row": 3}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_formula_is_refused_and_never_computed(kind: str) -> None:
    table = [["code", "name"], ["1", "=1+1"]]
    file = _xlsx(*table) if kind == "xlsx" else _csv("code,name\n1,=1+1\n")

    with pytest.raises(spreadsheets.FormulaFound) as refused:
        read_rows(file, f"a.{kind}")

    assert refused.value.facts == {"row": 2, "column": "name"}


def test_old_encodings_are_refused_with_the_way_to_save_the_file() -> None:
    with pytest.raises(spreadsheets.NotUnicode, match="CSV UTF-8"):
        read_rows(_csv("code,name\n1,café\n", "latin-1"), "a.csv")


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"code\n\x00\x01", b'code\n"open'])
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(spreadsheets.NotASpreadsheet):
        read_rows(io.BytesIO(content), "a.xlsx")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hello.txt", "hello")
    content.seek(0)

    with pytest.raises(spreadsheets.NotASpreadsheet):
        read_rows(content, "a.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    content.seek(0)

    with pytest.raises(spreadsheets.UnpacksTooLarge):
        read_rows(content, "bomb.xlsx")


def test_entities_that_multiply_are_refused() -> None:
    content = _xlsx(["code"], ["1"])
    bomb = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(bomb, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
            new.writestr(part, text)
    bomb.seek(0)

    with pytest.raises(spreadsheets.NotASpreadsheet):
        read_rows(bomb, "a.xlsx")


def test_a_lone_cell_in_the_last_corner_does_not_blow_up() -> None:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "code", "far"  # type: ignore[index]
    content = io.BytesIO()
    book.save(content)
    content.seek(0)

    assert read_rows(content, "a.xlsx") == []


def test_more_rows_than_the_limit_are_refused() -> None:
    with pytest.raises(spreadsheets.TooManyRows):
        read_rows(_csv("code\n" + "1\n" * 6), "a.csv", max_rows=5)


def test_a_file_beyond_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_BYTES", 10)

    with pytest.raises(spreadsheets.FileTooLarge):
        read_rows(_csv("code,name\n1,a\n"), "a.csv")


@pytest.mark.parametrize(
    ("cell", "harmless"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        (" -1+1", "' -1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("-5", "-5"),
        ("+85512345678", "+85512345678"),
        (KHMER, KHMER),
        (None, ""),
        (16, "16"),
    ],
)
def test_a_cell_that_a_spreadsheet_would_compute_is_defused(cell: object, harmless: str) -> None:
    assert defuse(cell) == harmless


def test_what_is_written_can_be_read_again() -> None:
    table = [["code", "name"], ["0016", KHMER]]

    for content, name in ((write_csv(table), "a.csv"), (write_xlsx(table), "a.xlsx")):
        assert read_rows(io.BytesIO(content), name)[0].values == {"code": "0016", "name": KHMER}


def test_written_files_hold_no_formula() -> None:
    table = [["code", "name"], ["1", "=1+1"]]

    cell = load_workbook(io.BytesIO(write_xlsx(table))).active["B2"]  # type: ignore[index]
    line = list(csv.reader(io.StringIO(write_csv(table).decode("utf-8-sig"))))[1]

    assert (cell.data_type, cell.value) == ("s", "'=1+1")
    assert line[1] == "'=1+1"
