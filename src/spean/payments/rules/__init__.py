"""What payments decide: where money may be, what an answer of a channel means, how files read."""

from spean.payments.rules.accounts import AccountKind, EntryKind, account_code
from spean.payments.rules.answer_files import read_answers
from spean.payments.rules.iso20022 import CreditTransfer, Debtor, write_credit_transfer
from spean.payments.rules.khqr import khqr
from spean.payments.rules.messages import Answer, FileFormat, Instruction, Outcome, Unreadable
from spean.payments.rules.mistyped import looks_mistyped
from spean.payments.rules.name_enquiry import (
    ENQUIRY_COLUMNS,
    HOLDER_COLUMNS,
    Holder,
    is_held_by,
    read_holders,
)
from spean.payments.rules.name_lists import (
    HitState,
    ListBroken,
    Listed,
    RowWithoutName,
    read_list,
    sounds,
)
from spean.payments.rules.reconciliation import (
    EFFECTS,
    FOR_A_PERSON,
    MOVES_MONEY,
    ON_ITS_WAY,
    Effect,
    PaymentState,
    Standing,
    Verdict,
    verdicts,
)
from spean.payments.rules.wallet_file import ANSWER_COLUMNS, write_instructions

__all__ = [
    "ANSWER_COLUMNS",
    "EFFECTS",
    "ENQUIRY_COLUMNS",
    "FOR_A_PERSON",
    "HOLDER_COLUMNS",
    "MOVES_MONEY",
    "ON_ITS_WAY",
    "AccountKind",
    "Answer",
    "CreditTransfer",
    "Debtor",
    "Effect",
    "EntryKind",
    "FileFormat",
    "HitState",
    "Holder",
    "Instruction",
    "ListBroken",
    "Listed",
    "Outcome",
    "PaymentState",
    "RowWithoutName",
    "Standing",
    "Unreadable",
    "Verdict",
    "account_code",
    "is_held_by",
    "khqr",
    "looks_mistyped",
    "read_answers",
    "read_holders",
    "read_list",
    "sounds",
    "verdicts",
    "write_credit_transfer",
    "write_instructions",
]
