"""The nation's entitlements worked out from a snapshot, and kept as one result."""

import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from spean.kernel import runs, snapshots
from spean.kernel.errors import N_, Conflict
from spean.kernel.runs import Progress
from spean.kernel.snapshots import Snapshot
from spean.programmes.queries import ENGINE, Terms, compiled, struck, terms
from spean.programmes.rules import fingerprint

MEMORY = "3GB"
KEPT = 2


class NobodyInSnapshot(Conflict):
    """Refuse to work out what nobody is owed."""

    code = "programmes.nobody_in_snapshot"
    message = N_(
        "The snapshot holds no household. Register families or take files in, then take another."
    )


def determine_nation(progress: Progress) -> Mapping[str, Any]:
    """Work out what every household of the last snapshot is owed.

    Parameters: `on`, the day whose terms hold (else the snapshot's); `hit`, places struck by a
    shock (else those of the approved plans). The result is put in place whole; a killed run begins
    anew and leaves the last good one. Raises what `snapshots.latest` raises, NobodyInSnapshot,
    ColumnMissing, NotInForce.
    """
    snapshot = snapshots.latest()
    asked = progress.parameters
    on = date.fromisoformat(asked["on"]) if asked.get("on") else snapshot.manifest.as_of
    held = terms(on, hit=asked.get("hit", struck(on)))
    folder = Path(settings.RESULTS) / f"entitlements-{on.isoformat()}-{progress.run.pk}"
    totals = determine(snapshot, held, folder, progress)
    runs.forget_older(progress.run.kind, kept=KEPT - 1)
    return totals | {
        "folder": str(folder),
        "snapshot": str(snapshot.folder),
        "as_of": snapshot.manifest.as_of.isoformat(),
        "on": on.isoformat(),
        "struck": fingerprint(held.hit),
        "policy_version": held.policy_version,
    }


def determine(
    snapshot: Snapshot, held: Terms, folder: Path, progress: Progress | None = None
) -> dict[str, Any]:
    """Write one row a household to `<folder>/part=NN/rows.parquet`; give the totals.

    Bounded memory: as many parts of the country at a time as the engine has threads. Raises
    NobodyInSnapshot, ColumnMissing before it starts.
    """
    if not snapshot.manifest.rows("households"):
        raise NobodyInSnapshot
    snapshot.require(held.reads)
    work = folder.with_name(f".{folder.name}.work")
    shutil.rmtree(work, ignore_errors=True)
    try:
        with duckdb.connect(config={"memory_limit": MEMORY, **ENGINE}) as engine:
            _write_parts(engine, snapshot, held, work, progress)
            totals = _totals(engine, work, held)
        (work / "totals.json").write_text(json.dumps(totals), encoding="utf-8")
        os.replace(work, folder)  # noqa: PTH105 - one act, atomic
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return totals


def _write_parts(
    engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, held: Terms, work: Path,
    progress: Progress | None,
) -> None:  # fmt: skip
    """Write the parts side by side, one a thread: a part alone doesn't keep several busy."""
    statement = compiled(held)

    def write(part: str) -> None:
        target = work / f"part={part}"
        target.mkdir(parents=True)
        with engine.cursor() as own:
            for table in held.reads:
                snapshot.view(own, table, part)
            own.execute(
                f"COPY ({statement}) TO '{target}/rows.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )

    pool = ThreadPoolExecutor(engine.execute("SELECT current_setting('threads')").fetchall()[0][0])
    try:
        for done, _ in enumerate(pool.map(write, snapshot.parts)):
            if progress is not None:
                progress.step("working out", done + 1, len(snapshot.parts))
    finally:
        pool.shutdown(cancel_futures=True)


def _totals(engine: duckdb.DuckDBPyConnection, work: Path, held: Terms) -> dict[str, Any]:
    sums = "".join(
        f", count({p.code}_amount), coalesce(sum({p.code}_amount), 0)::BIGINT"
        for p in held.programmes
    )
    row = engine.execute(
        f"SELECT count(*){sums} FROM read_parquet('{work}/part=*/*.parquet')"
    ).fetchall()
    counts = row[0]
    return {
        "households": counts[0],
        "programmes": {
            p.code: {"households": counts[1 + 2 * n], "amount": counts[2 + 2 * n]}
            for n, p in enumerate(held.programmes)
        },
    }
