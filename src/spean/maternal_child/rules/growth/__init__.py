"""How a child has grown, by the WHO standards of 0-5 years and the reference of 5-19.

One child: `assess(Measures(…), on=day)`. A survey or a nation: `scores(Children(…))`, and
`grades(…)` for what they mean. A chart: `chart(…)`. Sources and choices: ADR 18.
"""

from spean.maternal_child.rules.growth.chart import chart
from spean.maternal_child.rules.growth.child import (
    CONDITION_NAMES,
    GRADE_NAMES,
    INDEX_NAMES,
    LACK_NAMES,
    Assessment,
    Measures,
    Score,
    as_children,
    assess,
)
from spean.maternal_child.rules.growth.nutrition import Condition, Cuts, Grade, cuts, grades
from spean.maternal_child.rules.growth.scores import Children, Lack, Scores, scores
from spean.maternal_child.rules.growth.standards import Index

__all__ = [
    "CONDITION_NAMES",
    "GRADE_NAMES",
    "INDEX_NAMES",
    "LACK_NAMES",
    "Assessment",
    "Children",
    "Condition",
    "Cuts",
    "Grade",
    "Index",
    "Lack",
    "Measures",
    "Score",
    "Scores",
    "as_children",
    "assess",
    "chart",
    "cuts",
    "grades",
    "scores",
]
