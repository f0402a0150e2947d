"""How a role is written down."""

from collections.abc import Iterable

from spean.kernel.access import Purpose, Role


def role(label: str, **given: Iterable[str]) -> Role:
    """Write a role as purpose=permissions, which reads better than permission to purposes."""
    permissions: dict[str, set[Purpose]] = {}
    for purpose, names in given.items():
        for name in names:
            permissions.setdefault(name, set()).add(Purpose(purpose))
    return Role(label, {name: frozenset(purposes) for name, purposes in permissions.items()})
