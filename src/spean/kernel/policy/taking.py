"""What a policy file holds, taken piece by piece: each of the kind it must be, or refused."""

import re
from decimal import Decimal
from typing import Any

from spean.kernel.policy.shapes import Text
from spean.kernel.policy.strict_yaml import BadPolicy

CODE = re.compile(r"[a-z][a-z0-9_]*")


def as_code(value: object, where: str) -> str:
    """Take a code. Raises BadPolicy."""
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise BadPolicy(f"{where}: {value!r} is no code; write small letters, digits and _")
    return value


def as_some(value: object, where: str) -> dict[str, Any]:
    """Take a mapping of codes that holds at least one. Raises BadPolicy."""
    if not isinstance(value, dict) or not value:
        raise BadPolicy(f"{where}: at least one is needed")
    for code in value:
        as_code(code, where)
    return value


def as_fields(body: object, where: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    """Take a mapping of these keys, none missing and none besides. Raises BadPolicy."""
    if not isinstance(body, dict):
        raise BadPolicy(f"{where}: a mapping is needed")
    if missing := required - body.keys():
        raise BadPolicy(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := body.keys() - required - optional:
        raise BadPolicy(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    return body


def as_decimal(value: object, where: str) -> Decimal:
    """Take a number. Raises BadPolicy."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadPolicy(f"{where}: {value!r} is not a number")
    return Decimal(value)


def as_whole(value: object, where: str) -> int:
    """Take a whole number. Raises BadPolicy."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadPolicy(f"{where}: {value!r} is not a whole number")
    return value


def as_text(value: object, where: str) -> Text:
    """Take a text in both languages. Raises BadPolicy."""
    body = as_fields(value, where, {"km", "en"}, set())
    if not all(isinstance(part, str) and part.strip() for part in body.values()):
        raise BadPolicy(f"{where}: both languages are needed")
    return Text(**body)
