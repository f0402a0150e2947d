"""The policy reader: what law can change, as dated data with its source.

`policy.value("targeting.card_validity", on=day)` gives the value in force on a day with its unit,
since when and by which reference, or raises `NotInForce`; never 0.
"""

from spean.kernel.policy.reader import NotInForce, Policy, UnknownPolicy, policy
from spean.kernel.policy.shapes import (
    CUT_OFFS,
    POINTS,
    VALUE,
    Answer,
    Bracket,
    Condition,
    Contact,
    DecisionRow,
    DecisionTable,
    Indicator,
    IndicatorSet,
    InForce,
    PolicyValue,
    Question,
    Rows,
    ScaleValue,
    ScheduleValue,
    Scorecard,
    TableValue,
    Text,
    TextValue,
)
from spean.kernel.policy.strict_yaml import BadPolicy

__all__ = [
    "CUT_OFFS",
    "POINTS",
    "VALUE",
    "Answer",
    "BadPolicy",
    "Bracket",
    "Condition",
    "Contact",
    "DecisionRow",
    "DecisionTable",
    "InForce",
    "Indicator",
    "IndicatorSet",
    "NotInForce",
    "Policy",
    "PolicyValue",
    "Question",
    "Rows",
    "ScaleValue",
    "ScheduleValue",
    "Scorecard",
    "TableValue",
    "Text",
    "TextValue",
    "UnknownPolicy",
    "policy",
]
