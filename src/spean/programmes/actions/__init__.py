"""Writes of the programmes: enrolment, the nation's entitlements, cycles, corrections."""

from spean.programmes.actions.corrections import (
    DecidedAlready,
    NothingToCorrect,
    OwnFinding,
    correct,
    decide_correction,
)
from spean.programmes.actions.cycles import (
    DaysImpossible,
    DaysTaken,
    NobodyEnrolled,
    open_cycle,
    order_cycle,
)
from spean.programmes.actions.enrolment import (
    Found,
    InAlready,
    NotEntitled,
    NotPossibleNow,
    ReasonMissing,
    ask_for,
    enrol_candidates,
    find_candidates,
    let_go,
    move,
)
from spean.programmes.actions.nation import determine, determine_nation
from spean.programmes.actions.owed import NoResults
from spean.programmes.actions.spark import connect, determine_on_spark

__all__ = [
    "DaysImpossible",
    "DaysTaken",
    "DecidedAlready",
    "Found",
    "InAlready",
    "NoResults",
    "NobodyEnrolled",
    "NotEntitled",
    "NotPossibleNow",
    "NothingToCorrect",
    "OwnFinding",
    "ReasonMissing",
    "ask_for",
    "connect",
    "correct",
    "decide_correction",
    "determine",
    "determine_nation",
    "determine_on_spark",
    "enrol_candidates",
    "find_candidates",
    "let_go",
    "move",
    "open_cycle",
    "order_cycle",
]
