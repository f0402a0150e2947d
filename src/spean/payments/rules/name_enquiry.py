"""The provider's file of whose the wallets are, and when a wallet is in the family's name."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from spean.kernel.spreadsheets import read_rows
from spean.payments.rules.name_lists import sounds

ENQUIRY_COLUMNS = ("reference", "account")
HOLDER_COLUMNS = ("reference", "holder")
MOST_HOLDERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose the wallet of a payment is; "" where no wallet has the number."""

    reference: str
    name: str


def read_holders(stream: IO[bytes]) -> Iterator[Holder]:
    """Read the provider's answer, row by row. Raises what `read_rows` raises."""
    for row in read_rows(stream, "", required=HOLDER_COLUMNS, max_rows=MOST_HOLDERS):
        reference, name = (row.values[column] for column in HOLDER_COLUMNS)
        if reference:
            yield Holder(reference, " ".join(name.split())[:210])


def is_held_by(
    holder: str, names: Iterable[str], keys_of: Callable[[str], Collection[str]]
) -> bool:
    """Tell whether a holder is one of these people: all words sound alike, in any order.

    A name of one word, which sounds like too many, must be written the same.
    """
    said = sounds(holder, keys_of)
    return bool(holder) and any(
        sounds(name, keys_of) == said if said else name.split() == holder.split() for name in names
    )
