"""Millions of households from a file, at the speed of COPY, with every check of a small import.

Rows beyond doubt (`rules.intake_screen`) are written in blocks; all others go one household at a
time through the checks of `imports`, and what is wrong stands in the import's error file.
"""

import csv
import hashlib
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
from django.db import transaction

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_
from spean.kernel.spreadsheets import FileRefused, LineUnreadable
from spean.registry.actions.imports import NotAllGood, close_import, refuse_known
from spean.registry.actions.intake import doubtful, reading, writing
from spean.registry.models import ImportRun
from spean.registry.rules.import_columns import names_of_columns

MOST_DOUBTFUL = 100_000
MEMORY = "2GB"
WRITERS = 2
Step = Callable[[str, int, int], None]


class TooMuchWrong(FileRefused):
    """Refuse a file of which too much would have to be looked at row by row."""

    code = "registry.intake_too_much_wrong"
    message = N_(
        "%(count)s rows are not as they should be: more than can be corrected by hand. "
        "Nothing was taken in. The first is row %(row)s."
    )


def take_in_file(
    *, path: Path, by: Actor, on: date, all_or_none: bool = False, writers: int = 1,
    step: Step = lambda doing, done, total: None,
) -> ImportRun:  # fmt: skip
    """Take a CSV file of any size in the import format into the registry.

    Each block of households is one transaction; taken up again after an interruption, it goes on
    with the next. With `all_or_none`, everything is one transaction and nothing is written if a
    row is wrong. Raises NotAllowed, FileRefused (and its kinds), UnknownColumn, ColumnsMissing,
    FileImportedBefore, NotAllGood, TooMuchWrong.
    """
    access.require(by, "registry.import", area="")
    step("reading", 0, 1)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    refuse_known(digest, [""])
    with tempfile.TemporaryDirectory(prefix="spean-intake-") as folder:
        engine = duckdb.connect(f"{folder}/rows.duckdb", config={"memory_limit": MEMORY})
        try:
            rows = _read(engine, path, on=on, by=by)
            run = _run_of(path, digest, rows, by)
            reading.skip_taken(engine, run)
            if all_or_none:
                return _all_or_none(engine, run, Path(folder), by=by, on=on)
            writing.write_blocks(
                engine, run, Path(folder), by=by, on=on, writers=writers, step=step
            )
            found = doubtful.take_in(engine, run, by=by, on=on, step=step)
            with transaction.atomic():
                return _close(run, found, by=by)
        finally:
            engine.close()


def _read(engine: duckdb.DuckDBPyConnection, path: Path, *, on: date, by: Actor) -> int:
    """Read and screen the file; give its rows. Raises LineUnreadable, TooMuchWrong."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    try:
        rows = reading.read(engine, path, names_of_columns(header))
    except duckdb.InvalidInputException as error:
        raise LineUnreadable(why=str(error).split("\n")[0][:200]) from error
    reading.screen(engine, on=on, by=by)
    doubt, first = reading.doubts(engine)
    if doubt > MOST_DOUBTFUL:
        raise TooMuchWrong(count=doubt, row=first)
    return rows


def _run_of(path: Path, digest: str, rows: int, by: Actor) -> ImportRun:
    """Give the import of this very file that was begun, or begin one."""
    open_run = ImportRun.objects.filter(
        file_hash=digest, state=ImportRun.State.CHECKED, started_by=by.name, rows=[]
    ).first()
    return open_run or ImportRun.objects.create(
        file_name=path.name[-200:], file_hash=digest, row_count=rows, started_by=by.name
    )


def _all_or_none(
    engine: duckdb.DuckDBPyConnection, run: ImportRun, folder: Path, *, by: Actor, on: date
) -> ImportRun:
    with transaction.atomic():
        writing.write_blocks(engine, run, folder, by=by, on=on, writers=1)
        found = doubtful.take_in(engine, run, by=by, on=on)
        if found.problems:
            raise NotAllGood(count=len({problem.row for problem in found.problems}))
        return _close(run, found, by=by)


def _close(run: ImportRun, found: "doubtful.Found", *, by: Actor) -> ImportRun:
    return close_import(run, found.rows, found.problems, by=by)
