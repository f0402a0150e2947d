"""A whole survey: rows of a CSV in, the same rows with z-scores and flags out.

Rows pass through in parts, so that memory does not grow with the survey. A row that can't be read
is kept with blanks, and said; a doubtful value is worked out all the same, and said.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import numpy as np

from spean.kernel.errors import N_, SpeanError
from spean.maternal_child.rules.growth.scores import Scores, scores
from spean.maternal_child.rules.growth.sheet import CODES, NUMBERS, Sheet
from spean.maternal_child.rules.growth.standards import Bools, Index

PART = 20_000  # rows worked out at once
COLUMNS = ("id", "sex", *NUMBERS, *(name for name in CODES if name != "sex"))
ADDED = (*Index, *(f"f{index}" for index in Index))
DOUBTS_TOLD = 10  # a column; the rest are counted
NO_SCORE = -(2**40)

Row = list[str]
Say = Callable[[int, str], None]  # a line of the file, and what is wrong with it


class SurveyUnreadable(SpeanError):
    """Refuse a file that is no survey."""

    code = "maternal_child.survey_unreadable"
    message = N_(
        "The first line names no column sex. It must name these columns, with commas between: "
        "%(columns)s."
    )


class ColumnTwice(SurveyUnreadable):
    """Refuse a file in which a column would stand twice."""

    code = "maternal_child.survey_column_twice"
    message = N_("There is already a column %(name)s. Rename or remove it, and try again.")


class LineUnreadable(SurveyUnreadable):
    """Refuse a file from a line on that is no CSV."""

    code = "maternal_child.survey_line_unreadable"
    message = N_(
        "From line %(line)s on the file can't be read as CSV. "
        "Look for a quotation mark that isn't closed, and try again."
    )


class Writer(Protocol):
    """What csv.writer gives."""

    def writerow(self, row: Iterable[str], /) -> object: ...
    def writerows(self, rows: Iterable[Iterable[str]], /) -> object: ...


@dataclass(slots=True)
class Tally:
    """How a survey went: rows, those that can't be read, those recorded as standing too young."""

    rows: int = 0
    unreadable: int = 0
    positions: int = 0
    doubts: Counter[str] = field(default_factory=Counter)  # of each column


def answer(lines: Iterable[str], into: Writer, say: Say) -> Tally:
    """Write each row of a survey with its z-scores and flags. Raises SurveyUnreadable."""
    reader = csv.reader(lines)
    tally, unread = Tally(), list[int]()
    header = next(_numbered(reader, unread), (1, []))[1]
    places = _places(header, say)
    into.writerow([*header, *ADDED])
    rows = _numbered(reader, unread)
    while part := list(islice(rows, PART)):
        sheet = Sheet([row for _, row in part], len(header), places)
        found = scores(sheet.children())
        _tell(sheet, [line for line, _ in part], say, tally)
        tally.positions += int(found.position_doubted.sum())
        into.writerows(_answered(sheet, found))
    if unread:
        raise LineUnreadable(line=unread[0])
    return tally


def _numbered(reader: Any, unread: list[int]) -> Iterator[tuple[int, Row]]:
    """Give each row with its line; end where the file is no CSV, so that rows before it count."""
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error:
        unread.append(reader.line_num)


def _places(header: Row, say: Say) -> Mapping[str, int]:
    """Find each column, in whatever order, and say which are missing."""
    names = [name.strip().lower() for name in header]
    if "sex" not in names:
        raise SurveyUnreadable(columns=", ".join(COLUMNS))
    for name in (*COLUMNS, *ADDED):
        if names.count(name) > (name in COLUMNS):
            raise ColumnTwice(name=name)
    for name in COLUMNS[1:]:
        if name not in names:
            say(1, f"there is no column {name}; it is taken as unknown for every child")
    return {name: names.index(name) for name in COLUMNS if name in names}


def _tell(sheet: Sheet, lines: list[int], say: Say, tally: Tally) -> None:
    for fault in sorted(sheet.faults, key=lambda fault: fault.row):
        if fault.column:
            tally.doubts[fault.column] += 1
        if tally.doubts[fault.column] <= DOUBTS_TOLD:
            say(lines[fault.row], fault.what)
    tally.rows += len(lines)
    tally.unreadable += int(sheet.bad().sum())


def _answered(sheet: Sheet, found: Scores) -> Iterable[Row]:
    bad, width = sheet.bad(), sheet.width
    added = zip(
        *(_texts(found, index, bad) for index in Index),
        *(_flags(found, index, bad) for index in Index),
        strict=True,
    )
    for row, more in zip(sheet.rows, added, strict=True):
        yield [*row[:width], *more, *row[width:]]


def _texts(found: Scores, index: Index, bad: Bools) -> list[str]:
    z = found.z[index]
    cents = np.where(np.isnan(z) | bad, NO_SCORE, np.rint(z * 100)).astype(np.int64)
    return [TEXTS[one] for one in cents.tolist()]


def _flags(found: Scores, index: Index, bad: Bools) -> list[str]:
    codes = np.where(np.isnan(found.z[index]) | bad, 2, found.flagged[index])
    return [("0", "1", "")[code] for code in codes.tolist()]


class _Texts(dict[int, str]):
    """Hundredths as text, remembered where children often have them."""

    def __missing__(self, cents: int) -> str:
        text = "" if cents == NO_SCORE else f"{cents / 100:.2f}"
        if abs(cents) < 1_000 or cents == NO_SCORE:
            self[cents] = text
        return text


TEXTS = _Texts()
