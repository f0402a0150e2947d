"""A decision that explains itself: its facts, its criteria, the policy values that it used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """A policy value that a decision used: its key, since when it holds, and its source."""

    key: str
    since: date
    reference: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A named test: whether it held, the fact it looked at, and the value it was held against."""

    name: str
    held: bool
    fact: Fact = None
    value: Fact = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: a criterion, and the source of the value it was held against."""

    criterion: Criterion
    source: PolicyRef | None


CRITERION = ("name", "held", "fact", "value", "policy")


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome with everything that led to it. It reads nothing and changes nothing."""

    kind: str
    outcome: str
    on: date
    criteria: tuple[Criterion, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    policies: tuple[PolicyRef, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give the decision as JSON keeps it."""
        return {
            "kind": self.kind,
            "outcome": self.outcome,
            "on": self.on.isoformat(),
            "criteria": [
                {name: getattr(criterion, name) for name in CRITERION}
                for criterion in self.criteria
            ],
            "facts": dict(self.facts),
            "policies": [
                {"key": p.key, "since": p.since.isoformat(), "reference": p.reference}
                for p in self.policies
            ],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Decision":
        """Read a decision that was kept."""
        return cls(
            kind=body["kind"],
            outcome=body["outcome"],
            on=date.fromisoformat(body["on"]),
            criteria=tuple(Criterion(**criterion) for criterion in body["criteria"]),
            facts=body["facts"],
            policies=tuple(
                PolicyRef(p["key"], date.fromisoformat(p["since"]), p["reference"])
                for p in body["policies"]
            ),
        )

    def criterion(self, name: str) -> Criterion:
        """Give one criterion by name. Raises KeyError."""
        for criterion in self.criteria:
            if criterion.name == name:
                return criterion
        raise KeyError(name)

    def explain(self) -> tuple[Line, ...]:
        """Give the criteria in their order, each with its source; a page finds the words."""
        sources = {source.key: source for source in self.policies}
        return tuple(Line(one, sources.get(one.policy or "")) for one in self.criteria)
