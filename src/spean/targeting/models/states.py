"""The life of an assessment: one table of what leads from where to where."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from spean.kernel.errors import N_, Conflict


class State(models.TextChoices):
    """Where an assessment stands, said as what it waits for."""

    REQUESTED = "requested", _("Waiting for the interview")
    INTERVIEWED = "interviewed", _("Waiting for the village's review")
    REVIEWED = "reviewed", _("Waiting to be put on display")
    DISPLAYED = "displayed", _("On display; then to the commune council")
    DECIDED = "decided", _("Waiting for the district's check")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Closed without a decision")


class Step(models.TextChoices):
    """What can be done to an assessment."""

    REQUEST = "request", _("Request received")
    REFUSE = "refuse", _("Request refused")
    WITHDRAW = "withdraw", _("Withdrawn by the household")
    INTERVIEW = "interview", _("Interview recorded")
    REVIEW = "review", _("Reviewed in the village")
    DISPLAY = "display", _("Put on display")
    REDO_INTERVIEW = "redo_interview", _("Sent back to the interview")
    DECIDE = "decide", _("Decided by the commune council")
    REDO_DECISION = "redo_decision", _("Sent back to the commune council")
    CONFIRM = "confirm", _("Confirmed by the district")
    CANCEL = "cancel", _("Closed without a decision")


OPEN = (State.REQUESTED, State.INTERVIEWED, State.REVIEWED, State.DISPLAYED, State.DECIDED)
BEFORE_DECISION = OPEN[:4]
AFTER_INTERVIEW = OPEN[1:]


@dataclass(frozen=True, slots=True)
class Move:
    """One step: the states in which it may be taken, and the state that follows."""

    begins: tuple[State, ...]
    ends: State


MOVES: Mapping[Step, Move] = {
    Step.REQUEST: Move((), State.REQUESTED),
    Step.REFUSE: Move((State.REQUESTED,), State.REFUSED),
    Step.WITHDRAW: Move(BEFORE_DECISION, State.WITHDRAWN),
    Step.INTERVIEW: Move((State.REQUESTED,), State.INTERVIEWED),
    Step.REVIEW: Move((State.INTERVIEWED,), State.REVIEWED),
    Step.DISPLAY: Move((State.REVIEWED,), State.DISPLAYED),
    Step.REDO_INTERVIEW: Move(AFTER_INTERVIEW, State.REQUESTED),
    Step.DECIDE: Move((State.DISPLAYED,), State.DECIDED),
    Step.REDO_DECISION: Move((State.DECIDED,), State.DISPLAYED),
    Step.CONFIRM: Move((State.DECIDED,), State.CONFIRMED),
    Step.CANCEL: Move(OPEN, State.CANCELLED),
}


class NotAtThisStep(Conflict):
    """Refuse a step that the assessment's state doesn't lead to."""

    code = "targeting.not_at_this_step"
    message = N_(
        "This cannot be done now: the assessment is at “%(state)s”. Look at it again and go on "
        "from there."
    )


def following(step: Step, state: State) -> State:
    """Give the state that a step leads to. Raises NotAtThisStep."""
    move = MOVES[step]
    if state not in move.begins:
        raise NotAtThisStep(state=State(state).label)
    return move.ends
