"""ODK Collect against a running server: its headers, its multipart, its order of requests.

Written after `OkHttpConnection` and `InstanceServerUploader` of ODK Collect 2026, on bare sockets.
How to try it with a real phone: docs/how-to/connect-odk-collect.md.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import parse_http_list, parse_keqv_list
from uuid import uuid4
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

import spean
from spean.fieldwork import actions
from spean.fieldwork.models import Attachment, FormVersion, RefusedUpload, Submission
from spean.kernel.access import Actor, Purpose
from tests.fieldwork.conftest import new_family, record

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
DEVICE_ID = "collect:Qm5x0d8Yz1aBcDeF"
XLSFORMS = Path(spean.__file__).parent


@dataclass
class Collect:
    """ODK Collect with the settings of its QR code: server address, user name, key."""

    server: str
    username: str
    key: str
    asked: dict[str, str] = field(default_factory=dict)
    count: int = 0
    said: list[tuple[str, str, int]] = field(default_factory=list)

    def get_forms(self) -> dict[str, tuple[bytes, dict[str, bytes]]]:
        """Fetch the list of forms, then each form and what it reads, checking every hash."""
        listed = self.xml(f"{self.server}/formList").findall(f"{LIST}xform")
        found = {}
        for line in listed:
            form = self.request("GET", line.findtext(f"{LIST}downloadUrl", ""))[1]
            assert md5(form) == line.findtext(f"{LIST}hash", "").removeprefix("md5:")
            manifest = line.findtext(f"{LIST}manifestUrl")
            files = self.get_files(manifest) if manifest else {}
            found[line.findtext(f"{LIST}formID", "")] = form, files
        return found

    def get_files(self, manifest: str) -> dict[str, bytes]:
        files = {}
        for line in self.xml(manifest).findall(f"{MANIFEST}mediaFile"):
            content = self.request("GET", line.findtext(f"{MANIFEST}downloadUrl", ""))[1]
            assert md5(content) == line.findtext(f"{MANIFEST}hash", "").removeprefix("md5:")
            files[line.findtext(f"{MANIFEST}filename", "")] = content
        return files

    def xml(self, url: str) -> Element:
        answer, body = self.request("GET", url)
        assert answer.status == 200
        assert "text/xml" in answer.headers["Content-Type"]
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        root: Element = fromstring(body)
        return root

    def send(self, xml: bytes, files: Sequence[tuple[str, bytes]] = ()) -> tuple[int, str]:
        """Ask where to send (HEAD), then send, split where the server takes no more at once."""
        url = f"{self.server}/submission?deviceID={quote(DEVICE_ID, safe='')}"
        head, _ = self.request("HEAD", url)
        assert head.status == 204
        most = int(head.headers["X-OpenRosa-Accept-Content-Length"])
        assert urlsplit(head.headers["Location"]).query == ""
        url = f"{head.headers['Location']}?{urlsplit(url).query}"
        waiting = list(files)
        while True:
            batch = waiting[:1]
            while waiting[len(batch) :] and sum(len(c) for _, c in batch) + len(
                waiting[len(batch)][1]
            ) + len(xml) <= min(most, 1000):
                batch.append(waiting[len(batch)])
            waiting = waiting[len(batch) :]
            status, said = self.post(url, xml, batch, incomplete=bool(waiting))
            if status not in (201, 202) or not waiting:
                return status, said

    def post(
        self, url: str, xml: bytes, files: Sequence[tuple[str, bytes]], *, incomplete: bool = False
    ) -> tuple[int, str]:
        boundary = str(uuid4())
        parts = [("xml_submission_file", "poverty_interview.xml", "text/xml", xml)]
        parts += [(name, name, "image/jpeg", content) for name, content in files]
        body = b"".join(
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
            f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, file_name, kind, content in parts
        )
        if incomplete:
            body += (
                f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n'
                "Content-Length: 3\r\n\r\nyes\r\n"
            ).encode()
        body += f"--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        answer, text = self.request("POST", url, body, {"Content-Type": kind})
        said = fromstring(text).findtext("{http://openrosa.org/http/response}message", "")
        return answer.status, said

    def request(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[HTTPResponse, bytes]:
        for _ in range(2):
            answer, text = self._once(method, url, body, dict(headers or {}))
            if answer.status != 401 or (self.count and "stale=true" not in self._challenge(answer)):
                break
            scheme, _, rest = self._challenge(answer).partition(" ")
            assert scheme == "Digest"
            self.asked, self.count = parse_keqv_list(parse_http_list(rest)), 0
        return answer, text

    def _challenge(self, answer: HTTPResponse) -> str:
        return str(answer.headers["WWW-Authenticate"])

    def _once(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        where = urlsplit(url)
        path = f"{where.path}?{where.query}" if where.query else where.path
        headers |= {
            "User-Agent": "org.odk.collect.android/v2026.1.0 Dalvik/2.1.0 (Linux; U; Android 9)",
            "X-OpenRosa-Version": "1.0",
            "Date": formatdate(usegmt=True),
            "Accept-Encoding": "identity",
            "Connection": "Keep-Alive",
        }
        if self.asked:
            headers["Authorization"] = self._signed(method, path)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        self.said.append((method, where.path, answer.status))
        return answer, text

    def _signed(self, method: str, uri: str) -> str:
        self.count += 1
        nc, cnonce = f"{self.count:08x}", token_hex(8)
        ha1 = md5(f"{self.username}:{self.asked['realm']}:{self.key}".encode())
        ha2 = md5(f"{method}:{uri}".encode())
        response = md5(f"{ha1}:{self.asked['nonce']}:{nc}:{cnonce}:auth:{ha2}".encode())
        return (
            f'Digest username="{self.username}", realm="{self.asked["realm"]}", '
            f'nonce="{self.asked["nonce"]}", uri="{uri}", response="{response}", qop=auth, '
            f'nc={nc}, cnonce="{cnonce}", algorithm=MD5'
        )


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


@pytest.fixture
def enumerator(actor: Callable[..., Actor], places: object) -> Actor:
    """Give an enumerator of the commune of Nhang."""
    return actor("enumerator", "160101", Purpose.TARGETING)


@pytest.fixture
def collect(live_server: Any, enumerator: Actor) -> Iterator[Collect]:
    """Give ODK Collect on the enumerator's phone, the real forms being published."""
    cache.clear()
    call_command("publish_forms", verbosity=0)
    key = actions.add_device(name="Samsung", by=enumerator).key
    return Collect(f"{live_server.url}/openrosa", enumerator.name, key)


