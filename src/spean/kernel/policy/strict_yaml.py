"""YAML read without surprises: no duplicate keys, no guessed booleans, no numbers for codes."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml


class BadPolicy(ValueError):
    """Say what is wrong with a policy file, and where."""


class _Loader(yaml.SafeLoader):
    """A loader that refuses duplicate keys and reads decimals exactly."""


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        where = f"line {key_node.start_mark.line + 1}"
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadPolicy(f"{where}: a key is one word or one date")
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise BadPolicy(f"{where}: the key {key!r} stands twice")
        if isinstance(key, bool):
            raise BadPolicy(f"{where}: the key {key_node.value!r} reads as yes or no; quote it")
        if isinstance(key, int | Decimal):
            raise BadPolicy(f"{where}: the key {key_node.value!r} reads as a number; quote codes")
        seen.add(key)
    return loader.construct_mapping(node, deep)


def _number(loader: _Loader, node: yaml.ScalarNode) -> Any:
    text = str(loader.construct_scalar(node))
    if re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text):
        return Decimal(text)
    raise BadPolicy(
        f"line {node.start_mark.line + 1}: {text!r} is no plain number; quote it if it is a code"
    )


def _day(loader: _Loader, node: yaml.ScalarNode) -> date:
    text = str(loader.construct_scalar(node))
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        where = f"line {node.start_mark.line + 1}"
        raise BadPolicy(f"{where}: {text!r} is no day of the calendar") from None


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def read(path: Path) -> dict[Any, Any]:
    """Read one file. Raises BadPolicy with the line at fault."""
    try:
        body = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPolicy(str(error)) from error
    if not isinstance(body, dict):
        raise BadPolicy("a policy file is a mapping")
    return body
