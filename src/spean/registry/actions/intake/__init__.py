"""Millions of households from a file, at the speed of COPY, with every check of a small import.

Rows beyond doubt (`rules.intake_screen`) are written in blocks; all others go one household at a
time through the checks of `imports`, and what is wrong stands in the import's error file.
"""

import csv
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import duckdb
from django.db import transaction

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_
from spean.kernel.lanes import in_lanes
from spean.kernel.spreadsheets import FileRefused, LineUnreadable
from spean.registry.actions.imports import NotAllGood, close_import, refuse_known
from spean.registry.actions.intake import alone, doubtful, reading, writing
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
    digest = _digest(path)
    refuse_known(digest, [""])
    with _opened(path, digest, by=by, on=on, threads=writers, step=step) as file:
        if all_or_none:
            return _all_or_none(file, by=by, on=on)
        writing.write_blocks(file, by=by, on=on, writers=writers, step=step)
        return _finish(file, by=by, on=on, step=step)


def take_in_first(
    *, paths: Sequence[Path], by: Actor, on: date, writers: int = WRITERS,
    step: Step = lambda doing, done, total: None,
) -> dict[Path, ImportRun]:  # fmt: skip
    """Take files in as a first load: nobody else uses the registry until it is whole again.

    What `alone` puts aside is back before the doubtful rows are looked at. Taken up again after an
    interruption, it goes on; files that were finished are left out. Raises what `take_in_file`
    raises (of known files only where all are known), NotTheOwner, LoadingAlready, PromiseBroken.
    """
    access.require(by, "registry.import", area="")
    unknown = _unknown(paths)
    largest_first = sorted(unknown.items(), key=lambda one: -one[1].stat().st_size)
    lanes = min(writers, len(unknown))
    threads = writers // lanes
    with ExitStack() as files:

        def write(known: tuple[str, Path]) -> tuple[Path, reading.OpenFile]:
            digest, path = known
            opened = _opened(path, digest, by=by, on=on, threads=threads, step=step)
            file = files.enter_context(opened)
            writing.write_blocks(file, by=by, on=on, writers=threads, step=step)
            reading.keep_doubtful(file.engine)
            return path, file

        with alone.registry_alone(by=by, step=step):
            begun = dict(in_lanes(write, largest_first, lanes))
        return {
            path: _finish(begun[path], by=by, on=on, step=step) for _digest, path in largest_first
        }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unknown(paths: Sequence[Path]) -> dict[str, Path]:
    """Give the files that were not taken in yet, by digest. Raises FileImportedBefore."""
    found = {_digest(path): path for path in paths}
    done = ImportRun.objects.filter(file_hash__in=found, state=ImportRun.State.TAKEN_IN)
    known = set(done.values_list("file_hash", flat=True))
    if known == set(found):
        refuse_known(min(known), [""])
    return {digest: path for digest, path in found.items() if digest not in known}


@contextmanager
def _opened(
    path: Path, digest: str, *, by: Actor, on: date, threads: int, step: Step
) -> Iterator[reading.OpenFile]:
    """Read and screen a file, and begin its import or go on with it."""
    step("reading", 0, 1)
    with tempfile.TemporaryDirectory(prefix="spean-intake-") as folder:
        engine = duckdb.connect(config={
            "memory_limit": MEMORY, "temp_directory": folder, "threads": threads,
            "arrow_lossless_conversion": True,
        })  # fmt: skip
        try:
            rows = _read(engine, path, on=on, by=by)
            run = _run_of(path, digest, rows, by)
            reading.skip_taken(engine, run)
            yield reading.OpenFile(engine, run)
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


def _all_or_none(file: reading.OpenFile, *, by: Actor, on: date) -> ImportRun:
    with transaction.atomic():
        writing.write_blocks(file, by=by, on=on, writers=1)
        found = doubtful.take_in(file, by=by, on=on)
        if found.problems:
            raise NotAllGood(count=len({problem.row for problem in found.problems}))
        return close_import(file.run, found.rows, found.problems, by=by)


def _finish(file: reading.OpenFile, *, by: Actor, on: date, step: Step) -> ImportRun:
    """Take in what is good of the doubtful rows, and close the import."""
    found = doubtful.take_in(file, by=by, on=on, step=step)
    with transaction.atomic():
        return close_import(file.run, found.rows, found.problems, by=by)
