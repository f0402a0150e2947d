"""The pure rules of the results: periods, figures, what charts show, what a report is held to."""

from spean.results.rules.charts import Funnel, Limits, RunChart, funnel, run_chart
from spean.results.rules.checks import CHECKS, Doubt, checked
from spean.results.rules.figures import Figure, Part, figures, part
from spean.results.rules.periods import BadPeriod, Span, before, kind_of, of_day, span

__all__ = [
    "CHECKS",
    "BadPeriod",
    "Doubt",
    "Figure",
    "Funnel",
    "Limits",
    "Part",
    "RunChart",
    "Span",
    "before",
    "checked",
    "figures",
    "funnel",
    "kind_of",
    "of_day",
    "part",
    "run_chart",
    "span",
]
