"""Pages of a search: by cursor, each record once, and no personal data in an address.

The link to the next page carries the search itself, encrypted, so that a name or number that was
posted to `_search` never stands in a log of addresses.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import QuerySet

from spean.kernel.api import BadCursor, page_of


@dataclass(frozen=True, slots=True)
class Rows:
    """Records of the database, in the order of a unique field."""

    rows: "QuerySet[Any]"
    key: str = "id"

    def page(self, after: str, limit: int) -> tuple[list[Any], str]:
        """Give some rows, and the cursor of the next ones ("" at the end)."""
        found, following = page_of(self.rows, cursor=after or None, limit=limit, key=self.key)
        return found, following or ""

    def count(self) -> int:
        """Count them all."""
        return self.rows.count()


@dataclass(frozen=True, slots=True)
class Few:
    """Records that are at hand, always in the same order."""

    rows: Sequence[Any]

    def page(self, after: str, limit: int) -> tuple[list[Any], str]:
        """Give some rows, and the cursor of the next ones ("" at the end)."""
        if not (after or "0").isdecimal():
            raise BadCursor
        start = int(after or 0)
        end = start + limit
        return list(self.rows[start:end]), str(end) if end < len(self.rows) else ""

    def count(self) -> int:
        """Count them all."""
        return len(self.rows)


Found = Sequence[Rows | Few]


def page(found: Found, after: str, limit: int) -> tuple[list[Any], str]:
    """Give one page of what was found, part after part, and the cursor of the next one."""
    number, inner = _position(after, len(found))
    rows: list[Any] = []
    while number < len(found):
        some, inner = found[number].page(inner, limit - len(rows))
        rows += some
        if not inner:
            number += 1
        if len(rows) == limit:
            break
    return rows, f"{number}:{inner}" if number < len(found) else ""


def _position(after: str, parts: int) -> tuple[int, str]:
    number, _, inner = (after or "0:").partition(":")
    if not number.isdecimal() or int(number) >= max(parts, 1):
        raise BadCursor
    return int(number), inner


def sealed(search: dict[str, Any]) -> str:
    """Write a search and its position as text that only this server reads."""
    return _cipher().encrypt(json.dumps(search).encode()).decode()


def unsealed(text: str) -> Any:
    """Read what `sealed` wrote. Raises BadCursor."""
    try:
        return json.loads(_cipher().decrypt(text.encode()))
    except InvalidToken as error:
        raise BadCursor from error


def _cipher() -> Fernet:
    key = hashlib.sha256(f"fhir page {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
