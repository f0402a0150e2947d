"""Resources as FHIR R4 defines them: `fhir.resources`, loaded once a resource comes in.

Its import takes most of a second, which nobody who only reads should wait for.
"""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from pydantic import ValidationError

from spean.interop.fhir.errors import NotJson, NotValid, TooLarge

Json = dict[str, Any]
DEEPEST = 50


def read_json(request: Any) -> Json:
    """Read a request's body as a JSON object. Raises NotJson, TooLarge."""
    try:
        body = json.loads(request.body, parse_constant=_refused)
    except RequestDataTooBig as error:
        raise TooLarge from error
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if not isinstance(body, dict) or not _storable(body):
        raise NotJson
    return body


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _storable(value: Any, depth: int = 0) -> bool:
    """Say whether the database can hold every text, and nothing lies absurdly deep."""
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return all(_storable(part, depth + 1) for part in value) if isinstance(value, list) else True


def check(resource_type: str, body: Json | None) -> Json:
    """Give a resource that came in, if it is a valid one of this type. Raises NotJson, NotValid."""
    from fhir.resources.R4B import get_fhir_model_class

    if body is None:
        raise NotJson
    if body.get("resourceType") != resource_type:
        raise NotValid([("resourceType", f"{resource_type} is expected at this address.")])
    try:
        get_fhir_model_class(resource_type).model_validate(body)
    except ValidationError as error:
        raise NotValid([_part(resource_type, fault) for fault in error.errors()[:20]]) from error
    return body


def _part(resource_type: str, fault: Any) -> tuple[str, str]:
    path = resource_type
    for step in fault["loc"]:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path, fault["msg"]
