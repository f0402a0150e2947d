"""What is done in a shock: noted, its places drawn, a plan approved by two, the missed answered."""

from spean.shocks.actions.decisions import NotWaiting, ReasonMissing
from spean.shocks.actions.events import (
    NobodyThere,
    PlaceNotStruck,
    PlaceUnknown,
    SourceMissing,
    end_strike,
    measure,
    note_event,
    strike,
    strike_drawn,
)
from spean.shocks.actions.families import NamedAlready, forget_family, name_family
from spean.shocks.actions.missed import AskedAlready, answer, ask
from spean.shocks.actions.plans import (
    NoPlaces,
    NotGraveEnough,
    NothingToAdd,
    OwnPlan,
    ProgrammeNotPaid,
    approve_plan,
    propose_addition,
    propose_plan,
    refuse_plan,
)

__all__ = [
    "AskedAlready",
    "NamedAlready",
    "NoPlaces",
    "NobodyThere",
    "NotGraveEnough",
    "NotWaiting",
    "NothingToAdd",
    "OwnPlan",
    "PlaceNotStruck",
    "PlaceUnknown",
    "ProgrammeNotPaid",
    "ReasonMissing",
    "SourceMissing",
    "answer",
    "approve_plan",
    "ask",
    "end_strike",
    "forget_family",
    "measure",
    "name_family",
    "note_event",
    "propose_addition",
    "propose_plan",
    "refuse_plan",
    "strike",
    "strike_drawn",
]
