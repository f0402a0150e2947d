"""The standard's documents as they were published, with nothing widened."""

from functools import cache
from typing import Any

from jsonschema_rs import Draft4Validator

from spean.interop.spdci.registries import REGISTRIES
from spean.interop.spdci.specification import document


@cache
def schema(registry: str, path: str, part: str) -> Draft4Validator:
    """Give what checks the `request`, the `answer` or the `refusal` of a path."""
    found = document(REGISTRIES[registry].document)
    operation = found["paths"][f"/{path}"]["post"]
    if part == "request":
        wanted = operation["requestBody"]["content"]["application/json"]["schema"]
    elif part == "refusal":
        refusal = found["components"]["responses"]["HttpErrorResponse"]
        ack = found["components"]["responses"]["Response"]
        wanted = {"allOf": [_json(refusal), _json(ack)]}
    else:
        wanted = _default(operation["responses"]["default"], found)
    return Draft4Validator(
        {"allOf": [wanted], "components": found["components"]}, validate_formats=True
    )


def _default(given: dict[str, Any], found: Any) -> Any:
    """Give the schema of an answer; two paths of the IBR name a schema where a response belongs."""
    if "$ref" not in given:
        return _json(given)
    kind, name = given["$ref"].split("/")[-2:]
    target = found["components"][kind][name]
    return _json(target) if kind == "responses" else {"$ref": given["$ref"]}


def _json(response: dict[str, Any]) -> Any:
    return response["content"]["application/json"]["schema"]


def check(registry: str, path: str, part: str, body: Any) -> None:
    """Fail with every place where a message differs from the standard."""
    wrong = [f"{e.instance_path}: {e.message[:300]}"
             for e in schema(registry, path, part).iter_errors(body)]  # fmt: skip
    assert wrong == []
