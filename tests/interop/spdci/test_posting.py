"""What we post goes to the address that is named, and no further."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spean.interop.spdci.posting import LONGEST_ANSWER, NotTaken, post

SEEN: list[tuple[str, bytes]] = []
ANSWERS = {
    "/good": (200, b'{"message": {"ack_status": "ACK"}}'),
    "/refuses": (403, b'{"errors": []}'),
    "/moved": (302, b"{}"),
    "/text": (200, b"hello"),
    "/list": (200, b"[]"),
    "/deep": (200, b"[" * 100_000),
    "/long": (200, b'"' + b"a" * LONGEST_ANSWER + b'"'),
}


class Other(BaseHTTPRequestHandler):
    """Another system's server."""

    def do_POST(self) -> None:
        SEEN.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        status, body = ANSWERS[self.path]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    SEEN.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("path", "status"), [("/good", 200), ("/refuses", 403), ("/moved", 302)])
def test_an_answer_is_read_and_no_redirect_followed(other: str, path: str, status: int) -> None:
    found = post(f"{other}{path}", body=b'{"a": 1}', headers={"Content-Type": "application/json"})

    assert found == (status, json.loads(ANSWERS[path][1]))
    assert [(path, b'{"a": 1}')] == SEEN


@pytest.mark.parametrize("path", ["/text", "/list", "/deep", "/long"])
def test_what_is_no_message_is_not_taken_for_one(other: str, path: str) -> None:
    with pytest.raises(NotTaken):
        post(f"{other}{path}", body=b"{}", headers={})
