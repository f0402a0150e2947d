"""The records as of a day, as Parquet files that a columnar engine reads: made, kept, opened.

A snapshot is a folder: `<table>/part=<part>/rows.parquet` and a `manifest.json` that says as of
which day and for which purpose it was made, by which schema and policy, and of each file its rows,
bytes and SHA-256. It is put in place whole by one rename, and refused when anything is not as the
manifest says.
"""

from spean.kernel.snapshots.opening import (
    ColumnMissing,
    ManifestMissing,
    NoSnapshot,
    PartMissing,
    SchemaChanged,
    Snapshot,
    WrongHash,
    latest,
    open_snapshot,
)
from spean.kernel.snapshots.shapes import Column, Definition, Manifest, Part, install, installed
from spean.kernel.snapshots.taking import take

__all__ = [
    "Column",
    "ColumnMissing",
    "Definition",
    "Manifest",
    "ManifestMissing",
    "NoSnapshot",
    "Part",
    "PartMissing",
    "SchemaChanged",
    "Snapshot",
    "WrongHash",
    "install",
    "installed",
    "latest",
    "open_snapshot",
    "take",
]
