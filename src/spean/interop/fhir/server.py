"""What can be done with a resource: read, search, create, update; each by whoever may."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date, parse_http_date_safe

from spean.interop.fhir import scopes
from spean.interop.fhir.calls import Answer, Call
from spean.interop.fhir.errors import (
    OtherId,
    OtherVersion,
    ParameterIgnored,
    ScopeMissing,
    SeveralMatch,
    TooCostly,
    UnknownParameter,
)
from spean.interop.fhir.outcomes import outcome
from spean.interop.fhir.paging import page, sealed, unsealed
from spean.interop.fhir.parameters import Search, read_search
from spean.interop.fhir.resource import (
    Asking,
    Interaction,
    Json,
    Operation,
    Resource,
    Unchanged,
)
from spean.interop.fhir.validation import check
from spean.kernel import access
from spean.kernel.api import BadCursor
from spean.kernel.errors import NotAllowed, NotFound

Handler = Callable[[Call], Answer]


def interaction(resource: Resource, name: Interaction) -> Handler:
    """Give what does an interaction with a resource, for whoever has the scope and the right."""
    right = resource.rights.get(name)

    def refused(call: Call) -> Answer:
        raise resource.refusal

    if right is None:
        return access.public(refused)
    guard = (
        access.declared(right.permission, purpose=right.purposes)
        if right.permission
        else access.signed_in(right.purposes[0])
    )

    def done(call: Call) -> Answer:
        if not scopes.covers(call.scopes, resource.type, name):
            raise ScopeMissing(scope=scopes.wanted(resource.type, name))
        return _DOES[name](call, resource)

    return guard(done)


def operation(resource: Resource, asked: Operation) -> Handler:
    """Give what answers an operation on one record, for whoever may read such records."""
    guard = access.declared(cast(str, asked.right.permission), purpose=asked.right.purposes)

    def done(call: Call) -> Answer:
        if not scopes.covers(call.scopes, resource.type, "read"):
            raise ScopeMissing(scope=scopes.wanted(resource.type, "read"))
        try:
            return Answer(200, asked.answer(call.id, call.base, call.asking))
        except NotAllowed as refused:
            raise NotFound from refused

    return guard(done)


def _read(call: Call, resource: Resource) -> Answer:
    """Give one resource. What lies elsewhere is not found, and the refusal is audited."""
    try:
        row = _record(call, resource, call.id)
    except NotAllowed as refused:
        raise NotFound from refused
    return _unless_known(call, _shown(call, resource, row))


def _record(call: Call, resource: Resource, record_id: str) -> Any:
    return cast(Any, resource.read)(record_id, call.asking)


def _unless_known(call: Call, answer: Answer) -> Answer:
    known = call.headers.get("If-None-Match", "")
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    since = parse_http_date_safe(call.headers.get("If-Modified-Since", "")) if not known else None
    changed = parse_http_date_safe(answer.headers.get("Last-Modified", ""))
    unchanged = since is not None and changed is not None and changed <= since
    if answer.headers["ETag"].removeprefix("W/") in tags or unchanged:
        return Answer(304, None, answer.headers)
    return answer


def _shown(call: Call, resource: Resource, row: Any, status: int = 200) -> Answer:
    """Answer with a resource and the headers that name its version."""
    body = written(resource, row, call.asking)
    headers = {"ETag": f'W/"{body["meta"]["versionId"]}"'}
    if changed := parse_datetime(body["meta"].get("lastUpdated", "")):
        headers["Last-Modified"] = http_date(changed.timestamp())
    if status == 201:
        headers["Location"] = f"{call.base}/{resource.type}/{body['id']}"
    return Answer(status, body, headers)


def written(resource: Resource, row: Any, asking: Asking) -> Json:
    """Write a record as FHIR; the digest of what it says is its version."""
    body = {"resourceType": resource.type, **resource.to_fhir(row, asking)}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    version = hashlib.sha256(text).hexdigest()[:16]
    return body | {"meta": {"versionId": version, **body.get("meta", {})}}


def _search(call: Call, resource: Resource) -> Answer:
    pairs, after = _continued(call, resource)
    known = {parameter.name for parameter in resource.parameters}
    search = read_search(pairs, known, strict=call.prefers("handling=strict"))
    if search.counting and resource.count_needs and not search.asks(*resource.count_needs):
        raise TooCostly(parameters=", ".join(resource.count_needs))
    found = cast(Any, resource.search)(search, call.asking)
    here = f"{call.base}/{resource.type}"
    bundle: Json = {"resourceType": "Bundle", "type": "searchset"}
    bundle["link"] = [{"relation": "self", "url": f"{here}?{urlencode(search.used)}"}]
    if search.counting:
        return Answer(200, bundle | {"total": sum(part.count() for part in found)})
    rows, following = page(found, after, search.count)
    resource.seen(rows, call.asking)
    if following:
        token = sealed({"type": resource.type, "search": search.used, "after": following})
        bundle["link"].append({"relation": "next", "url": f"{here}?{urlencode({'_page': token})}"})
    elif not after:
        bundle["total"] = len(rows)
    entries = [_entry(here, written(resource, row, call.asking)) for row in rows] + _ignored(search)
    return Answer(200, bundle | ({"entry": entries} if entries else {}))


def _continued(call: Call, resource: Resource) -> tuple[tuple[tuple[str, str], ...], str]:
    """Give the parameters of a search, and where to go on: both from the link that we gave."""
    token = dict(call.parameters).get("_page")
    if token is None:
        return call.parameters, ""
    kept = unsealed(token)
    if kept["type"] != resource.type:
        raise BadCursor
    return tuple((name, value) for name, value in kept["search"]), kept["after"]


def _entry(here: str, body: Json) -> Json:
    return {"fullUrl": f"{here}/{body['id']}", "resource": body, "search": {"mode": "match"}}


def _ignored(search: Search) -> list[Json]:
    """Tell, inside the answer, which parameters were ignored."""
    if not search.ignored:
        return []
    told = outcome(*(ParameterIgnored(parameter=n) for n in search.ignored), severity="warning")
    return [{"resource": told, "search": {"mode": "outcome"}}]


@transaction.atomic
def _create(call: Call, resource: Resource) -> Answer:
    """Create a resource, unless one matches If-None-Exist already."""
    body = check(resource.type, call.body)
    if condition := call.headers.get("If-None-Exist"):
        _take_turns(f"{resource.type}?{condition}")
        if existing := _existing(call, resource, condition):
            return _shown(call, resource, _record(call, resource, existing))
    row = cast(Any, resource.create)(body, call.asking)
    if isinstance(row, Unchanged):
        return _as_preferred(call, _shown(call, resource, row.row))
    return _as_preferred(call, _shown(call, resource, row, status=201))


def _existing(call: Call, resource: Resource, condition: str) -> str:
    """Give the id of the one resource that a condition finds, "" for none. Raises SeveralMatch."""
    pairs = tuple(parse_qsl(condition.removeprefix("?"), keep_blank_values=True))
    if not pairs:
        raise UnknownParameter(parameter=condition)
    asked = replace(call, parameters=(*pairs, ("_count", "2")), headers={"Prefer": STRICT})
    body = interaction(resource, "search")(asked).body or {}
    found = [entry["resource"]["id"] for entry in body.get("entry", [])]
    if len(found) > 1:
        raise SeveralMatch
    return found[0] if found else ""


STRICT = "handling=strict"


@transaction.atomic
def _update(call: Call, resource: Resource) -> Answer:
    """Replace a resource as it is now by what came, if it still is as the sender saw it."""
    body = check(resource.type, call.body)
    if body.get("id") != call.id:
        raise OtherId
    _take_turns(f"{resource.type}/{call.id}")
    row = _record(call, resource, call.id)
    version = written(resource, row, call.asking)["meta"]["versionId"]
    if call.headers.get("If-Match", version).removeprefix("W/").strip('"') != version:
        raise OtherVersion
    row = cast(Any, resource.update)(row, body, call.asking)
    return _as_preferred(call, _shown(call, resource, row))


def _take_turns(about: str) -> None:
    """Let one transaction after the other write about this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"fhir:{about}"])


def _as_preferred(call: Call, answer: Answer) -> Answer:
    return replace(answer, body=None) if call.prefers("return=minimal") else answer


_DOES: dict[Interaction, Callable[[Call, Resource], Answer]] = {
    "read": _read,
    "search": _search,
    "create": _create,
    "update": _update,
}
