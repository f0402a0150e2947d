"""Identifiers that can be made anywhere, offline included, and still sort by time."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Make a UUID of version 7 (RFC 9562): unique without asking anyone, ordered by its making."""
    return uuid7()


# The same in a statement of PostgreSQL, for rows that are made there: a UUID of version 7 in whose
# first 48 bits are milliseconds.
NEW_ID = """(
    lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(md5(gen_random_uuid()::text), 1, 3)
    || '8' || substr(md5(gen_random_uuid()::text), 1, 15)
)::uuid"""
