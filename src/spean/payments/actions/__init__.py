"""What is done with money: given, ordered, approved by two, released, answered for."""

from spean.payments.actions.answers import receive_answers
from spean.payments.actions.ledger import FUND, BudgetExceeded, NeverGiven, appropriate, withdraw
from spean.payments.actions.orders import (
    ApprovedAlready,
    ListChanged,
    NobodyToPay,
    NotInThatState,
    OwnOrder,
    PaymentTooLarge,
    approve_order,
    cancel_order,
    prepare_order,
    release_order,
)
from spean.payments.actions.screening import (
    GroundsMissing,
    HitDecided,
    HitsWaiting,
    SomebodyListed,
    decide_hit,
    load_list,
)

__all__ = [
    "FUND",
    "ApprovedAlready",
    "BudgetExceeded",
    "GroundsMissing",
    "HitDecided",
    "HitsWaiting",
    "ListChanged",
    "NeverGiven",
    "NobodyToPay",
    "NotInThatState",
    "OwnOrder",
    "PaymentTooLarge",
    "SomebodyListed",
    "appropriate",
    "approve_order",
    "cancel_order",
    "decide_hit",
    "load_list",
    "prepare_order",
    "receive_answers",
    "release_order",
    "withdraw",
]