def test_collect_gets_the_forms_with_what_they_read(collect: Collect) -> None:
    forms = collect.get_forms()

    assert set(forms) == {"household_update", "poverty_interview"}
    _, files = forms["poverty_interview"]
    assert set(files) == {"cases.csv", "villages.csv"}
    assert files["villages.csv"].decode().splitlines()[0].startswith("name,label")
    assert b"16010101" in files["villages.csv"]
    assert b"16010201" not in files["villages.csv"]
    assert collect.said[:2] == [
        ("GET", "/openrosa/formList", 401),
        ("GET", "/openrosa/formList", 200),
    ]


def test_collect_sends_an_interview_with_three_photos_in_two_requests(collect: Collect) -> None:
    version = FormVersion.objects.get(form_id="poverty_interview").version
    now = timezone.now()
    xml = record("poverty_interview", new_family(), version=version, ended_at=now)
    photos = [(f"{n}.jpg", b"\xff\xd8" + bytes([n]) * 400) for n in range(3)]

    first = collect.send(xml, photos)
    again = collect.send(xml, photos)

    assert first == again == (201, "បានទទួល។\nArrived.")
    posts = [status for method, _, status in collect.said if method == "POST"]
    assert len(posts) > 2
    assert set(posts) == {201}
    kept = Submission.objects.get()
    assert bytes(kept.xml) == xml
    assert Attachment.objects.filter(submission=kept).count() == 3
    assert actions.take_in(submission_id=kept.pk, at=now).state == "applied"


def test_collect_shows_why_it_was_refused(collect: Collect) -> None:
    status, said = collect.send(record("no_such_form", {}))

    assert status == 404
    assert "There is no form “no_such_form”" in said
    assert RefusedUpload.objects.get().reason["code"] == "fieldwork.unknown_form"


def test_a_wrong_key_is_asked_for_again_and_nothing_is_kept(collect: Collect) -> None:
    collect.key = "wrong"

    answer, _ = collect.request("HEAD", f"{collect.server}/submission")

    assert answer.status == 401
    assert not RefusedUpload.objects.exists()
