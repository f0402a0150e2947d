"""Nonces of Digest: made by us, good for minutes, each count good once (RFC 7616, 3.3 and 5.4)."""

import secrets
import threading
from collections import OrderedDict
from typing import Final

from django.core import signing

LIFE: Final = 5 * 60  # seconds
MOST_REMEMBERED: Final = 20_000
_signer = signing.TimestampSigner(salt="spean.interop.openrosa.nonce")


def new_nonce() -> str:
    """Make a nonce that bears its moment and our signature, so that none has to be kept."""
    return _signer.sign(secrets.token_urlsafe(12))


def is_good(nonce: str) -> bool:
    """Say whether we made this nonce, a short while ago."""
    try:
        _signer.unsign(nonce, max_age=LIFE)
    except signing.BadSignature:
        return False
    return True


class Counts:
    """The counts with which each nonce was used, as far as this process has seen."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._used: OrderedDict[str, set[int]] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def take(self, nonce: str, count: int) -> bool:
        """Use a count of a nonce; False where it was used before."""
        with self._lock:
            used = self._used.setdefault(nonce, set())
            if count in used:
                return False
            used.add(count)
            if len(self._used) > self._most:
                self._used.popitem(last=False)
            return True
