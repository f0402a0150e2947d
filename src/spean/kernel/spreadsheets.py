"""Tables that people send and fetch: CSV and XLSX files read with suspicion, written harmlessly.

Every cell is text: a code keeps its leading zeros, a date reads 2026-11-01, and nothing is
computed. A file is refused as a whole (with its line) where its shape is wrong; whether a row makes
sense is for the module that takes it in.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Protocol

from openpyxl import Workbook, load_workbook

from spean.kernel.errors import N_, SpeanError

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100  # a workbook of real data packs 5 to 30 times
MAX_ROWS = 20_000
AT_ONCE = 500
MAX_COLUMNS = 100
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Readable(Protocol):
    """A file open for reading bytes (an upload is one)."""

    def read(self, size: int = ..., /) -> bytes:
        """Give at most so many bytes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: the number that the person sees in their file, and text by column name."""

    number: int
    values: dict[str, str]


class FileRefused(SpeanError):
    """Refuse a file as a whole. Catch this to show any error of this module beside the field."""

    code = "kernel.file_refused"
    message = N_("This file can't be read. Save it again as XLSX or CSV (UTF-8).")
    field = "file"


class LineUnreadable(FileRefused):
    """Refuse a file with a line that is no row of a table."""

    code = "kernel.file_line_unreadable"
    message = N_("The file can't be read as rows of a table: %(why)s")


class NotASpreadsheet(FileRefused):
    """Refuse what is neither CSV nor XLSX, or is broken."""

    code = "kernel.not_a_spreadsheet"
    message = N_(
        "“%(name)s” is not a readable CSV or XLSX file. Save it again as XLSX or CSV (UTF-8)."
    )


class NotUnicode(FileRefused):
    """Refuse a CSV in an old encoding, whose Khmer would be garbage."""

    code = "kernel.not_unicode"
    message = N_("The text of this file is not UTF-8. In Excel, choose “Save as: CSV UTF-8”.")


class FileTooLarge(FileRefused):
    """Refuse a file larger than the limit."""

    code = "kernel.file_too_large"
    message = N_("The file is larger than %(megabytes)s MB. Split it into smaller files.")
    status = 413


class UnpacksTooLarge(FileRefused):
    """Refuse a workbook that would unpack beyond reason (a zip bomb), before unpacking it."""

    code = "kernel.unpacks_too_large"
    message = N_(
        "This workbook would unpack to far more data than a real one. It was not opened. "
        "Save the table again as a new XLSX or CSV file."
    )
    status = 413


class TooManyRows(FileRefused):
    """Refuse a table with more rows than the limit."""

    code = "kernel.too_many_rows"
    message = N_("The file has more than %(rows)s rows. Split it into smaller files.")
    status = 413


class WrongHeader(FileRefused):
    """Refuse a table whose first row doesn't name the columns that are needed."""

    code = "kernel.wrong_header"
    message = N_(
        "The first row must name the columns. Missing: %(missing)s. Found: %(found)s. "
        "Write the missing names into the first row, spelled as here."
    )


class DoubledHeader(FileRefused):
    """Refuse a table with two columns of one name."""

    code = "kernel.doubled_header"
    message = N_("Two columns are named “%(column)s”. Rename or remove one.")


class RowTooWide(FileRefused):
    """Refuse a row with more cells than the header has names."""

    code = "kernel.row_too_wide"
    message = N_("Row %(row)s has more cells than the first row has names. Check its commas.")


class FormulaFound(FileRefused):
    """Refuse a formula: we never compute what a file asks for, nor trust its cached answer."""

    code = "kernel.formula_found"
    message = N_("Row %(row)s, column “%(column)s” holds a formula. Paste the value instead.")


def read_rows(
    file: Readable, name: str, *, required: Collection[str] = (), max_rows: int = MAX_ROWS
) -> list[Row]:
    """Read the first sheet of an XLSX file, or a CSV file, by the names in its first row.

    Column names are compared in lower case without surrounding spaces; rows without any text are
    left out. Every required column is in each row's `values`. Raises FileRefused.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES // 1024**2)
    lines = (
        _xlsx_lines(content, name) if content[:4] == b"PK\x03\x04" else _csv_lines(content, name)
    )
    header = _header(next(lines, (1, []))[1], required)
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == max_rows:
            raise TooManyRows(rows=max_rows)
        rows.append(_row(number, cells, header))
    return rows


def _header(cells: list[str], required: Collection[str]) -> list[str]:
    names = [cell.lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for column in names:
        if column and names.count(column) > 1:
            raise DoubledHeader(column=column)
    missing = [column for column in required if column not in names]
    if missing or not any(names):
        raise WrongHeader(missing=", ".join(missing) or "–", found=", ".join(names)[:200] or "–")
    return names


def _row(number: int, cells: list[str], header: list[str]) -> Row:
    if any(cells[len(header) :]):
        raise RowTooWide(row=number)
    padded = cells + [""] * (len(header) - len(cells))
    values = {column: cell for column, cell in zip(header, padded, strict=False) if column}
    for column, cell in values.items():
        if cell.startswith("="):
            raise FormulaFound(row=number, column=column)
    return Row(number, values)


_INVISIBLE_EDGES = " \t\r\n\u00a0\u200b\ufeff"


def _clean(text: str) -> str:
    """Give text in one Unicode form, without control characters or invisible edges."""
    kept = "".join(c for c in text if c in "\t\n" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", kept).strip(_INVISIBLE_EDGES)


def _csv_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUnicode from error
    if "\0" in text:
        raise NotASpreadsheet(name=name)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, [_clean(cell) for cell in cells]
            number = reader.line_num + 1
    except csv.Error as error:
        raise NotASpreadsheet(name=name) from error


def _xlsx_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    _refuse_bombs(content, name)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        # A lone cell in the last row would make a million empty rows, and in the last column
        # 16,384 cells each: both are cut.
        rows = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)
        for number, cells in enumerate(islice(rows, 2 * MAX_ROWS), start=1):
            yield number, [_as_text(cell) for cell in cells]
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises anything on a broken workbook
        raise NotASpreadsheet(name=name) from error


def _refuse_bombs(content: bytes, name: str) -> None:
    """Look at the sizes that the archive declares; reading never goes beyond them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise NotASpreadsheet(name=name) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > 1000:
        raise UnpacksTooLarge
    if unpacked > 1024**2 and unpacked > MAX_RATIO * len(content):
        raise UnpacksTooLarge


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _clean(str(cell))


_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def defuse(cell: object) -> str:
    """Give the cell as text that no spreadsheet program takes for a formula.

    An apostrophe goes before =, +, -, @, tab and return (OWASP, "CSV injection"), also after
    spaces; a plain number such as -5 or +85512345678 stays.
    """
    text = "" if cell is None else str(cell)
    start = text.lstrip(" \u00a0\u200b\ufeff")[:1]
    if start and start in "=+-@\t\r\n＝＋－＠" and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def csv_pieces(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Write the rows (the first names the columns) as UTF-8 CSV for Excel, piece by piece."""
    yield "\ufeff".encode()
    lines = iter(rows)
    while piece := list(islice(lines, AT_ONCE)):
        text = io.StringIO()
        csv.writer(text).writerows([defuse(cell) for cell in row] for row in piece)
        yield text.getvalue().encode()


def write_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Write the rows as `csv_pieces` does, in one piece."""
    return b"".join(csv_pieces(rows))


def write_xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    """Write the rows (the first names the columns) as a workbook whose cells are all text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([defuse(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
