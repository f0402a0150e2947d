"""The key of a phone: how it is written, and what is kept of it.

RFC 7616, 3.4.2: Digest needs A1 = user name ":" realm ":" password. Its MD5 is all that is kept.
"""

import hashlib
from typing import Final

REALM: Final = "Spean"
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
GROUPS: Final = 6
OF_LETTERS: Final = 4


def key_of(letters: str) -> str:
    """Write a key so that it can be copied by hand: groups of four with hyphens between."""
    groups = (letters[n : n + OF_LETTERS] for n in range(0, len(letters), OF_LETTERS))
    return "-".join(groups)


def ha1(username: str, key: str) -> str:
    """Give MD5(A1), by which the server knows a key without keeping it."""
    written = f"{username}:{REALM}:{key}".encode()
    return hashlib.md5(written, usedforsecurity=False).hexdigest()
