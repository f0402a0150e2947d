"""Every address says who may use it, before it can be used."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja import Schema

from spean.config.api import api
from spean.config.roles import ROLES
from spean.kernel.access import Declared

# The library's own pages of one's own account; sign-up is closed (tests/journeys/test_sign_in.py).
OWN_ACCOUNT = ("accounts/",)
# The library's document and page that describe the API; no data.
DESCRIPTION = {"api/v1/openapi.json", "api/v1/docs", "api/v1/"}


def _routes(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def _pages() -> list[tuple[str, Any]]:
    operations = {f"api/v1{path}" for path, _ in _operations_by_path()}
    return [
        (route, view)
        for route, view in _routes(get_resolver().url_patterns)
        if not route.startswith(OWN_ACCOUNT)
        and route not in DESCRIPTION
        and not route.startswith("api/v1/")
        and route not in operations
    ]


def _operations_by_path() -> list[tuple[str, Any]]:
    return [
        (f"{prefix}{path}", operation.view_func)
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]


def _permissions() -> dict[str, set[str]]:
    given: dict[str, set[str]] = {}
    for role in ROLES.values():
        for permission, purposes in role.permissions.items():
            given.setdefault(permission, set()).update(purposes)
    return given


def test_every_page_and_operation_declares_who_may_use_it() -> None:
    routes = _pages() + _operations_by_path()

    undeclared = [
        route for route, view in routes if not isinstance(getattr(view, "access", None), Declared)
    ]

    assert len(routes) > 20
    assert undeclared == []


def test_every_declared_permission_is_given_to_some_role_for_that_purpose() -> None:
    given = _permissions()

    unreachable = [
        (route, view.access.permission, purpose)
        for route, view in _pages() + _operations_by_path()
        for purpose in view.access.purposes
        if view.access.permission and purpose not in given.get(view.access.permission, set())
    ]

    assert unreachable == []


def test_every_operation_describes_its_problems() -> None:
    without = [
        f"{path} {operation.methods}"
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if 422 not in operation.response_models
    ]

    assert without == []


def test_every_write_is_idempotent() -> None:
    schema = api.get_openapi_schema()

    without = [
        path
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in {"post", "put", "patch", "delete"}
        and "Idempotency-Key" not in {p["name"] for p in operation.get("parameters", [])}
        and not operation.get("x-reads-only")
    ]

    assert without == []


def test_no_two_schemas_of_the_api_have_one_name() -> None:
    named: dict[str, set[str]] = {}
    waiting: list[type] = [Schema]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("spean.") and "[" not in one.__name__:
                named.setdefault(one.__name__, set()).add(one.__module__)

    assert {name: where for name, where in named.items() if len(where) > 1} == {}
