"""What payments decide: where money may be, what an answer of a channel means, how files read."""

from spean.payments.rules.accounts import AccountKind, EntryKind, account_code
from spean.payments.rules.messages import Answer, Instruction, Outcome, Unreadable
from spean.payments.rules.reconciliation import (
    ALIVE,
    EFFECTS,
    FOR_A_PERSON,
    MOVES_MONEY,
    Effect,
    PaymentState,
)
from spean.payments.rules.wallet_file import read_answers, write_instructions

__all__ = [
    "ALIVE",
    "EFFECTS",
    "FOR_A_PERSON",
    "MOVES_MONEY",
    "AccountKind",
    "Answer",
    "Effect",
    "EntryKind",
    "Instruction",
    "Outcome",
    "PaymentState",
    "Unreadable",
    "account_code",
    "read_answers",
    "write_instructions",
]
