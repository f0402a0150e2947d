"""Tables copied out of the database into the columnar engine, by way of CSV files."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from spean.kernel import bulk


def read(db: duckdb.DuckDBPyConnection, name: str, columns: str, path: Path) -> None:
    """Make a table from a file of `bulk.copy_out`; `columns` is "id UUID, day DATE"."""
    types = dict(column.split() for column in columns.split(", "))
    db.execute(  # of our own names alone
        f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM read_csv(?, header=false,"  # noqa: S608
        " auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='',"
        f" columns={types!r})",
        [str(path)],
    )


def copy(
    db: duckdb.DuckDBPyConnection, name: str, columns: str, sql: str, asked: Mapping[str, object],
    folder: Path,
) -> None:  # fmt: skip
    """Make a table of what a statement gives; a file stands in the folder only meanwhile."""
    path = folder / f"{name}.csv"
    bulk.copy_out(sql, path, asked)
    read(db, name, columns, path)
    path.unlink()
