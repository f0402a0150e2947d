"""How a claim is judged: named rules over the facts of its lines (ADR 23)."""

from spean.health_equity.rules.adjudication.facts import FACTS
from spean.health_equity.rules.adjudication.judge import RULES, compiled
from spean.health_equity.rules.adjudication.rule import Effect, Level, Rule
from spean.health_equity.rules.adjudication.terms import KIND, most_times, terms

__all__ = [
    "FACTS",
    "KIND",
    "RULES",
    "Effect",
    "Level",
    "Rule",
    "compiled",
    "most_times",
    "terms",
]
