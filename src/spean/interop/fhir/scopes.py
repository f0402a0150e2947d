"""SMART scopes of systems (SMART App Launch 2.2, 1.0 as well): what a token is good for.

A scope narrows a token; it gives nothing. What the system may see is what its roles give it, in
their areas, for the purpose of the interaction (`kernel.access`): both must hold.
"""

import re
from collections.abc import Iterable
from itertools import combinations

LETTERS = {"create": "c", "read": "r", "update": "u", "search": "s"}
_ORDER = "cruds"
_FIRST_VERSION = {"read": "rs", "write": "cud", "*": _ORDER}
_SCOPE = re.compile(r"system/(\*|[A-Za-z]+)\.(read|write|\*|[cruds]+)")


def covers(scopes: str, resource_type: str, interaction: str) -> bool:
    """Say whether one of a token's scopes covers an interaction with a type of resource."""
    for scope in scopes.split():
        found = _SCOPE.fullmatch(scope)
        if found is not None and found[1] in ("*", resource_type):
            letters = _FIRST_VERSION.get(found[2], found[2])
            if LETTERS[interaction] in letters:
                return True
    return False


def wanted(resource_type: str, interaction: str) -> str:
    """Give the narrowest scope that covers an interaction."""
    return f"system/{resource_type}.{LETTERS[interaction]}"


def grantable(types: Iterable[str]) -> list[str]:
    """Give every scope that a system may ask for."""
    endings = [*_FIRST_VERSION, *_endings()]
    return [f"system/{name}.{ending}" for name in ("*", *types) for ending in endings]


def _endings() -> list[str]:
    """Give each choice of letters, in their order: c, r, …, cr, cu, …, cruds."""
    sizes = range(1, len(_ORDER) + 1)
    return ["".join(chosen) for size in sizes for chosen in combinations(_ORDER, size)]
