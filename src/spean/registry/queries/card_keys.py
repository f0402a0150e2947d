"""The issuer's keys: one Ed25519 key signs today's cards, older public keys still verify theirs.

The folder `settings.CARD_KEYS` holds `<name>.pem` (private) and `<name>.pub.pem` (public, of a
retired key). The private key whose name sorts last signs. To rotate: add a key with a
later name, and replace the old private file by its public half once it no longer signs
(`spean card_keys`).
"""

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from spean.kernel.errors import N_, SpeanError
from spean.kernel.ids import new_id
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
        make_key(FIRST_KEY)
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
    return sorted(
        file
        for file in folder.glob(f"*{PRIVATE}")
        if not file.name.endswith(PUBLIC) and not file.name.startswith(".")
    )


def make_key(name: str) -> None:
    """Make a private key; of several processes that try at once, the first file stays."""
    folder = Path(settings.CARD_KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    draft = folder / f".{name}.{new_id()}"
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    with suppress(FileExistsError):
        os.link(draft, folder / f"{name}{PRIVATE}")
    draft.unlink()


def retire_key(name: str) -> None:
    """Replace a private key by its public half: it signs no more, and its cards stay good.

    Raises CardKeyMissing if there is no such private key.
    """
    private = Path(settings.CARD_KEYS) / f"{name}{PRIVATE}"
    if not private.exists():
        raise CardKeyMissing
    public = _read_private(private, private.stat().st_mtime_ns).public_key()
    (private.parent / f"{name}{PUBLIC}").write_bytes(
        public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    )
    private.unlink()


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
