"""Writes of the programmes: enrolment, the nation's entitlements, cycles, corrections."""

from spean.programmes.actions.confirmations import (
    AttendanceImpossible,
    BabiesImpossible,
    ConfirmedAlready,
    DayToCome,
    NotConfirmable,
    Report,
    Taken,
    WhomMissing,
    WithdrawnAlready,
    confirm,
    confirm_many,
    withdraw,
)
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
from spean.programmes.actions.school_months import COLUMNS as MONTH_COLUMNS
from spean.programmes.actions.school_months import Month, take_month
from spean.programmes.actions.spark import connect, determine_on_spark

__all__ = [
    "MONTH_COLUMNS",
    "AttendanceImpossible",
    "BabiesImpossible",
    "ConfirmedAlready",
    "DayToCome",
    "DaysImpossible",
    "DaysTaken",
    "DecidedAlready",
    "Found",
    "InAlready",
    "Month",
    "NoResults",
    "NobodyEnrolled",
    "NotConfirmable",
    "NotEntitled",
    "NotPossibleNow",
    "NothingToCorrect",
    "OwnFinding",
    "ReasonMissing",
    "Report",
    "Taken",
    "WhomMissing",
    "WithdrawnAlready",
    "ask_for",
    "confirm",
    "confirm_many",
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
    "take_month",
    "withdraw",
]
