"""What the exchange with other systems keeps: who they are, what was asked, told and heard."""

from spean.interop.models.answering import (
    Callback,
    Notification,
    Permit,
    Release,
    Subscription,
    Transaction,
)
from spean.interop.models.asking import Heard, OutsideEnrolment, Question
from spean.interop.models.partners import Basis, Message, Partner, Signing

__all__ = [
    "Basis",
    "Callback",
    "Heard",
    "Message",
    "Notification",
    "OutsideEnrolment",
    "Partner",
    "Permit",
    "Question",
    "Release",
    "Signing",
    "Subscription",
    "Transaction",
]
