"""The issuer's keys: one Ed25519 key signs today's cards, older public keys still verify theirs.

The folder `settings.CARD_KEYS` holds `<name>.pem` (private) and `<name>.pub.pem` (public, of a
retired key). The private key whose name sorts last signs. To rotate: add a key with a
later name, and replace the old private file by its public half once it no longer signs.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from spean.kernel.errors import N_, SpeanError
from spean.registry.rules.card_token import public_keys_jwks

FIRST_KEY = "key-1"
PRIVATE, PUBLIC = ".pem", ".pub.pem"


class CardKeyMissing(SpeanError):
    """Refuse to sign without a key: production never invents one."""

    code = "registry.card_key_missing"
    message = N_(
        "No key to sign cards is installed on the server. No card was issued. "
        "Tell your administrator."
    )
    status = 503


def signing_key() -> Ed25519PrivateKey:
    """Give the private key that signs cards.

    In development the first key is made at first use. Raises CardKeyMissing.
    """
    folder = Path(settings.CARD_KEYS)
    if not _private_files(folder) and not settings.PRODUCTION:
        _make_first_key(folder)
    files = _private_files(folder)
    if not files:
        raise CardKeyMissing
    chosen = files[-1]
    return _read_private(chosen, chosen.stat().st_mtime_ns)


def public_keys() -> dict[str, Ed25519PublicKey]:
    """Give every public key by its file's name: today's and the retired ones."""
    folder = Path(settings.CARD_KEYS)
    keys = {
        file.name.removesuffix(PUBLIC): _read_public(file, file.stat().st_mtime_ns)
        for file in folder.glob(f"*{PUBLIC}")
    }
    for file in _private_files(folder):
        private = _read_private(file, file.stat().st_mtime_ns)
        keys[file.name.removesuffix(PRIVATE)] = private.public_key()
    return keys


def published_keys() -> dict[str, list[dict[str, str]]]:
    """Give the public keys as a JWK set, for phones that check offline."""
    return public_keys_jwks(public_keys().values())


def _private_files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.glob(f"*{PRIVATE}") if not f.name.endswith(PUBLIC))


def _make_first_key(folder: Path) -> None:
    """Make the first key; of several processes that try, the first file stays."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    draft = folder / f".{FIRST_KEY}.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, folder / f"{FIRST_KEY}{PRIVATE}")
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@lru_cache(maxsize=64)
def _read_private(file: Path, changed: int) -> Ed25519PrivateKey:
    key = form.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CardKeyMissing
    return key


@lru_cache(maxsize=64)
def _read_public(file: Path, changed: int) -> Ed25519PublicKey:
    key = form.load_pem_public_key(file.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise CardKeyMissing
    return key
