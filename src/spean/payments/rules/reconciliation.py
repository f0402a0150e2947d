"""What the answer of a channel does to a payment, whatever the order in which answers come.

A channel may answer twice, late, or against what it said before. Nothing that it says pays anybody
twice: what contradicts the books moves no money, and waits for a person.
"""

from enum import StrEnum

from spean.payments.rules.messages import Outcome


class PaymentState(StrEnum):
    """What has become of a payment."""

    DUE = "due"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


# An obligation has one payment in these states, so that it is paid once.
ALIVE = (PaymentState.DUE, PaymentState.SENT, PaymentState.PAID)


class Effect(StrEnum):
    """What an answer did."""

    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    NOTED = "noted"
    REPEATED = "repeated"
    CONTRADICTS = "contradicts"
    OTHER_AMOUNT = "other_amount"
    UNKNOWN = "unknown"


MOVES_MONEY = (Effect.PAID, Effect.FAILED, Effect.RETURNED)
FOR_A_PERSON = (Effect.CONTRADICTS, Effect.OTHER_AMOUNT, Effect.UNKNOWN)

_SENT = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.PAID,
    Outcome.FAILED: Effect.FAILED,
    Outcome.RETURNED: Effect.RETURNED,
}
_PAID = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.REPEATED,
    Outcome.FAILED: Effect.CONTRADICTS,
    Outcome.RETURNED: Effect.RETURNED,
}
_NOT_PAID = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.CONTRADICTS,
    Outcome.FAILED: Effect.REPEATED,
    Outcome.RETURNED: Effect.REPEATED,
}
_NEVER_SENT = dict.fromkeys(Outcome, Effect.CONTRADICTS)

EFFECTS: dict[PaymentState, dict[Outcome, Effect]] = {
    PaymentState.DUE: _NEVER_SENT,
    PaymentState.CANCELLED: _NEVER_SENT,
    PaymentState.SENT: _SENT,
    PaymentState.PAID: _PAID,
    PaymentState.FAILED: _NOT_PAID,
    PaymentState.RETURNED: _NOT_PAID,
}
