"""Runs the YAML cases: each names a policy, a day, what is asked and what must come of it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from spean.kernel.policy import NotInForce, TextValue, policy, strict_yaml
from spean.targeting.rules import HouseholdFacts, score_household

NOBODY = HouseholdFacts(0, 0, 0, 0, 0, 0, 0, False)


class CaseFile(pytest.File):
    """One file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give each case."""
        for name, case in strict_yaml.read(self.path).items():
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
            if "family" in self.case:
                return self._score()
            if "cell" in self.case:
                return policy.table(key, on=day).cell(*self.case["cell"])
            if "at" in self.case:
                return policy.scale(key, on=day).at(self.case["at"])
            if "contact" in self.case:
                contacts = {one.code: one for one in policy.schedule(key, on=day).contacts}
                found = contacts.get(self.case["contact"])
                return found.due if found else "none"
            if "row" in self.case:
                rows = {one.code: one for one in policy.decisions(key, on=day).rows}
                return rows[self.case["row"]].urgency
            if "indicator" in self.case:
                found = {one.code: one for one in policy.indicators(key, on=day).rows}
                one = found[self.case["indicator"]]
                return f"{one.counts} of {one.of}, per {one.per}" if one.of else one.counts
            if "cut_off" in self.case:
                return policy.scorecard(key, on=day).cut_offs.get(self.case["cut_off"])
            if isinstance(policy.last(key, TextValue), TextValue):
                return policy.text(key, on=day).text.en
            return Decimal(policy.value(key, on=day).value)
        except NotInForce:
            return "not in force"

    def _score(self) -> list[Any]:
        """Score a family; a question that the case leaves out has the answer of most points."""
        card = policy.scorecard(self.case["policy"], on=self.case["day"])
        poorest = {
            question.code: max(question.answers, key=lambda answer: answer.points).code
            for question in card.questions
            if not question.derived
        }
        facts = replace(NOBODY, **self.case["family"])
        decision = score_household(poorest | self.case["answers"], facts, card, on=self.case["day"])
        return [decision.facts["points"], decision.outcome]

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        """Say which case failed and what came instead."""
        return f"{self.path.name}: {excinfo.value}"


def pytest_collect_file(parent: Any, file_path: Path) -> pytest.Collector | None:
    """Take the YAML files of this folder as tests."""
    if file_path.suffix == ".yaml" and file_path.parent == Path(__file__).parent:
        return CaseFile.from_parent(parent, path=file_path)
    return None
