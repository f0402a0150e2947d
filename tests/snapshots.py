"""Small snapshots for tests: written as `kernel.snapshots` writes them, from rows given by hand."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.utils import timezone

from spean.kernel.access import Purpose
from spean.kernel.models import LongRun
from spean.kernel.policy import policy
from spean.kernel.snapshots import Manifest, Snapshot, installed, open_snapshot
from spean.kernel.snapshots.shapes import File
from spean.kernel.snapshots.taking import digest

AS_OF = date(2026, 11, 1)
TYPES = {"INTEGER": pa.int32(), "VARCHAR": pa.string(), "DATE": pa.date32(), "BOOLEAN": pa.bool_()}
HOME = {"household": 1, "village": "16010101", "area_class": "rural", "status": "poor_1"}
MEMBER = {
    "household": 1, "village": "16010101", "area_class": "rural", "status": "poor_1",
    "sex": "female", "birth_date": date(1990, 5, 5), "relation": "head",
    "disabled": False, "pregnant": False,
}  # fmt: skip


def write_snapshot(
    folder: Path, homes: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]],
    taken_at: str = "2026-11-01T00:00:00+00:00",
) -> Snapshot:  # fmt: skip
    """Write a snapshot of these rows (what isn't given is NULL) and open it."""
    tables = installed().tables(Purpose.STATISTICS)
    files = {}
    part_of = {home["household"]: home["village"][:2] for home in homes}
    for table, rows in (("households", homes), ("people", people)):
        for part in sorted(set(part_of.values())):
            name = f"{table}/part={part}/rows.parquet"
            there = [row for row in rows if part_of[row["household"]] == part]
            files[name] = _write(folder / name, there, tables[table])
    manifest = Manifest(
        as_of=AS_OF, purpose="statistics", taken_at=taken_at, taken_by="test",
        policy_version=policy.version(), tables=tables, files=files,
    )  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest.as_json()), encoding="utf-8")
    return open_snapshot(folder)


def record_snapshot(
    folder: Path, homes: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]]
) -> None:
    """Write a snapshot of these rows, the last that was taken."""
    write_snapshot(folder, homes, people)
    LongRun.objects.create(
        kind="snapshot", state="done", started_by="test", finished_at=timezone.now(),
        result={"folder": str(folder), "as_of": AS_OF.isoformat()},
    )  # fmt: skip


def _write(path: Path, rows: Sequence[dict[str, Any]], columns: Any) -> File:
    path.parent.mkdir(parents=True)
    schema = pa.schema([(name, TYPES[kind]) for name, kind in columns.items()])
    with duckdb.connect() as engine:
        engine.register("listed", pa.Table.from_pylist(list(rows), schema=schema))
        engine.execute(f"COPY listed TO '{path}' (FORMAT parquet)")
    return File(rows=len(rows), bytes=path.stat().st_size, sha256=digest(path))
