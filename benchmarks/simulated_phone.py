"""A phone that sends like ODK Collect over a bad network: it drops lines, repeats and reorders."""

import hashlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote
from urllib.request import parse_http_list, parse_keqv_list

SUBMISSION = "/openrosa/submission"
TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Sending:
    """One request: a record with some of its files; `more` says that others follow."""

    instance_id: str
    xml: bytes
    files: tuple[tuple[str, bytes], ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad the network is: shares of requests."""

    dropped: float
    repeated: float


@dataclass
class Seen:
    """What a phone saw: how long each answer took, which answers, what it did itself."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    bytes_sent: int = 0


class Phone:
    """One phone: it signs by Digest, keeps its connection, and tries again what was lost."""

    def __init__(self, port: int, username: str, key: str, weather: Weather, seed: int) -> None:
        self._port, self._username, self._key, self._weather = port, username, key, weather
        self._chance = random.Random(seed)
        self._connection: HTTPConnection | None = None
        self._asked: dict[str, str] = {}
        self._count = 0
        self._url = f"{SUBMISSION}?deviceID={quote(f'collect:{username}', safe='')}"
        self.seen = Seen()

    def send_all(self, wanted: Sequence[Sending], until: float) -> list[Sending]:
        """Send everything, in any order, until it is answered; give what was left at the end."""
        waiting = list(wanted)
        self._chance.shuffle(waiting)
        self._request("HEAD", b"", {})
        while waiting and time.monotonic() < until:
            sending = waiting.pop()
            if self._was_answered(sending):
                if self._chance.random() < self._weather.repeated:
                    self.seen.done["repeated"] += 1
                    waiting.insert(0, sending)
            else:
                waiting.insert(self._chance.randint(0, len(waiting)), sending)
        return waiting

    def _was_answered(self, sending: Sending) -> bool:
        body, headers = _multipart(sending)
        self.seen.bytes_sent += len(body)
        if self._chance.random() < self._weather.dropped:
            self._drop(body, headers)
            return False
        before = time.monotonic()
        status = self._request("POST", body, headers)
        if status:
            self.seen.seconds.append(time.monotonic() - before)
            self.seen.statuses[status] += 1
        return status == 201

    def _drop(self, body: bytes, headers: dict[str, str]) -> None:
        """Close the line: before the answer is read, or in the middle of the body."""
        whole = self._chance.random() < 0.5
        self.seen.done["dropped before the answer" if whole else "dropped in the body"] += 1
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            connection.putrequest("POST", self._url, skip_accept_encoding=True)
            for name, value in self._headers("POST", headers).items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
            connection.send(body if whole else body[: self._chance.randint(0, len(body) - 1)])
        except OSError:
            self.seen.done["line broke"] += 1
        finally:
            connection.close()

    def _request(self, method: str, body: bytes, headers: dict[str, str]) -> int:
        """Ask, sign if asked to, and give the status; 0 where the line broke."""
        for _ in range(3):
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
            try:
                self._connection.request(method, self._url, body, self._headers(method, headers))
                answer = self._connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                self.seen.done["line broke"] += 1
                self._connection.close()
                self._connection = None
                return 0
            if answer.status != 401:
                return answer.status
            self.seen.done["asked to sign"] += 1
            challenge = answer.headers["WWW-Authenticate"].removeprefix("Digest ")
            self._asked, self._count = parse_keqv_list(parse_http_list(challenge)), 0
        return 401

    def _headers(self, method: str, more: dict[str, str]) -> dict[str, str]:
        headers = {"X-OpenRosa-Version": "1.0", "Date": formatdate(usegmt=True), **more}
        if self._asked:
            headers["Authorization"] = self._signed(method)
        return headers

    def _signed(self, method: str) -> str:
        self._count += 1
        nc, cnonce = f"{self._count:08x}", f"{self._chance.getrandbits(64):016x}"
        realm, nonce = self._asked["realm"], self._asked["nonce"]
        ha1 = _md5(f"{self._username}:{realm}:{self._key}")
        ha2 = _md5(f"{method}:{self._url}")
        response = _md5(f"{ha1}:{nonce}:{nc}:{cnonce}:auth:{ha2}")
        return (
            f'Digest username="{self._username}", realm="{realm}", nonce="{nonce}", '
            f'uri="{self._url}", response="{response}", qop=auth, nc={nc}, cnonce="{cnonce}"'
        )


def _multipart(sending: Sending) -> tuple[bytes, dict[str, str]]:
    boundary = f"burst-{sending.instance_id[-12:]}"
    parts = [("xml_submission_file", "interview.xml", "text/xml", sending.xml)]
    parts += [(name, name, "image/jpeg", content) for name, content in sending.files]
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, file, kind, content in parts
    )
    if sending.more:
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes'
        body += f"{part}\r\n".encode()
    body += f"--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
