"""Which phone is asking: Digest, or Basic over https, with the key of the phone (RFC 7616, 7617).

The account's own password and second factor never travel. What a repeat of somebody else's request
could still do is said in the README.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from django.core.cache import cache
from django.http import HttpRequest

from spean.fieldwork import queries
from spean.fieldwork.queries import REALM, Device, ha1
from spean.interop.openrosa.nonces import Counts, is_good, new_nonce
from spean.kernel.api import caller
from spean.kernel.errors import N_, SpeanError

WRONG_ALLOWED: Final = 20
WRONG_FOR: Final = 5 * 60  # seconds
NEEDED: Final = ("username", "realm", "nonce", "uri", "response", "qop", "nc", "cnonce")
NOBODY: Final = "0" * 32
_COUNT = re.compile(r"[0-9a-fA-F]{8}")
_counts = Counts()


class SignInNeeded(SpeanError):
    """Ask who is sending."""

    code = "interop.sign_in_needed"
    message = N_("Sign in with your user name and the key of this phone.")
    status = 401


class WrongKey(SpeanError):
    """Refuse a name and a key that don't fit together."""

    code = "interop.wrong_key"
    message = N_(
        "This user name and this key do not belong together. "
        "Check them in the phone's settings, or add the phone anew under “My phones”."
    )
    status = 401


class NonceUsedUp(SpeanError):
    """Ask to sign the request again, with a fresh nonce; the phone does so by itself."""

    code = "interop.nonce_used_up"
    message = N_("The sign-in took too long. Send it again.")
    status = 401


class TooManyWrong(SpeanError):
    """Refuse to try more keys for a while."""

    code = "interop.too_many_wrong_keys"
    message = N_("Too many wrong keys. Wait five minutes, then check the name and the key.")
    status = 429


class PhoneRevoked(SpeanError):
    """Refuse a phone whose key was taken away."""

    code = "interop.phone_revoked"
    message = N_(
        "This phone was revoked, so nothing can be sent with its key any more. What it sent was "
        "kept here for inspection. Add the phone anew, or tell your supervisor."
    )
    status = 403


class AccountDisabled(SpeanError):
    """Refuse a phone whose user's account was closed."""

    code = "interop.account_disabled"
    message = N_(
        "Your account is closed. What was sent was kept here for inspection; tell your supervisor."
    )
    status = 403


def device_asking(request: HttpRequest) -> Device | None:
    """Give the phone whose key signs the request; None where none does.

    A revoked phone is given too: it is known, and `check_open` says why it is refused.
    Raises WrongKey, NonceUsedUp, TooManyWrong.
    """
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "digest":
        given = _fields(rest)
        return _throttled(request, given.get("username", ""), lambda: _by_digest(request, given))
    if scheme.lower() == "basic" and request.is_secure():
        username, key = _name_and_key(rest)
        return _throttled(request, username, lambda: _by_basic(username, key))
    return None


def check_open(device: Device) -> None:
    """Refuse a phone that is shut out, or whose user is. Raises PhoneRevoked, AccountDisabled."""
    if not device.user.is_active:
        raise AccountDisabled
    if device.revoked_at is not None:
        raise PhoneRevoked


def challenges(request: HttpRequest, *, stale: bool) -> str:
    """Give the ways to sign in: Digest first, Basic only where nobody can listen."""
    digest = f'Digest realm="{REALM}", nonce="{new_nonce()}", qop="auth", algorithm=MD5'
    if stale:
        digest += ", stale=true"
    if request.is_secure():
        return f'{digest}, Basic realm="{REALM}"'
    return digest


def _throttled(request: HttpRequest, username: str, sign_in: Callable[[], Device | None]) -> Device:
    """Try a key, unless too many wrong ones came from this address for this name."""
    who = f"{caller(request)} {username}".encode("utf-8", "replace")
    counter = f"openrosa-wrong-{hashlib.sha256(who).hexdigest()}"
    wrong = cache.get(counter, 0)
    if wrong >= WRONG_ALLOWED:
        raise TooManyWrong
    found = sign_in()
    if found is None:
        cache.set(counter, wrong + 1, WRONG_FOR)
        raise WrongKey
    return found


def _by_digest(request: HttpRequest, given: Mapping[str, str]) -> Device | None:
    if not _is_for(request, given):
        return None
    nonce, count = given["nonce"], given["nc"]
    ha2 = _md5(request.method or "", given["uri"])
    signed = (nonce, count, given["cnonce"], "auth", ha2)
    found = _matching(given["username"], lambda one: _md5(one, *signed), given["response"].lower())
    if found and not (is_good(nonce) and _counts.take(nonce, int(count, 16))):
        raise NonceUsedUp
    return found


def _by_basic(username: str, key: str) -> Device | None:
    return _matching(username, lambda one: one, ha1(username, key))


def _is_for(request: HttpRequest, given: Mapping[str, str]) -> bool:
    """Say whether a Digest is whole, of our kind, and signs this very address."""
    if any(not given.get(name) for name in NEEDED):
        return False
    if given.get("algorithm", "MD5").upper() != "MD5" or given["qop"] != "auth":
        return False
    if given["realm"] != REALM or not _COUNT.fullmatch(given["nc"]):
        return False
    try:
        where = urlsplit(given["uri"])
    except ValueError:
        return False
    asked = request.META.get("QUERY_STRING", "")
    return unquote(where.path) == request.path and where.query == asked


def _matching(username: str, answer: Callable[[str], str], given: str) -> Device | None:
    """Find the phone of that user name whose key gives the answer; each is compared whole."""
    sent = given.encode("utf-8", "replace")
    devices = queries.devices_called(username)
    fitting = [one for one in devices if compare_digest(answer(one.ha1).encode(), sent)]
    if not devices:
        compare_digest(answer(NOBODY).encode(), sent)
    return fitting[0] if fitting else None


def _md5(*parts: str) -> str:
    written = ":".join(parts).encode("utf-8", "replace")
    return hashlib.md5(written, usedforsecurity=False).hexdigest()


def _fields(text: str) -> Mapping[str, str]:
    pairs = [part for part in parse_http_list(text) if "=" in part and not part.endswith("=")]
    return parse_keqv_list(pairs)


def _name_and_key(text: str) -> tuple[str, str]:
    try:
        name, _, key = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, key
