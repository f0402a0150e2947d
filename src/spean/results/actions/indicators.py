"""The nation's indicators are worked out, and what came of it is kept as it is."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from spean.kernel.policy import policy
from spean.kernel.snapshots.taking import digest
from spean.maternal_child.queries import countable
from spean.results.queries import indicators
from spean.results.queries.levels import read_levels

MEMORY = "2GB"
Step = Callable[[str, int, int], None]


def freeze(
    folder: Path, *, since: date, on: date, step: Step = lambda doing, done, total: None
) -> dict[str, Any]:
    """Write one file a kind of record into a folder that does not exist yet; say what it holds."""
    work = folder.with_name(f".{folder.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        with duckdb.connect(str(work / "work.duckdb"), config={"memory_limit": MEMORY}) as engine:
            step("reading", 0, 3)
            countable.read(engine, work, places=[""], since=since, on=on)
            read_levels(engine, work, on=on)
            step("working out", 1, 3)
            countable.work_out(engine, since=since, on=on)
            step("writing", 2, 3)
            files = write_tables(engine, work, on=on)
        (work / "work.duckdb").unlink()
        os.replace(work, folder)  # noqa: PTH105 - one act, atomic
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {
        "folder": str(folder),
        "as_of": on.isoformat(),
        "since": since.isoformat(),
        "policy_version": policy.version(),
        "definitions": {code: one.since.isoformat() for code, one in indicators.groups(on).items()},
        "files": files,
    }


def write_tables(engine: duckdb.DuckDBPyConnection, work: Path, *, on: date) -> dict[str, str]:
    """Write each kind of record with the family's level of that day; give each file's hash."""
    for kind in countable.flags(on):
        engine.execute(f"""
            COPY (
                SELECT record.*, coalesce(status.level, 'not_poor') AS level
                FROM {kind} record
                LEFT JOIN statuses status ON status.household = record.household
                     AND record.day >= status.start AND record.day < status.ended
                ORDER BY village, day
            ) TO '{work / kind}.parquet' (FORMAT parquet, COMPRESSION zstd)""")
    engine.execute(f"COPY people TO '{work / 'people'}.parquet' (FORMAT parquet)")
    return {path.stem: digest(path) for path in sorted(work.glob("*.parquet"))}
