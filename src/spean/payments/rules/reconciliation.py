"""What the answer of a channel does to a payment, whatever the order in which answers come.

A channel may answer twice, late, or against what it said before. Nothing that it says pays anybody
twice: what contradicts the books moves no money, and waits for a person.
"""

from enum import StrEnum

from spean.payments.rules.accounts import AccountKind
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


class Verdict(StrEnum):
    """What a person decides about an answer that goes against the books."""

    STANDS = "stands"
    PAID = "paid"
    FAILED = "failed"


# What each verdict makes of a payment, by the state in which it is: where its money goes, from and
# to. A payment that was never sent stays as it is, whatever a channel says.
MOVED: dict[Verdict, dict[PaymentState, tuple[AccountKind, AccountKind]]] = {
    Verdict.PAID: {
        PaymentState.SENT: (AccountKind.CHANNEL, AccountKind.FAMILIES),
        PaymentState.FAILED: (AccountKind.BUDGET, AccountKind.FAMILIES),
        PaymentState.RETURNED: (AccountKind.BUDGET, AccountKind.FAMILIES),
    },
    Verdict.FAILED: {
        PaymentState.SENT: (AccountKind.CHANNEL, AccountKind.BUDGET),
        PaymentState.PAID: (AccountKind.FAMILIES, AccountKind.BUDGET),
    },
}


def verdicts(state: PaymentState | None) -> tuple[Verdict, ...]:
    """Give what can be decided about a payment in a state; of an unknown one, only that."""
    return (Verdict.STANDS, *(one for one, moves in MOVED.items() if state in moves))
