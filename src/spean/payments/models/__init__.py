"""Money as it is kept: the ledger, orders and payments; what channels answered; lists of names."""

from spean.payments.models.answers import VERDICTS, AnswerFile, AnswerVerdict, ChannelAnswer
from spean.payments.models.money import Account, Entry, Line, Order, Payment
from spean.payments.models.screening import (
    HITS,
    SAID_BY_PROVIDER,
    AccountDoubt,
    ListedName,
    NameList,
    ScreeningHit,
)

__all__ = [
    "HITS",
    "SAID_BY_PROVIDER",
    "VERDICTS",
    "Account",
    "AccountDoubt",
    "AnswerFile",
    "AnswerVerdict",
    "ChannelAnswer",
    "Entry",
    "Line",
    "ListedName",
    "NameList",
    "Order",
    "Payment",
    "ScreeningHit",
]
