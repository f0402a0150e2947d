"""The last indicators that were worked out, opened only if every file is the one written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from spean.kernel import runs
from spean.kernel.errors import N_, SpeanError
from spean.kernel.snapshots import WrongHash
from spean.kernel.snapshots.taking import digest

KIND = "indicators"


class NoIndicators(SpeanError):
    """Say that nobody has worked out the indicators yet."""

    code = "results.no_indicators"
    message = N_(
        "The indicators have not been worked out yet. Ask the national office to do it "
        "(Long work, Indicators)."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Frozen:
    """What one run found, and never changes: of records from `since` until `as_of`."""

    folder: Path
    as_of: date
    since: date
    policy_version: str
    definitions: Mapping[str, str]

    @property
    def tables(self) -> Mapping[str, str]:
        """How each kind of record is read."""
        paths = sorted(self.folder.glob("*.parquet"))
        return {path.stem: f"read_parquet('{path}')" for path in paths}


def latest() -> Frozen:
    """Give the last run's results. Raises NoIndicators, WrongHash."""
    done = runs.last_done(KIND)
    if done is None:
        raise NoIndicators
    return opened(done.result)


def opened(result: Mapping[str, Any]) -> Frozen:
    """Open what a run found. Raises NoIndicators, WrongHash."""
    folder = Path(result["folder"])
    _whole(folder, tuple(sorted(result["files"].items())))
    return Frozen(
        folder, date.fromisoformat(result["as_of"]), date.fromisoformat(result["since"]),
        result["policy_version"], result["definitions"],
    )  # fmt: skip


@lru_cache(maxsize=4)
def _whole(folder: Path, files: tuple[tuple[str, str], ...]) -> None:
    for name, written in files:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise NoIndicators
        if digest(path) != written:
            raise WrongHash(file=path.name)


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": "1GB"})


def cursor() -> duckdb.DuckDBPyConnection:
    """Give a cursor of the process's one engine: it serves one question."""
    return _engine().cursor()
