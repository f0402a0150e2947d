"""Rows of Arrow arrive in PostgreSQL as they are."""

from datetime import date
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from django.db import connection

from spean.kernel import arrow

pytestmark = pytest.mark.django_db
SOMEBODY = UUID("01890000-0000-7000-8000-00000000abcd")
COLUMNS: dict[str, tuple[str, pa.DataType, list[Any]]] = {
    "who": ("uuid", pa.uuid(), [SOMEBODY, SOMEBODY, None]),
    "name": ("text", pa.string(), ["សុខ ដារ៉ា", "", None]),
    "born": ("date", pa.date32(), [date(1932, 2, 29), date(2026, 11, 28), None]),
    "answer": ("smallint", pa.int16(), [-2, 4, None]),
    "place": ("integer", pa.int32(), [-70_000, 70_000, None]),
    "amount": ("bigint", pa.int64(), [-(2**40), 2**40, None]),
    "alive": ("boolean", pa.bool8(), [True, False, None]),
    "keys": ("text[]", pa.list_(pa.string()), [["SoK", "ដា", ""], [], None]),
}


def _rows() -> pa.Table:
    return pa.table({name: _column(kind, values) for name, (_, kind, values) in COLUMNS.items()})


def _column(kind: pa.DataType, values: list[Any]) -> pa.Array:
    if kind == pa.bool8():  # as DuckDB gives booleans: a byte each
        return pa.ExtensionArray.from_storage(kind, pa.array(values).cast(pa.int8()))
    return pa.array(values, kind)


def _copied(rows: pa.Table) -> list[tuple[Any, ...]]:
    declared = ", ".join(f"{name} {kind}" for name, (kind, *_) in COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE copied ({declared}) ON COMMIT DROP")
        arrow.copy_in(rows, f"copied ({', '.join(COLUMNS)})")
        cursor.execute("SELECT * FROM copied")
        return cursor.fetchall()


def test_every_kind_of_value_arrives_and_so_does_none() -> None:
    expected = list(zip(*(values for *_, values in COLUMNS.values()), strict=True))

    assert _copied(_rows()) == expected


def test_a_part_of_a_table_in_several_pieces_arrives() -> None:
    pieces = pa.concat_tables([_rows(), _rows()])

    found = _copied(pieces.slice(2, 3))

    assert [row[1] for row in found] == [None, "សុខ ដារ៉ា", ""]


def test_no_rows_are_no_rows() -> None:
    assert _copied(_rows().slice(0, 0)) == []


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="double is not copied"):
        arrow.copy_in(pa.table({"x": [1.5]}), "anywhere (x)")
