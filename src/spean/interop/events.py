"""News of the exchange itself, which the outbox carries on: ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """A partner's request waits for its answer."""

    transaction: UUID


@dataclass(frozen=True, slots=True)
class CallbackDue:
    """A message of ours is ready to go to a partner."""

    callback: UUID
