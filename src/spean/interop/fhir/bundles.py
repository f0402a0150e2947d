"""Many interactions at once: each on its own (batch), or all or none of them (transaction)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from django.db import transaction

from spean.interop.fhir.calls import Answer, Call, behind
from spean.interop.fhir.errors import (
    NotABundle,
    NotOffered,
    TooManyEntries,
    UnknownType,
    UnresolvedReference,
)
from spean.interop.fhir.outcomes import OurFault, outcome
from spean.interop.fhir.resource import Interaction, Json, Resource
from spean.interop.fhir.server import Handler, interaction
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import note_refusal
from spean.kernel.errors import SpeanError

log = structlog.get_logger()
MOST = 100
Table = Mapping[str, Resource]
_HEADERS = {
    "ifMatch": "If-Match", "ifNoneMatch": "If-None-Match", "ifNoneExist": "If-None-Exist",
    "ifModifiedSince": "If-Modified-Since",
}  # fmt: skip
_ORDER = ("DELETE", "POST", "PUT", "PATCH", "GET", "HEAD")


def bundle(table: Table) -> Handler:
    """Give what takes a Bundle in; each entry needs the scope and the right of what it does."""

    def taken(call: Call) -> Answer:
        entries = _entries(call.body)
        if call.body and call.body["type"] == "batch":
            answers = [_on_its_own(call, entry, table) for entry in entries]
            return _response("batch-response", answers)
        return _response("transaction-response", _all_or_none(call, entries, table))

    return access.signed_in(Purpose.CARE)(taken)


def _entries(body: Json | None) -> list[Json]:
    if not body or body.get("resourceType") != "Bundle":
        raise NotABundle
    entries = body.get("entry", [])
    if body.get("type") not in ("batch", "transaction") or not isinstance(entries, list):
        raise NotABundle
    if len(entries) > MOST:
        raise TooManyEntries(most=MOST)
    for entry in entries:
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict) or not all(
            isinstance(value, str) for value in (request.get("method"), request.get("url"))
        ):
            raise NotABundle
    return entries


def _on_its_own(call: Call, entry: Json, table: Table) -> Answer:
    asked = replace(call)
    try:
        handler, asked = _asked(call, entry, table)
        return handler(asked)
    except SpeanError as error:
        note_refusal(asked, behind(error))
        return Answer(error.status, outcome(error))
    except Exception:
        log.exception("fhir_error", url=entry["request"]["url"].partition("?")[0])
        return Answer(500, outcome(OurFault()))


def _all_or_none(call: Call, entries: list[Json], table: Table) -> list[Answer]:
    """Do every entry in one transaction, in FHIR's order; answer in the order of the entries."""
    answers: dict[int, Answer] = {}
    made: dict[str, str] = {}
    with transaction.atomic():
        for number in _in_order(entries):
            entry = _with_references(entries[number], made)
            handler, asked = _asked(call, entry, table)
            try:
                answers[number] = handler(asked)
            except SpeanError:
                call.actor = asked.actor or call.actor
                raise
            if full_url := entry.get("fullUrl"):
                made[full_url] = _reference(answers[number], entry)
    return [answers[number] for number in range(len(entries))]


def _asked(call: Call, entry: Json, table: Table) -> tuple[Handler, Call]:
    """Read one entry: what is asked for, and what does it."""
    request = entry["request"]
    address = urlsplit(request["url"].removeprefix(f"{call.base}/"))
    resource_type, _, resource_id = address.path.strip("/").partition("/")
    if resource_type not in table:
        raise UnknownType
    kinds: dict[tuple[str, bool], Interaction] = {
        ("GET", True): "read", ("GET", False): "search",
        ("POST", False): "create", ("PUT", True): "update",
    }  # fmt: skip
    kind = kinds.get((request["method"], bool(resource_id)))
    if kind is None or "/" in resource_id:
        raise NotOffered
    given = {_HEADERS[n]: v for n, v in request.items() if n in _HEADERS and isinstance(v, str)}
    body = entry.get("resource")
    return interaction(table[resource_type], kind), replace(
        call, id=resource_id, parameters=tuple(parse_qsl(address.query, keep_blank_values=True)),
        headers=given, body=body if isinstance(body, dict) else None, actor=None,
    )  # fmt: skip


def _in_order(entries: list[Json]) -> Iterator[int]:
    """Give the entries by what is done first, each after those that it refers to.

    Raises UnresolvedReference for a circle.
    """
    methods = [entry["request"]["method"] for entry in entries]
    waiting = sorted(
        range(len(entries)),
        key=lambda n: _ORDER.index(methods[n]) if methods[n] in _ORDER else len(_ORDER),
    )
    urls = {number: entries[number].get("fullUrl") for number in waiting}
    needed = {number: set(_references(entries[number].get("resource"))) for number in waiting}
    while waiting:
        still = {urls[number] for number in waiting}
        ready = next((n for n in waiting if not needed[n] & (still - {urls[n]})), None)
        if ready is None:
            raise UnresolvedReference
        waiting.remove(ready)
        yield ready


def _references(value: Any) -> Iterator[str]:
    """Give every reference in a resource."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from _references(part)


def _with_references(value: Any, made: Mapping[str, str]) -> Any:
    """Put the addresses of what was made in place of the names that a Bundle gave it."""
    if isinstance(value, list):
        return [_with_references(part, made) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        name: made.get(part, part)
        if name == "reference" and isinstance(part, str)
        else _with_references(part, made)
        for name, part in value.items()
    }


def _reference(answer: Answer, entry: Json) -> str:
    """Give `Type/id` of what an entry made or found."""
    resource_type = re.split("[/?]", entry["request"]["url"])[0]
    return f"{resource_type}/{(answer.body or {}).get('id', '')}"


def _response(kind: str, answers: list[Answer]) -> Answer:
    body: Json = {"resourceType": "Bundle", "type": kind}
    entries = [_answered(answer) for answer in answers]
    return Answer(200, body | ({"entry": entries} if entries else {}))


def _answered(answer: Answer) -> Json:
    """Write what came of one entry."""
    response: Json = {"status": str(answer.status)}
    for header, name in (("ETag", "etag"), ("Location", "location")):
        if header in answer.headers:
            response[name] = answer.headers[header]
    if answer.body is None:
        return {"response": response}
    if answer.status >= 400:
        return {"response": response | {"outcome": answer.body}}
    return {"response": response, "resource": answer.body}
