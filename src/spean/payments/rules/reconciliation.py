"""What the answer of a channel does to a payment, whatever the order in which answers come.

A channel may answer twice, late, or against what it said before. Nothing that it says pays anybody
twice: what contradicts the books moves no money, and waits for a person. Of a payment a family may
hold a part; the rest is back in the budget, and is ordered again like what failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from spean.payments.rules.accounts import AccountKind
from spean.payments.rules.messages import Outcome


class PaymentState(StrEnum):
    """What has become of a payment."""

    DUE = "due"
    SENT = "sent"
    PAID = "paid"
    PARTLY = "partly"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


ON_ITS_WAY = (PaymentState.DUE, PaymentState.SENT)


class Effect(StrEnum):
    """What an answer did."""

    PAID = "paid"
    PARTLY = "partly"
    FAILED = "failed"
    RETURNED = "returned"
    NOTED = "noted"
    REPEATED = "repeated"
    CONTRADICTS = "contradicts"
    OTHER_AMOUNT = "other_amount"
    UNKNOWN = "unknown"


MOVES_MONEY = (Effect.PAID, Effect.PARTLY, Effect.FAILED, Effect.RETURNED)
FOR_A_PERSON = (Effect.CONTRADICTS, Effect.OTHER_AMOUNT, Effect.UNKNOWN)

_SENT = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.PAID,
    Outcome.PARTLY: Effect.PARTLY,
    Outcome.FAILED: Effect.FAILED,
    Outcome.RETURNED: Effect.RETURNED,
}
_PAID = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.REPEATED,
    Outcome.PARTLY: Effect.CONTRADICTS,
    Outcome.FAILED: Effect.CONTRADICTS,
    Outcome.RETURNED: Effect.RETURNED,
}
_PARTLY = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.CONTRADICTS,
    Outcome.PARTLY: Effect.REPEATED,
    Outcome.FAILED: Effect.CONTRADICTS,
    Outcome.RETURNED: Effect.RETURNED,
}
_NOT_PAID = {
    Outcome.ACCEPTED: Effect.NOTED,
    Outcome.PAID: Effect.CONTRADICTS,
    Outcome.PARTLY: Effect.CONTRADICTS,
    Outcome.FAILED: Effect.REPEATED,
    Outcome.RETURNED: Effect.REPEATED,
}
_NEVER_SENT = dict.fromkeys(Outcome, Effect.CONTRADICTS)

# By what a channel said; what a bank has settled is all of a payment or a part, by its amount.
EFFECTS: dict[PaymentState, dict[Outcome, Effect]] = {
    PaymentState.DUE: _NEVER_SENT,
    PaymentState.CANCELLED: _NEVER_SENT,
    PaymentState.SENT: _SENT,
    PaymentState.PAID: _PAID,
    PaymentState.PARTLY: _PARTLY,
    PaymentState.FAILED: _NOT_PAID,
    PaymentState.RETURNED: _NOT_PAID,
}


class Verdict(StrEnum):
    """What a person decides about an answer that goes against the books."""

    STANDS = "stands"
    PAID = "paid"
    PARTLY = "partly"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payment of `amount` riel stands, and how much of it the family holds."""

    state: PaymentState
    amount: Decimal
    held: Decimal

    def moves(self, holds: Decimal) -> Mapping[AccountKind, Decimal]:
        """Give what each account gains when the family holds so much; together it is nothing."""
        on_its_way = self.amount if self.state == PaymentState.SENT else Decimal(0)
        to_family = holds - self.held
        gains = {
            AccountKind.CHANNEL: -on_its_way,
            AccountKind.FAMILIES: to_family,
            AccountKind.BUDGET: on_its_way - to_family,
        }
        return {account: riel for account, riel in gains.items() if riel}


def verdicts(
    standing: Standing | None, outcome: Outcome, said: Decimal | None
) -> Mapping[Verdict, Decimal]:
    """Give what can be decided about an answer, and what the family holds of its payment then.

    A payment that was never sent, or is unknown (None), stays as it is, whatever a channel says;
    `said` is the amount that the answer names.
    """
    if standing is None or EFFECTS[standing.state] is _NEVER_SENT:
        return {Verdict.STANDS: standing.held if standing else Decimal(0)}
    part, on_its_way = _part(standing, outcome, said), standing.state == PaymentState.SENT
    found = {Verdict.PAID: standing.amount, Verdict.PARTLY: part, Verdict.FAILED: Decimal(0)}
    if not 0 < part < standing.amount:
        del found[Verdict.PARTLY]
    changes = {one: holds for one, holds in found.items() if on_its_way or holds != standing.held}
    return {Verdict.STANDS: standing.held} | changes


def _part(standing: Standing, outcome: Outcome, said: Decimal | None) -> Decimal:
    """Give the part that the family holds by an answer; what came back is no part of it."""
    if said is None or outcome in (Outcome.ACCEPTED, Outcome.FAILED):
        return Decimal(0)
    if outcome == Outcome.RETURNED:
        return (standing.held or standing.amount) - said
    return said
