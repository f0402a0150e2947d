"""What a snapshot holds, as modules declare it, and the manifest that says what one does hold."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spean.kernel.access import Purpose

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type in DuckDB, and for which purposes alone it is let out."""

    name: str
    type: str
    purposes: frozenset[Purpose] | None = None

    def serves(self, purpose: Purpose) -> bool:
        """Say whether a snapshot for this purpose holds the column."""
        return self.purposes is None or purpose in self.purposes


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns of a table, read by one SQL statement of PostgreSQL, the key first.

    `sql` may name `{on}`, the day. The first part of a table says which rows there are; others
    of the same table add columns to them by the key.
    """

    table: str
    columns: tuple[Column, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Definition:
    """All that a snapshot holds.

    `prepare` makes the temporary table `snapshot_key` (a dense whole number `key`, in the order of
    `part`), on which the statements build: the number stands for the record inside the snapshot.
    """

    key: str
    prepare: str
    parts: tuple[Part, ...]

    def tables(self, purpose: Purpose) -> dict[str, dict[str, str]]:
        """Give each table's columns and their types in a snapshot for the purpose."""
        found: dict[str, dict[str, str]] = {}
        for part in self.parts:
            kept = {c.name: c.type for c in part.columns if c.serves(purpose)}
            if set(kept) != {self.key} or part.table in found:
                found.setdefault(part.table, {}).update(kept)
        return {table: columns for table, columns in found.items() if set(columns) != {self.key}}


@dataclass(frozen=True, slots=True)
class File:
    """One file of a snapshot."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot says of itself."""

    as_of: date
    purpose: str
    taken_at: str
    taken_by: str
    policy_version: str
    tables: Mapping[str, Mapping[str, str]]
    files: Mapping[str, File] = field(default_factory=dict)

    @property
    def schema_version(self) -> str:
        """A short hash over the tables, their columns and types."""
        return schema_version(self.tables)

    def rows(self, table: str) -> int:
        """Give how many rows a table has."""
        return sum(f.rows for name, f in self.files.items() if name.startswith(f"{table}/"))

    def as_json(self) -> dict[str, Any]:
        """Give the manifest as it is written."""
        return {
            "format": FORMAT,
            "as_of": self.as_of.isoformat(),
            "purpose": self.purpose,
            "taken_at": self.taken_at,
            "taken_by": self.taken_by,
            "policy_version": self.policy_version,
            "schema_version": self.schema_version,
            "rows": {table: self.rows(table) for table in self.tables},
            "tables": {table: dict(columns) for table, columns in self.tables.items()},
            "files": {
                name: {"rows": f.rows, "bytes": f.bytes, "sha256": f.sha256}
                for name, f in sorted(self.files.items())
            },
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Manifest":
        """Read a manifest. Raises KeyError, ValueError, TypeError where it is none."""
        if body["format"] != FORMAT:
            raise ValueError(body["format"])
        return cls(
            as_of=date.fromisoformat(body["as_of"]),
            purpose=body["purpose"],
            taken_at=body["taken_at"],
            taken_by=body["taken_by"],
            policy_version=body["policy_version"],
            tables=body["tables"],
            files={name: File(**one) for name, one in body["files"].items()},
        )


def schema_version(tables: Mapping[str, Mapping[str, str]]) -> str:
    """Give a short hash over tables, columns and types."""
    text = json.dumps([FORMAT, {t: dict(c) for t, c in tables.items()}], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


_installed: list[Definition] = []


def install(key: str, prepare: str, parts: Sequence[Part]) -> None:
    """Make this what a snapshot holds (see `spean.config.snapshot`)."""
    _installed[:] = [Definition(key, prepare, tuple(parts))]


def installed() -> Definition:
    """Give what a snapshot holds."""
    return _installed[0]
