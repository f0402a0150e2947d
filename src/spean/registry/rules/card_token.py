"""The text in an equity card's QR code: signed, so that a phone can check it without a network.

"SPN1:" and the base32 of: key id (6 bytes), what the card says (22 bytes, big-endian), Ed25519
signature over everything before it (64 bytes, RFC 8032). Base32 and not base45: it stays within a
QR code's alphanumeric letters too, is in every language's library, and has no space to lose in an
address or a form. The key id is the start of the key's JWK thumbprint (RFC 7638).
"""

import base64
import binascii
import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from spean.kernel.errors import N_, SpeanError

SigningKey = Ed25519PrivateKey
PublicKey = Ed25519PublicKey

PREFIX: Final = "SPN1:"
KEY_ID_BYTES: Final = 6
_SAID = struct.Struct(">QBHHBII")  # number, category, from, until, size, village, issue serial
_SIGNATURE_BYTES: Final = 64
_LENGTH: Final = KEY_ID_BYTES + _SAID.size + _SIGNATURE_BYTES
_DAY_ZERO = date(2000, 1, 1)
_NUMBER_DIGITS: Final = 12
_VILLAGE_DIGITS: Final = 8


class CardCategory(StrEnum):
    """The levels that have a card, in the order of their numbers in the token (never reordered)."""

    POOR_1 = "poor_1"
    POOR_2 = "poor_2"
    AT_RISK = "at_risk"


_CATEGORIES: Final = tuple(CardCategory)


class NotACard(SpeanError):
    """Refuse a text that is not an equity card's code."""

    code = "registry.not_a_card"
    message = N_("This is not the code of an equity card. Scan the card's code again.")


class UnknownVersion(SpeanError):
    """Refuse a card of a later kind than this program knows."""

    code = "registry.card_unknown_version"
    message = N_("This card is of a newer kind. Update the program that reads the cards.")


class Forged(SpeanError):
    """Refuse a card that none of the published keys has signed."""

    code = "registry.card_forged"
    message = N_("This card was not signed by the issuer. Do not accept it; tell the district.")


class UnknownKey(Forged):
    """Refuse a card signed by a key that is not among the published ones."""

    code = "registry.card_unknown_key"
    message = N_("The key that signed this card is not known here. Fetch the published keys again.")


class BadSignature(Forged):
    """Refuse a card whose words were changed after it was signed."""

    code = "registry.card_bad_signature"
    message = N_("This card was changed after it was signed. Do not accept it; tell the district.")


class NotYetValid(SpeanError):
    """Refuse a card before its first day."""

    code = "registry.card_not_yet_valid"
    message = N_("This card is valid from %(valid_from)s. Ask the family for its present card.")


