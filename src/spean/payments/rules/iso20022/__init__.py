"""ISO 20022: the order as a bank reads it (pain.001), and what the bank says of it.

Read are the status report (pain.002), the notification (camt.054) and the statement (camt.053).
"""

from collections.abc import Iterator
from typing import IO

from spean.payments.rules.iso20022.credit_transfer import (
    CreditTransfer,
    Debtor,
    write_credit_transfer,
)
from spean.payments.rules.iso20022.reading import MessageInvalid, MessageUnknown, UnsafeMessage
from spean.payments.rules.iso20022.reading import message_in as _message_in
from spean.payments.rules.iso20022.statement import read_statement
from spean.payments.rules.iso20022.status_report import read_status_report
from spean.payments.rules.messages import Answer, Unreadable

__all__ = [
    "CreditTransfer",
    "Debtor",
    "MessageInvalid",
    "MessageUnknown",
    "UnsafeMessage",
    "read_message",
    "write_credit_transfer",
]

READERS = {
    "pain.002.001.12": read_status_report,
    "camt.053.001.08": read_statement,
    "camt.054.001.08": read_statement,
}


def read_message(stream: IO[bytes]) -> Iterator[tuple[int, Answer | Unreadable]]:
    """Give what a bank's message says of each payment, numbered from 1 in the message's order.

    Raises UnsafeMessage, MessageUnknown, and MessageInvalid as late as where the fault is: what was
    given before counts only once the message has come to its end.
    """
    message = _message_in(stream)
    if message not in READERS:
        raise MessageUnknown(found=message[:100], read=", ".join(READERS))
    yield from READERS[message](stream, message)
