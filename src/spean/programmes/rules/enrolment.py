"""How a household comes into a programme, stays and leaves."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a household stands in a programme. Only who is enrolled is owed by its cycles."""

    CANDIDATE = "candidate"
    ENROLLED = "enrolled"
    SUSPENDED = "suspended"
    EXITED = "exited"
    REFUSED = "refused"


FLOW: Mapping[State, tuple[State, ...]] = {
    State.CANDIDATE: (State.ENROLLED, State.REFUSED),
    State.ENROLLED: (State.SUSPENDED, State.EXITED),
    State.SUSPENDED: (State.ENROLLED, State.EXITED),
    State.EXITED: (State.CANDIDATE,),
    State.REFUSED: (State.CANDIDATE,),
}
# Who is, or was, in a programme.
BENEFITED = (State.ENROLLED, State.SUSPENDED, State.EXITED)
