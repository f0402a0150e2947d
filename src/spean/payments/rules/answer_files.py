"""The files in which channels answer, whatever their form, which their content tells."""

from collections.abc import Iterator
from typing import IO

from spean.payments.rules.iso20022 import read_message
from spean.payments.rules.messages import Answer, Unreadable, is_xml
from spean.payments.rules.wallet_file import read_rows


def read_answers(stream: IO[bytes]) -> Iterator[tuple[int, Answer | Unreadable]]:
    """Give each row's or transaction's number with its answer, or with why it can't be read.

    Raises FileRefused where the file as a whole is none, as late as at its end: what was given
    before doesn't count then.
    """
    return read_message(stream) if is_xml(stream) else read_rows(stream)
