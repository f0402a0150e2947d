"""Phones with a key, and the way they speak OpenRosa."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

import pytest
from defusedxml.ElementTree import fromstring
from django.core.cache import cache
from django.test import Client

from spean.fieldwork import actions
from spean.fieldwork.models import Device, FormVersion
from spean.kernel.access import Actor, Purpose
from tests.fieldwork.conftest import forms, new_family, record  # noqa: F401

SUBMISSION = "/openrosa/submission"
PHOTO = b"\xff\xd8\xff\xe0 not really a photo"
Part = tuple[str, str, str, bytes]


def md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode()).hexdigest()


def multipart(*parts: Part, boundary: str = "collect-boundary", end: bool = True) -> bytes:
    """Write parts (field, file name or "", content type, content) as OkHttp does."""
    written = b""
    for name, file_name, content_type, content in parts:
        disposition = f'form-data; name="{name}"' + (
            f'; filename="{file_name}"' if file_name else ""
        )
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n"
        head += f"Content-Type: {content_type}\r\n" if content_type else ""
        written += head.encode() + f"Content-Length: {len(content)}\r\n\r\n".encode()
        written += content + b"\r\n"
    return written + (f"--{boundary}--\r\n".encode() if end else b"")


def xml_part(xml: bytes) -> Part:
    return ("xml_submission_file", "interview.xml", "text/xml", xml)


def photo_part(name: str = "photo.jpg", content: bytes = PHOTO) -> Part:
    return (name, name, "image/jpeg", content)


def message(response: Any) -> tuple[str, str]:
    """Give nature and text of an OpenRosa answer."""
    root = fromstring(response.content)
    assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    said = root.find("{http://openrosa.org/http/response}message")
    assert said is not None
    return said.get("nature", ""), said.text or ""


@dataclass
class Phone:
    """A phone that signs by Digest, as OkHttp does: it asks once, then counts up."""

    username: str
    key: str
    client: Client = field(default_factory=Client)
    challenge: Mapping[str, str] = field(default_factory=dict)
    count: int = 0

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, headers=headers)

    def head(self, path: str = SUBMISSION) -> Any:
        return self.send("HEAD", path)

    def post(self, *parts: Part, path: str = SUBMISSION, body: bytes | None = None) -> Any:
        return self.send(
            "POST",
            path,
            data=multipart(*parts) if body is None else body,
            content_type="multipart/form-data; boundary=collect-boundary",
        )

    def send(self, method: str, path: str, **more: Any) -> Any:
        if not self.challenge:
            self.challenged(self._send(method, path, "", **more))
        answer = self._send(method, path, self.signature(method, path), **more)
        if answer.status_code == 401 and "stale=true" in answer.headers["WWW-Authenticate"]:
            self.challenged(answer)
            answer = self._send(method, path, self.signature(method, path), **more)
        return answer

    def _send(self, method: str, path: str, signature: str, **more: Any) -> Any:
        headers = {"X-OpenRosa-Version": "1.0", **more.pop("headers", {})}
        if signature:
            headers["Authorization"] = signature
        return self.client.generic(method, path, headers=headers, **more)

    def challenged(self, answer: Any) -> None:
        scheme, _, rest = answer.headers["WWW-Authenticate"].partition(" ")
        assert scheme == "Digest"
        self.challenge, self.count = parse_keqv_list(parse_http_list(rest)), 0

    def signature(self, method: str, uri: str, /, **changes: str) -> str:
        self.count += 1
        nc, cnonce = f"{self.count:08x}", token_hex(4)
        realm, nonce = self.challenge["realm"], self.challenge["nonce"]
        ha1 = md5(self.username, realm, self.key)
        given = {
            "username": self.username,
            "realm": realm,
            "nonce": nonce,
            "uri": uri,
            "response": md5(ha1, nonce, nc, cnonce, "auth", md5(method, uri)),
            "cnonce": cnonce,
            **changes,
        }
        quoted = ", ".join(f'{name}="{value}"' for name, value in given.items())
        return f"Digest {quoted}, qop=auth, nc={nc}, algorithm=MD5"


@pytest.fixture(autouse=True)
def _no_wrong_keys_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def phone_of(forms: dict[str, FormVersion]) -> Callable[..., Phone]:  # noqa: F811
    """Add a phone of an actor's own: `phone_of(actor("enumerator", "160101"))`."""

    def make(by: Actor) -> Phone:
        added = actions.add_device(name="Samsung", by=by)
        return Phone(by.name, added.key)

    return make


@pytest.fixture
def enumerator(actor: Callable[..., Actor], places: object) -> Actor:
    """Give an enumerator of the commune of Nhang."""
    return actor("enumerator", "160101", Purpose.TARGETING)


@pytest.fixture
def phone(phone_of: Callable[..., Phone], enumerator: Actor) -> Phone:
    """Give the enumerator's phone."""
    return phone_of(enumerator)


@pytest.fixture
def device(phone: Phone, enumerator: Actor) -> Device:
    """Give what the server knows of that phone."""
    return Device.objects.get(user=enumerator.user)


@pytest.fixture
def admin(actor: Callable[..., Actor]) -> Actor:
    """Give who looks after what was refused."""
    return actor("administrator", "", Purpose.ADMINISTRATION)
