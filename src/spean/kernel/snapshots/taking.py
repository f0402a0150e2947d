"""A snapshot is taken: one consistent read of the database, then one file a table and part.

PostgreSQL reads in one transaction of its own (REPEATABLE READ), so that all tables are of one
moment, and no writer waits for it nor it for them. The rows go through CSV files beside the
snapshot into DuckDB, which sorts and writes them in bounded memory.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from django.db import connection
from psycopg import sql

from spean.kernel.access import Purpose
from spean.kernel.policy import policy
from spean.kernel.snapshots.shapes import Definition, File, Manifest, Part, installed

MEMORY = "2GB"
Step = Callable[[str, int, int], None]


def take(folder: Path, *, on: date, purpose: Purpose, at: str, by: str, step: Step) -> Manifest:
    """Write a snapshot of the records as of a day into a folder that does not exist yet.

    `at` is the moment it is taken, as text; `step` is told how far it is, and may raise to stop.
    Killed or stopped, it leaves no such folder; another attempt begins anew, because what is read
    in two transactions is not of one moment.
    """
    definition = installed()
    work = folder.with_name(f".{folder.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        manifest = Manifest(
            as_of=on, purpose=str(purpose), taken_at=at, taken_by=by,
            policy_version=policy.version(), tables=definition.tables(purpose),
        )  # fmt: skip
        ranges = _read(definition, work, on, step)
        files = _write(definition, manifest, work, ranges, step)
        whole = Manifest(**{**_fields(manifest), "files": files})
        _write_manifest(work / "manifest.json", whole)
        os.replace(work, folder)  # noqa: PTH105 - one act, atomic
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return whole


def _fields(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__slots__}


@contextmanager
def _one_moment() -> Iterator[psycopg.Cursor[Any]]:
    """Open a transaction of its own in which everything is of one moment."""
    own = connection.get_new_connection(connection.get_connection_params())
    try:
        own.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with own.transaction(), own.cursor() as cursor:
            yield cursor
    finally:
        own.close()


def _read(definition: Definition, work: Path, on: date, step: Step) -> dict[str, tuple[int, int]]:
    """Copy every part out of the database; give the first and last key of each part of it."""
    with _one_moment() as cursor:
        step("reading", 0, len(definition.parts) + 1)
        cursor.execute(_dated(definition.prepare, on))
        cursor.execute("ANALYZE snapshot_key")
        cursor.execute("SELECT part, min(key), max(key) FROM snapshot_key GROUP BY 1 ORDER BY 1")
        ranges = {part: (first, last) for part, first, last in cursor.fetchall()}
        for place, part in enumerate(definition.parts):
            step("reading", place + 1, len(definition.parts) + 1)
            query = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(_dated(part.sql, on))
            with cursor.copy(query) as rows, (work / f"{place}.csv").open("wb") as file:
                for block in rows:
                    file.write(block)
    return ranges


def _dated(statement: str, on: date) -> sql.Composed:
    return sql.SQL(statement).format(on=sql.Literal(on))


def _write(
    definition: Definition, manifest: Manifest, work: Path,
    ranges: dict[str, tuple[int, int]], step: Step,
) -> dict[str, File]:  # fmt: skip
    """Write the files, each part's rows in the order of the key."""
    engine = duckdb.connect(str(work / "rows.duckdb"), config={"memory_limit": MEMORY})
    try:
        for place, part in enumerate(definition.parts):
            step("sorting", place, len(definition.parts))
            _load(engine, place, part, work)
        files: dict[str, File] = {}
        for table in manifest.tables:
            for done, (part_name, (first, last)) in enumerate(ranges.items()):
                step(f"writing {table}", done, len(ranges))
                name = f"{table}/part={part_name}/rows.parquet"
                query = _select(definition, manifest, table, first, last)
                files[name] = _write_file(engine, query, work / name)
        return files
    finally:
        engine.close()
        for leftover in work.glob("*.csv"):
            leftover.unlink()
        for leftover in work.glob("rows.duckdb*"):
            leftover.unlink() if leftover.is_file() else shutil.rmtree(leftover)


def _load(engine: duckdb.DuckDBPyConnection, place: int, part: Part, work: Path) -> None:
    columns = {column.name: column.type for column in part.columns}
    path = work / f"{place}.csv"
    engine.execute(
        f"CREATE TABLE part_{place} AS SELECT * FROM read_csv({_text(path)},"
        " header=false, auto_detect=false,"
        f" columns={columns!r}, nullstr='', quote='\"', escape='\"', delim=',') ORDER BY 1"
    )
    path.unlink()


def _select(definition: Definition, manifest: Manifest, table: str, first: int, last: int) -> str:
    """Join the parts of a table for the keys of one part of the country."""
    places = [n for n, part in enumerate(definition.parts) if part.table == table]
    key, kept = definition.key, ", ".join(manifest.tables[table])
    joined = f"part_{places[0]}" + "".join(f" LEFT JOIN part_{n} USING ({key})" for n in places[1:])
    return f"SELECT {kept} FROM {joined} WHERE {key} BETWEEN {first} AND {last} ORDER BY {key}"


def _write_file(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> File:
    path.parent.mkdir(parents=True)
    written = engine.execute(
        f"COPY ({query}) TO {_text(path)} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()
    return File(rows=written[0][0], bytes=path.stat().st_size, sha256=digest(path))


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(path: Path, manifest: Manifest) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(manifest.as_json(), file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
