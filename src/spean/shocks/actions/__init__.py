"""What is done in a shock: noted, its places drawn, a plan approved by two, the missed answered."""

from spean.shocks.actions.decisions import NotWaiting, ReasonMissing
from spean.shocks.actions.events import (
    NobodyThere,
    PlaceUnknown,
    SourceMissing,
    end_strike,
    measure,
    note_event,
    strike,
    strike_drawn,
)
from spean.shocks.actions.missed import ASK, AskedAlready, answer, ask
from spean.shocks.actions.plans import (
    APPROVE,
    NoPlaces,
    NotGraveEnough,
    OwnPlan,
    approve_plan,
    propose_plan,
    refuse_plan,
)

__all__ = [
    "APPROVE",
    "ASK",
    "AskedAlready",
    "NoPlaces",
    "NobodyThere",
    "NotGraveEnough",
    "NotWaiting",
    "OwnPlan",
    "PlaceUnknown",
    "ReasonMissing",
    "SourceMissing",
    "answer",
    "approve_plan",
    "ask",
    "end_strike",
    "measure",
    "note_event",
    "propose_plan",
    "refuse_plan",
    "strike",
    "strike_drawn",
]
