"""What is done with money: given, ordered, approved by two, released, answered for."""

from spean.payments.actions.answers import receive_answers
from spean.payments.actions.ledger import FUND, BudgetExceeded, NeverGiven, appropriate, withdraw
from spean.payments.actions.orders import (
    APPROVE,
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

__all__ = [
    "APPROVE",
    "FUND",
    "ApprovedAlready",
    "BudgetExceeded",
    "ListChanged",
    "NeverGiven",
    "NobodyToPay",
    "NotInThatState",
    "OwnOrder",
    "PaymentTooLarge",
    "appropriate",
    "approve_order",
    "cancel_order",
    "prepare_order",
    "receive_answers",
    "release_order",
    "withdraw",
]
