"""The standard's own OpenAPI documents, by which each message is checked.

Two places are read more widely than they are written, because as written they refuse what the
standard itself means: `attribute_value` is a `oneOf` of integer and number, which no integer fits,
and leaves out the list that `in` compares with; samples send "" for no consent.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path as File
from typing import Any

import yaml
from jsonschema_rs import Draft4Validator

from spean.interop.spdci.registries import REGISTRIES

FOLDER = File(__file__).parent / "standard"
SCALARS = ["string", "integer", "number", "boolean", "object", "array"]


@cache
def document(name: str) -> Mapping[str, Any]:
    """Give one OpenAPI document of the standard, as it was published."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@cache
def request_of(registry: str, path: str) -> Draft4Validator:
    """Give what checks the message sent to one path of a registry."""
    found = document(REGISTRIES[registry].document)
    schema = deepcopy(found["paths"][f"/{path}"]["post"]["requestBody"]["content"])
    body = schema["application/json"]["schema"]
    message = body["properties"]["message"]
    body["properties"]["message"] = message.pop("oneOf")[0]  # encryption is answered before
    widened = {"allOf": [body], "components": _widened(deepcopy(found["components"]))}
    return Draft4Validator(widened, validate_formats=True)


def faults(registry: str, path: str, message: Any) -> list[str]:
    """Say where a message differs from the standard, the first few places."""
    found = []
    for error in request_of(registry, path).iter_errors(message):
        where = ".".join(map(str, error.instance_path))
        found.append(f"{where}: {error.message}"[:300] if where else error.message[:300])
        if len(found) == 3:
            break
    return found


def _widened(part: Any) -> Any:
    if isinstance(part, dict):
        kinds = part.get("oneOf")
        if isinstance(kinds, list) and {"type": "integer"} in kinds and {"type": "number"} in kinds:
            del part["oneOf"]
            part["anyOf"] = [{"type": kind} for kind in SCALARS]
        for value in part.values():
            _widened(value)
    elif isinstance(part, list):
        for value in part:
            _widened(value)
    return part
