"""A message read from the bytes that came: bounded, plain, and as the standard writes it."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from spean.interop.spdci import specification
from spean.interop.spdci.errors import (
    ActionWrong,
    CountWrong,
    EncryptionNotOffered,
    PageWrong,
    Refused,
    TooLarge,
    TooManyAtOnce,
    VersionUnknown,
)
from spean.interop.spdci.registries import VERSION, Path
from spean.kernel.errors import N_

DEEPEST, MOST_REQUESTS, LONGEST_ID = 24, 20, 99
BATCHES = ("search_request", "subscribe_request", "subscription_codes")
Body = dict[str, Any]


def read(request: HttpRequest, registry: str, path: Path) -> Body:
    """Read the message of a request and check it against the standard. Raises Refused."""
    body = plain(_bytes(request))
    header = body.get("header")
    if isinstance(header, Mapping):
        if header.get("version", VERSION) != VERSION:
            raise VersionUnknown
        if header.get("action", path.action) != path.action:
            raise ActionWrong(action=path.action)
        if header.get("is_msg_encrypted") is True:
            raise EncryptionNotOffered
    message = body.get("message")
    if isinstance(message, Mapping) and "ciphertext" in message:
        raise EncryptionNotOffered
    wrong = specification.faults(registry, path.path, _without_blanks(body))
    if wrong:
        raise Refused(why="; ".join(wrong))
    _check_counts(body)
    return body


def plain(raw: bytes) -> Body:
    """Read a JSON object whose depth and texts can be worked with. Raises Refused."""
    try:
        body = json.loads(raw, parse_constant=_finite, parse_float=_finite, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Refused(why=N_("it is not JSON")) from error
    if not isinstance(body, dict):
        raise Refused(why=N_("it is not an object"))
    for text in _texts(body):
        if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise Refused(why=N_("it holds characters that no text has"))
    return body


def _bytes(request: HttpRequest) -> bytes:
    limit = settings.SPDCI_LARGEST_BODY
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > limit:
        raise TooLarge(limit=limit)
    kind = request.content_type or ""
    if kind == "multipart/form-data":
        return _file(request, limit)
    if kind != "application/json":
        raise Refused(why=N_("its content type is neither JSON nor a form with a file"))
    raw = request.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit=limit)
    return bytes(raw)


def _file(request: HttpRequest, limit: int) -> bytes:
    """Give the file of a form, the standard's second way of sending: action, fileName."""
    try:
        sent = request.FILES.get("fileName")
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Refused(why=N_("it is not JSON")) from error
    if sent is None:
        raise Refused(why=N_("the form has no file named fileName"))
    raw = sent.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit=limit)
    return bytes(raw)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _once(pairs: list[tuple[str, Any]]) -> Body:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _texts(body: Any) -> Iterator[str]:
    """Give every text of a message, names too; refuse one that is nested too deeply."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                yield from part
                below.extend(part.values())
            elif isinstance(part, list):
                below.extend(part)
            elif isinstance(part, str):
                yield part
        level = below
        if not level:
            return
    raise Refused(why=N_("it is nested too deeply"))


def _without_blanks(body: Body) -> Body:
    """Leave out what samples of the standard send as "": no consent, no authorization."""
    found = body.get("message")
    requests = found.get("search_request") if isinstance(found, dict) else None
    if not isinstance(requests, list):
        return body
    tidy = []
    for request in requests:
        criteria = request.get("search_criteria") if isinstance(request, dict) else None
        if isinstance(criteria, dict):
            kept = {
                name: value
                for name, value in criteria.items()
                if not (name in {"consent", "authorize"} and value == "")
            }
            tidy.append(request | {"search_criteria": kept})
        else:
            tidy.append(request)
    return body | {"message": found | {"search_request": tidy}}  # type: ignore[operator]


def _check_counts(body: Body) -> None:
    header, message = body["header"], body.get("message", {})
    if header.get("total_count", 0) < 0:
        raise CountWrong
    for name in ("message_id", "sender_id"):
        if len(str(header.get(name, "-"))) not in range(1, LONGEST_ID + 1):
            raise Refused(why=N_("an id is empty, or longer than 99 characters"))
    for batch in BATCHES:
        if len(message.get(batch, ())) > MOST_REQUESTS:
            raise TooManyAtOnce(limit=MOST_REQUESTS)
    for request in message.get("search_request", ()):
        if len(request["reference_id"]) > LONGEST_ID:
            raise Refused(why=N_("an id is empty, or longer than 99 characters"))
        for page in (request.get("pagination"), request["search_criteria"].get("pagination")):
            _check_page(page)


def moment(text: str) -> datetime:
    """Read a moment of the standard, which names its zone. Raises Refused."""
    try:
        read = datetime.fromisoformat(text.upper())
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise Refused(why=N_("a moment is written 2026-11-27T08:00:00+07:00"))
    return read


def _check_page(page: Any) -> None:
    if page is None:
        return
    if not isinstance(page, Mapping):
        raise PageWrong
    for name in ("page_size", "page_number"):
        number = page.get(name, 1)
        if not isinstance(number, int | float) or isinstance(number, bool):
            raise PageWrong
        if number != int(number) or number < 1:
            raise PageWrong
