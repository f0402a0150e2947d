"""The rules of the house that import-linter cannot see."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from spean.kernel.errors import SpeanError

SOURCE = Path(__file__).parents[2] / "src" / "spean"
LAYERS = [
    "kernel",
    "locations",
    "registry",
    "targeting",
    "maternal_child",
    "payments",
    "referrals",
    "supplies",
    "programmes",
    "health_equity",
    "families",
    "fieldwork",
    "results",
    "simulation",
    "shocks",
    "interop",
    "synthetic",
    "config",
]
DOMAIN = [
    "locations",
    "registry",
    "targeting",
    "maternal_child",
    "payments",
    "referrals",
    "supplies",
    "programmes",
    "health_equity",
    "families",
    "fieldwork",
    "results",
    "simulation",
    "shocks",
    "synthetic",
]
FILES = {
    "__init__",
    "README.md",
    "events",
    "rules",
    "models",
    "queries",
    "actions",
    "forms",
    "pages",
    "api",
    "urls",
    "handlers",
    "jobs",
    "admin",
    "apps",
}
FOLDERS = {
    "templates",
    "locale",
    "migrations",
    "management",
    "documents",
    "demo",
    "static",
    "xlsforms",
}
FORBIDDEN_NAMES = {"utils", "helpers", "signals", "managers", "constants"}


def _python_files() -> Iterator[Path]:
    yield from (p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def test_foreign_keys_point_down() -> None:
    upwards = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model._meta.app_label in LAYERS
        and LAYERS.index(field.related_model._meta.app_label) > LAYERS.index(model._meta.app_label)
    ]

    assert upwards == []


@pytest.mark.parametrize("module", DOMAIN)
def test_a_module_holds_only_the_closed_list_of_files(module: str) -> None:
    found = {
        path.name if path.suffix == ".md" else path.stem
        for path in (SOURCE / module).iterdir()
        if path.name != "__pycache__"
    }

    assert found <= FILES | FOLDERS
    assert "README.md" in found


def test_no_file_hides_behind_a_name_that_says_nothing() -> None:
    assert [p for p in _python_files() if p.stem in FORBIDDEN_NAMES] == []


def test_no_file_is_longer_than_300_lines() -> None:
    long = [
        f"{p.relative_to(SOURCE)}: {n}"
        for p in _python_files()
        if (n := len(p.read_text().splitlines())) > 300
    ]

    assert long == []


def test_no_function_is_longer_than_30_lines() -> None:
    long = [
        f"{path.relative_to(SOURCE)}: {node.name} ({length})"
        for path in _python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (length := _code_lines(node)) > 30
    ]

    assert long == []


def _code_lines(node: ast.FunctionDef) -> int:
    """Count a function's lines from its name to its end, its docstring left out."""
    assert node.end_lineno is not None
    body = node.body
    has_text = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    text = (body[0].end_lineno or 0) - body[0].lineno + 1 if has_text else 0
    return node.end_lineno - node.lineno + 1 - text


def test_the_domain_has_no_clock() -> None:
    clocks = ("date.today(", "datetime.now(", "timezone.now(", "localdate(", "time.time(")
    pure = ("rules", "queries", "actions", "models")
    ticking = [
        f"{path.relative_to(SOURCE)}: {clock}"
        for path in _python_files()
        if path.relative_to(SOURCE).parts[0] in DOMAIN and {path.stem, path.parent.name} & set(pure)
        for clock in clocks
        if clock in path.read_text()
    ]

    assert ticking == []


def test_every_error_has_a_code_of_its_own() -> None:
    def every(error: type[SpeanError]) -> Iterator[type[SpeanError]]:
        for child in error.__subclasses__():
            yield child
            yield from every(child)

    codes: dict[str, str] = {}
    for error in every(SpeanError):
        if not error.__module__.startswith("spean."):
            continue
        assert codes.setdefault(error.code, error.__qualname__) == error.__qualname__, error.code
        assert "." in error.code
    assert len(codes) > 20