class Expired(SpeanError):
    """Refuse a card from the day its validity ends."""

    code = "registry.card_expired"
    message = N_(
        "This card was valid until %(last_day)s. Send the family to the commune to renew it."
    )


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a card says of its household: no name, no other personal data.

    `valid_until` is the first day on which the card no longer holds, as the end of a Period.
    """

    number: str
    category: str
    valid_from: date
    valid_until: date
    household_size: int
    village_code: str
    serial: int

    @property
    def last_day(self) -> date:
        """Give the last day on which the card holds."""
        return self.valid_until - timedelta(days=1)


def _pack(token: CardToken) -> bytes:
    """Give the token as bytes; ValueError for what has no room in them."""
    if not re.fullmatch(f"[0-9]{{{_NUMBER_DIGITS}}}", token.number):
        raise ValueError("a card number has 12 digits")
    if not re.fullmatch(f"[0-9]{{{_VILLAGE_DIGITS}}}", token.village_code):
        raise ValueError("a village code has 8 digits")
    if not token.valid_from < token.valid_until:
        raise ValueError("a card ends after it starts")
    try:
        return _SAID.pack(
            int(token.number),
            _CATEGORIES.index(CardCategory(token.category)) + 1,
            (token.valid_from - _DAY_ZERO).days,
            (token.valid_until - _DAY_ZERO).days,
            min(token.household_size, 255),
            int(token.village_code),
            token.serial,
        )
    except struct.error as error:
        raise ValueError("a card holds days from 2000 to 2179 and serials of 4 bytes") from error


def _unpack(said: bytes) -> CardToken:
    number, category, start, until, size, village, serial = _SAID.unpack(said)
    if not 1 <= category <= len(_CATEGORIES):
        raise UnknownVersion
    return CardToken(
        number=f"{number:0{_NUMBER_DIGITS}d}",
        category=_CATEGORIES[category - 1].value,
        valid_from=_DAY_ZERO + timedelta(days=start),
        valid_until=_DAY_ZERO + timedelta(days=until),
        household_size=size,
        village_code=f"{village:0{_VILLAGE_DIGITS}d}",
        serial=serial,
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _jwk(key: PublicKey) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": _base64url(key.public_bytes_raw())}


def _thumbprint(key: PublicKey) -> bytes:
    canonical = json.dumps(_jwk(key), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


def key_id(key: PublicKey) -> str:
    """Give a key's JWK thumbprint (RFC 7638); its first 8 letters are the key id in a token."""
    return _base64url(_thumbprint(key))


def public_keys_jwks(keys: Iterable[PublicKey]) -> dict[str, list[dict[str, str]]]:
    """Give the keys as a JWK set (RFC 7517, RFC 8037), for phones that check offline."""
    by_id = {key_id(key): key for key in keys}
    return {
        "keys": [
            _jwk(key) | {"kid": kid, "use": "sig", "alg": "EdDSA"}
            for kid, key in sorted(by_id.items())
        ]
    }


def looks_like_token(text: str) -> bool:
    """Tell whether a text claims to be a card's code, of any version, and not a typed number."""
    return re.match("SPN[0-9]+:", text.strip()) is not None


def sign(token: CardToken, key: SigningKey) -> str:
    """Give the text for the card's QR code; ValueError for a token that can't be written so."""
    body = _thumbprint(key.public_key())[:KEY_ID_BYTES] + _pack(token)
    signature = key.sign(PREFIX.encode() + body)
    return PREFIX + base64.b32encode(body + signature).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    if not looks_like_token(text):
        raise NotACard
    if not text.startswith(PREFIX):
        raise UnknownVersion
    letters = text.removeprefix(PREFIX)
    try:
        data = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError) as error:
        raise NotACard from error
    # The last letter has bits to spare: one spelling only is accepted.
    if len(data) != _LENGTH or base64.b32encode(data).decode().rstrip("=") != letters:
        raise NotACard
    return data


def read_card_token(text: str, keys: Mapping[str, PublicKey]) -> CardToken:
    """Give what a signed card says, whatever the day.

    `keys` are the published keys, under any names. Raises NotACard, UnknownVersion, UnknownKey,
    BadSignature (the last two are Forged).
    """
    data = _decoded(text.strip())
    signed, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    wanted = signed[:KEY_ID_BYTES]
    key = next((k for k in keys.values() if _thumbprint(k)[:KEY_ID_BYTES] == wanted), None)
    if key is None:
        raise UnknownKey
    try:
        key.verify(signature, PREFIX.encode() + signed)
    except InvalidSignature as error:
        raise BadSignature from error
    return _unpack(signed[KEY_ID_BYTES:])


def read(text: str, keys: Mapping[str, PublicKey], on: date) -> CardToken:
    """Give what a signed card says, if it holds on the day.

    Raises what `read_card_token` raises, NotYetValid, Expired.
    """
    token = read_card_token(text, keys)
    if on < token.valid_from:
        raise NotYetValid(valid_from=token.valid_from.isoformat())
    if on >= token.valid_until:
        raise Expired(last_day=token.last_day.isoformat())
    return token
