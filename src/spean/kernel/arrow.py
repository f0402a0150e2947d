"""Rows of Arrow into PostgreSQL by COPY in binary, built column by column.

PostgreSQL reads binary at a fraction of what text costs it. A row is its number of fields, then of
each field the length and the bytes, numbers with the highest byte first (PostgreSQL's manual, COPY,
"Binary Format"); a column must have the very type of the one it goes into.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

BLOCK_BYTES = 1 << 20
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_DAY_ZERO = pa.scalar(10_957, pa.int32())  # of PostgreSQL, 2000-01-01, counted from that of Arrow
_TEXT = 25  # the number of the type in pg_type
_NULL = -1


def copy_in(rows: pa.Table, target: str) -> None:
    """Copy rows into a table, in the caller's transaction: `target` is "table (column, …)".

    Text, whole numbers, dates, booleans, UUIDs and lists of text; anything else is a TypeError.
    """
    sent = memoryview(_rows(rows))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.write(_HEADER)
        for start in range(0, len(sent), BLOCK_BYTES):
            copy.write(sent[start : start + BLOCK_BYTES])
        copy.write(_END)


def _rows(rows: pa.Table) -> Any:
    """Give all rows as the bytes in which they are sent."""
    if not rows.num_rows:
        return b""
    parts = [_numbers(np.full(rows.num_rows, rows.num_columns), ">i2")]
    for column in rows.combine_chunks().columns:
        parts += _field(_values(column.chunk(0)))
    joined = pc.binary_join_element_wise(*parts, b"")
    return joined.buffers()[2]


def _field(values: Any) -> list[Any]:
    """Give the lengths and the bytes of one column's fields; a missing one has no bytes."""
    lengths = pc.fill_null(pc.binary_length(values), _NULL)
    return [_numbers(lengths.to_numpy(zero_copy_only=False), ">i4"), pc.fill_null(values, b"")]


def _values(column: Any) -> Any:
    """Give each value as PostgreSQL reads it, missing where it is missing."""
    if isinstance(column, pa.ExtensionArray):  # a UUID, or a boolean of one byte
        column = column.storage
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_fixed_size_binary(kind):
        return column.cast(pa.binary())
    if pa.types.is_date32(kind):
        return _of_numbers(pc.subtract(column.cast(pa.int32()), _DAY_ZERO))
    if pa.types.is_signed_integer(kind):
        return _of_numbers(column)
    if pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
        return _of_lists(column)
    raise TypeError(f"{kind} is not copied")


def _of_numbers(column: Any) -> Any:
    known = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    encoded = _numbers(known, f">i{known.itemsize}")
    return encoded if not column.null_count else pc.if_else(column.is_valid(), encoded, None)


def _of_lists(column: Any) -> Any:
    """Give arrays of text: dimensions, no missing elements, type, length, first index, elements."""
    elements = pc.binary_join_element_wise(*_field(_values(column.flatten())), b"")
    ends = pa.array(np.concatenate([[0], np.cumsum(_lengths(column))]), pa.int32())
    head = np.empty((len(column), 5), ">i4")
    head[:] = (1, 0, _TEXT, 0, 1)
    head[:, 3] = _lengths(column)
    joined = pc.binary_join(pa.ListArray.from_arrays(ends, elements), b"")
    arrays = pc.binary_join_element_wise(_fixed(head), joined, b"")
    return arrays if not column.null_count else pc.if_else(column.is_valid(), arrays, None)


def _lengths(column: Any) -> Any:
    return pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)


def _numbers(values: Any, kind: str) -> Any:
    return _fixed(values.astype(kind).reshape(-1, 1))


def _fixed(rows: Any) -> Any:
    """Give the rows of a matrix as binary values, each of as many bytes."""
    width = pa.binary(rows.shape[1] * rows.itemsize)
    held = [None, pa.py_buffer(np.ascontiguousarray(rows))]
    return pa.FixedSizeBinaryArray.from_buffers(width, len(rows), held).cast(pa.binary())
