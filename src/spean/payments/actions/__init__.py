"""What is done with money: given, ordered, approved by two, released, answered for."""

from spean.payments.actions.answers import receive_answers
from spean.payments.actions.decisions import GroundsMissing
from spean.payments.actions.ledger import (
    FUND,
    BudgetExceeded,
    NeverGiven,
    NotLeft,
    appropriate,
    withdraw,
)
from spean.payments.actions.name_enquiry import (
    NoSuchRows,
    NotHeldBack,
    WalletsHeldBack,
    clear_wallet,
    take_in_holders,
)
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
from spean.payments.actions.pay_lists import (
    DayOfPaymentImpossible,
    NobodySigned,
    NotOnThisList,
    PartImpossible,
    PayerMissing,
    take_signed_list,
)
from spean.payments.actions.screening import (
    HitDecided,
    HitsWaiting,
    SomebodyListed,
    decide_hit,
    load_list,
)
from spean.payments.actions.verdicts import (
    PaidOtherwise,
    VerdictGiven,
    VerdictImpossible,
    decide_answer,
)

__all__ = [
    "FUND",
    "ApprovedAlready",
    "BudgetExceeded",
    "DayOfPaymentImpossible",
    "GroundsMissing",
    "HitDecided",
    "HitsWaiting",
    "ListChanged",
    "NeverGiven",
    "NoSuchRows",
    "NobodySigned",
    "NobodyToPay",
    "NotHeldBack",
    "NotInThatState",
    "NotLeft",
    "NotOnThisList",
    "OwnOrder",
    "PaidOtherwise",
    "PartImpossible",
    "PayerMissing",
    "PaymentTooLarge",
    "SomebodyListed",
    "VerdictGiven",
    "VerdictImpossible",
    "WalletsHeldBack",
    "appropriate",
    "approve_order",
    "cancel_order",
    "clear_wallet",
    "decide_answer",
    "decide_hit",
    "load_list",
    "prepare_order",
    "receive_answers",
    "release_order",
    "take_in_holders",
    "take_signed_list",
    "withdraw",
]
