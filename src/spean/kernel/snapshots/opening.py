"""A snapshot is opened: only if every file is there and is as the manifest says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from spean.kernel import runs
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.snapshots.shapes import Manifest, schema_version
from spean.kernel.snapshots.taking import digest

KIND = "snapshot"


class SnapshotRefused(SpeanError):
    """Refuse a snapshot that is not what it should be."""

    status = 409


class ManifestMissing(SnapshotRefused):
    """Refuse a folder without a readable manifest."""

    code = "kernel.snapshot_manifest_missing"
    message = N_("The snapshot has no readable manifest. Take a new one.")


class PartMissing(SnapshotRefused):
    """Refuse a snapshot of which a file is gone."""

    code = "kernel.snapshot_part_missing"
    message = N_("The snapshot lacks the file %(file)s. Take a new one.")


class WrongHash(SnapshotRefused):
    """Refuse a snapshot of which a file is not the one that was written."""

    code = "kernel.snapshot_wrong_hash"
    message = N_(
        "The file %(file)s of the snapshot is not the one that was written. Take a new one."
    )


class SchemaChanged(SnapshotRefused):
    """Refuse a snapshot whose files don't have the columns that its manifest names."""

    code = "kernel.snapshot_schema_changed"
    message = N_(
        "The columns of %(table)s are not those that the snapshot's manifest names. "
        "Take a new snapshot."
    )


class ColumnMissing(SnapshotRefused):
    """Refuse, before it starts, a rule that reads what the snapshot doesn't hold."""

    code = "kernel.snapshot_column_missing"
    message = N_(
        "The rule reads the column “%(column)s” of %(table)s, which the snapshot doesn't hold. "
        "Take a new snapshot."
    )


class NoSnapshot(NotFound):
    """Say that there is no snapshot yet."""

    code = "kernel.no_snapshot"
    message = N_("There is no snapshot of the registry yet. Ask the national office to take one.")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that was found to be whole."""

    folder: Path
    manifest: Manifest

    @property
    def parts(self) -> list[str]:
        """Give the parts of the country that it holds."""
        return sorted({name.split("/")[1].removeprefix("part=") for name in self.manifest.files})

    def path(self, table: str, part: str = "*") -> str:
        """Give the address of a table's files, or of one part's, as engines take it."""
        return f"{self.folder}/{table}/part={part}/rows.parquet"

    def require(self, reads: Mapping[str, Mapping[str, str]]) -> None:
        """Refuse a rule that reads a column that isn't here. Raises ColumnMissing."""
        for table, columns in reads.items():
            held = self.manifest.tables.get(table, {})
            for column in columns:
                if column not in held:
                    raise ColumnMissing(column=column, table=table)

    def view(self, engine: duckdb.DuckDBPyConnection, table: str, part: str = "*") -> None:
        """Show a table, or a part of it, to a connection of DuckDB under its own name."""
        engine.execute(
            f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM"
            f" read_parquet('{self.path(table, part)}', hive_partitioning=false)"
        )


def open_snapshot(folder: Path) -> Snapshot:
    """Open a snapshot, every file of it checked against the manifest.

    Raises ManifestMissing, PartMissing, WrongHash, SchemaChanged.
    """
    manifest = _manifest(folder)
    for name, written in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise PartMissing(file=name)
        if path.stat().st_size != written.bytes or _digest(path) != written.sha256:
            raise WrongHash(file=name)
    _check_columns(folder, manifest)
    return Snapshot(folder, manifest)


def _manifest(folder: Path) -> Manifest:
    try:
        body = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest = Manifest.from_json(body)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestMissing from error
    if body["schema_version"] != schema_version(manifest.tables):
        raise SchemaChanged(table="manifest.json")
    return manifest


def _digest(path: Path) -> str:
    """Give the hash of a file, worked out once for as long as the file is not touched."""
    facts = path.stat()
    return _digest_of(path, facts.st_mtime_ns, facts.st_size, facts.st_ino)


@lru_cache(maxsize=512)
def _digest_of(path: Path, *_: int) -> str:
    return digest(path)


def _check_columns(folder: Path, manifest: Manifest) -> None:
    with duckdb.connect() as engine:
        for table, columns in manifest.tables.items():
            names = [name for name in manifest.files if name.startswith(f"{table}/")]
            for name in names:
                rows: list[tuple[Any, ...]] = engine.execute(
                    "SELECT name FROM parquet_schema(?) WHERE type IS NOT NULL",
                    [str(folder / name)],
                ).fetchall()
                if [row[0] for row in rows] != list(columns):
                    raise SchemaChanged(table=table)


def latest(kind: str = KIND) -> Snapshot:
    """Open the last good snapshot. Raises NoSnapshot, and what `open_snapshot` raises."""
    done = runs.last_done(kind)
    if done is None:
        raise NoSnapshot
    return open_snapshot(Path(done.result["folder"]))
