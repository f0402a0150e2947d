"""Policy files, found by their path and asked by date."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import strict_yaml
from spean.kernel.policy.schemas import read_file
from spean.kernel.policy.shapes import (
    DecisionTable,
    IndicatorSet,
    InForce,
    PolicyValue,
    Rows,
    ScaleValue,
    ScheduleValue,
    Scorecard,
    TableValue,
    TextValue,
)
from spean.kernel.policy.strict_yaml import BadPolicy
from spean.kernel.policy.taking import CODE

V = TypeVar("V", bound=InForce)


class NotInForce(SpeanError):
    """Say that a policy holds no value on a day: it had not begun, or it had ceased."""

    code = "kernel.policy_not_in_force"
    message = N_(
        "The rule “%(key)s” is not in force on %(day)s. "
        "Check the date, or ask who keeps the policy."
    )


class UnknownPolicy(KeyError):
    """Say that no policy file has this key: a fault in the program."""


class Policy:
    """All policy files under one folder. The path is the key: a/b.yaml is "a.b"."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _paths(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self.root.rglob("*.yaml")):
            yield ".".join(path.relative_to(self.root).with_suffix("").parts), path

    @cached_property
    def _files(self) -> Mapping[str, dict[date, InForce | None]]:
        return {key: read_file(key, strict_yaml.read(path)) for key, path in self._paths()}

    @property
    def all_keys(self) -> list[str]:
        """Give the key of every file."""
        return list(self._files)

    def history(self, key: str) -> Mapping[date, InForce | None]:
        """Give what held from each date on; None is where it ceased. Raises UnknownPolicy."""
        if key not in self._files:
            raise UnknownPolicy(key)
        return self._files[key]

    def value(self, key: str, *, on: date) -> PolicyValue:
        """Give an amount in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, PolicyValue)

    def scale(self, key: str, *, on: date) -> ScaleValue:
        """Give a scale in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, ScaleValue)

    def table(self, key: str, *, on: date) -> TableValue:
        """Give a table in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, TableValue)

    def schedule(self, key: str, *, on: date) -> ScheduleValue:
        """Give a schedule in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, ScheduleValue)

    def scorecard(self, key: str, *, on: date) -> Scorecard:
        """Give a scorecard in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, Scorecard)

    def text(self, key: str, *, on: date) -> TextValue:
        """Give a text in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, TextValue)

    def last(self, key: str, shape: type[V]) -> V | None:
        """Give what a key held last, in force or not; None where there is no such key."""
        held = [one for one in self._files.get(key, {}).values() if isinstance(one, shape)]
        return held[-1] if held else None

    def decisions(self, key: str, *, on: date) -> DecisionTable:
        """Give a decision table in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, DecisionTable)

    def indicators(self, key: str, *, on: date) -> IndicatorSet:
        """Give a set of indicators in force on a day. Raises NotInForce, UnknownPolicy."""
        return self._in_force(key, on, IndicatorSet)

    def _in_force(self, key: str, on: date, shape: type[V]) -> V:
        begun = [value for since, value in self.history(key).items() if since <= on]
        if not begun or begun[-1] is None:
            raise NotInForce(key=key, day=on.isoformat())
        found = begun[-1]
        if not isinstance(found, shape):
            raise TypeError(f"{key} is a {type(found).__name__}, not a {shape.__name__}")
        return found

    def amended(self, tables: Mapping[str, Rows | None]) -> "Policy":
        """Give this policy with other tables, as a draft has them; None abolishes one.

        A table that has ceased, or has not begun, is brought into force by the draft, and so is a
        scale (`ScaleValue.rows`). A scorecard keeps its questions, with the points and cut-offs
        that the draft gives (`Scorecard.rows`). Amended again, it keeps what it had amended before.
        """
        return Amended(self, tables)

    def assumptions(self) -> list[InForce]:
        """Give every value that has no public source."""
        return [
            value
            for values in self._files.values()
            for value in values.values()
            if value is not None and value.assumed
        ]

    def version(self) -> str:
        """Give a short hash over all files; it changes when any of them does."""
        digest = hashlib.sha256()
        for key, path in self._paths():
            digest.update(f"{key}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()[:12]

    def check(self) -> list[str]:
        """Read every file and give what is wrong, each with its file."""
        if not self.root.is_dir():
            return [f"{self.root}: no such folder"]
        problems = [
            f"{path}: not a policy file; its name must be small letters, digits and _, then .yaml"
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not (path.suffix == ".yaml" and CODE.fullmatch(path.stem))
        ]
        for key, path in self._paths():
            try:
                read_file(key, strict_yaml.read(path))
            except BadPolicy as error:
                problems.append(f"{path}: {error}")
        return problems


class Amended(Policy):
    """A policy in which a draft puts other tables in force, whatever the day."""

    DRAFT = "DRAFT — not in force"

    def __init__(self, base: Policy, tables: Mapping[str, Rows | None]) -> None:
        super().__init__(base.root)
        self._base, self._drafts = base, dict(tables)

    @cached_property
    def _files(self) -> Mapping[str, dict[date, InForce | None]]:
        return self._base._files

    def _in_force(self, key: str, on: date, shape: type[V]) -> V:
        if key not in self._drafts:
            return self._base._in_force(key, on, shape)
        rows = self._drafts[key]
        if rows is None:
            raise NotInForce(key=key, day=on.isoformat())
        base = self._base
        known = base._in_force(key, on, shape) if shape is Scorecard else base.last(key, shape)
        if known is None:
            raise TypeError(f"{key} is no {shape.__name__}")
        drafted: V = known.with_rows(rows)  # type: ignore[attr-defined]
        return replace(drafted, since=on, reference=self.DRAFT)

    def version(self) -> str:
        """Give a hash that differs from that of the policy, and of any other draft."""
        drafts = sorted((key, repr(rows)) for key, rows in self._drafts.items())
        return hashlib.sha256(f"{self._base.version()} {drafts}".encode()).hexdigest()[:12]


policy = Policy(Path(os.environ.get("SPEAN_POLICY", Path(__file__).parents[4] / "policy")))
