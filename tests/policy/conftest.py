"""Runs the YAML cases: each names a policy, a day, what is asked and what must come of it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from spean.kernel.policy import NotInForce, policy


class CaseFile(pytest.File):
    """One file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give each case."""
        for name, case in yaml.safe_load(self.path.read_text()).items():
            yield Case.from_parent(self, name=name, case=case)


class Case(pytest.Item):
    """One case: a sentence, and what it holds."""

    def __init__(self, *, case: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case

    def runtest(self) -> None:
        """Ask the policy and compare."""
        found = self._answer()
        assert found == self.case["gives"], f"{self.name}: {found!r}"

    def _answer(self) -> Any:
        key, day = self.case["policy"], self.case["day"]
        try:
            if "cell" in self.case:
                return policy.table(key, on=day).cell(*self.case["cell"])
            if "cut_off" in self.case:
                return policy.scorecard(key, on=day).cut_offs.get(self.case["cut_off"])
            return Decimal(policy.value(key, on=day).value)
        except NotInForce:
            return "not in force"

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        """Say which case failed and what came instead."""
        return f"{self.path.name}: {excinfo.value}"


def pytest_collect_file(parent: Any, file_path: Path) -> pytest.Collector | None:
    """Take the YAML files of this folder as tests."""
    if file_path.suffix == ".yaml" and file_path.parent == Path(__file__).parent:
        return CaseFile.from_parent(parent, path=file_path)
    return None
