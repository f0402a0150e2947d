"""Identifiers that can be made anywhere, offline included, and still sort by time."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Make a UUID of version 7 (RFC 9562): unique without asking anyone, ordered by its making."""
    return uuid7()
