"""Many rows at once: CSV files into and out of PostgreSQL by COPY, in the caller's transaction."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import connection

BLOCK_BYTES = 1 << 20


def copy_in(path: Path, target: str) -> None:
    """Copy a CSV file without a header into a table: `target` is "table (column, …)"."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy,
        path.open("rb") as file,
    ):
        while block := file.read(BLOCK_BYTES):
            copy.write(block)


def copy_out(query: str, path: Path, values: Mapping[str, object] | None = None) -> None:
    """Copy the rows of a query, one of our own, into a CSV file without a header."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", values) as copy,
        path.open("wb") as file,
    ):
        file.writelines(copy)


def rows(path: Path) -> Iterator[list[str]]:
    """Give the rows of a CSV file that `copy_out` wrote, one at a time."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
