"""How messages are signed: our profile of the standard, which names no canonical form.

`signature` is a JWS of RFC 7515 in compact form with its payload detached (appendix F): the payload
is the canonical JSON (RFC 8785) of {"header": …, "message": …}. The key is named by `kid`, its
thumbprint (RFC 7638), and stands in the signer's JWK set. EdDSA (Ed25519) is what we sign with;
ES256, PS256 and RS256 are taken too.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import rfc8785
from django.conf import settings
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jws import JWS

from spean.interop.models import Partner, Signing
from spean.interop.spdci.errors import SignatureMissing, SignatureWrong
from spean.kernel.errors import N_, SpeanError

ALGORITHMS = ["EdDSA", "ES256", "PS256", "RS256"]
UNSIGNED = frozenset({"", "unsigned", "unsigned-stub"})
PRIVATE = ".jwk"


class ExchangeKeyMissing(SpeanError):
    """Refuse to sign without a key: production never invents one."""

    code = "interop.exchange_key_missing"
    message = N_("No key to sign messages is installed on the server. Tell your administrator.")
    status = 503


def sign(header: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """Give the signature of a message of ours. Raises ExchangeKeyMissing."""
    key = _signing_key()
    made = JWS(_payload(header, message))
    protected = json.dumps({"alg": "EdDSA", "kid": key.thumbprint()})
    made.add_signature(key, alg="EdDSA", protected=protected)
    first, _, last = str(made.serialize(compact=True)).split(".")
    return f"{first}..{last}"


def check(partner: Partner, body: Mapping[str, Any]) -> None:
    """Refuse a message whose signature is missing or wrong. Raises what says so."""
    signature = str(body.get("signature", ""))
    if signature in UNSIGNED:
        if partner.signing == Signing.UNSIGNED:
            return
        raise SignatureMissing
    if not is_signed(signature, body, JWKSet.from_json(json.dumps(partner.keys or {"keys": []}))):
        raise SignatureWrong


def is_signed(signature: str, body: Mapping[str, Any], keys: JWKSet) -> bool:
    """Say whether a signature is one of these keys' over the header and the message."""
    parts = signature.split(".")
    if len(parts) != 3 or parts[1]:
        return False
    try:
        found = JWS()
        found.allowed_algs = ALGORITHMS
        found.deserialize(signature)
        key = keys.get_key(found.jose_header.get("kid", ""))
        if key is None:
            return False
        found.verify(key, detached_payload=_payload(body["header"], body.get("message", {})))
    except (JWException, ValueError, TypeError, KeyError, rfc8785.CanonicalizationError):
        return False
    return True


def published() -> Mapping[str, Any]:
    """Give our public keys as a JWK set, retired ones too, so that old messages still verify."""
    keys = []
    for file in _files():
        key = _read(file, file.stat().st_mtime_ns)
        public = key.export_public(as_dict=True)
        keys.append(public | {"kid": key.thumbprint(), "use": "sig", "alg": "EdDSA"})
    return {"keys": keys}


def make_key(name: str) -> JWK:
    """Make a key whose file is readable to its owner only; the last by name signs."""
    key = JWK.generate(kty="OKP", crv="Ed25519")
    folder = Path(settings.EXCHANGE_KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}{PRIVATE}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.export_private())
    return key


def _payload(header: Mapping[str, Any], message: Mapping[str, Any]) -> bytes:
    return rfc8785.dumps({"header": header, "message": message})


def _signing_key() -> JWK:
    if not _files() and not settings.PRODUCTION:
        make_key("key-1")
    files = _files()
    if not files:
        raise ExchangeKeyMissing
    return _read(files[-1], files[-1].stat().st_mtime_ns)


def _files() -> list[Path]:
    return sorted(Path(settings.EXCHANGE_KEYS).glob(f"*{PRIVATE}"))


@lru_cache(maxsize=16)
def _read(file: Path, changed: int) -> JWK:
    """Read a key; `changed` makes a replaced file be read again."""
    return JWK.from_json(file.read_text())
