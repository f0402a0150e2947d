"""Which batches an issue takes: what expires first goes first, nothing that may not be used."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Held:
    """So much of one batch; usable through the day of its expiry."""

    batch: UUID
    number: str
    expiry: date
    quantity: int
    held_back: bool = False

    def usable(self, on: date) -> bool:
        """Say whether it may be given out: neither expired nor held back for a decision."""
        return self.expiry >= on and not self.held_back


def pick(held: Iterable[Held], wanted: int, *, on: date) -> list[Held]:
    """Give what is taken of which batch, by expiry; less than wanted where less is there."""
    taken = []
    usable = (one for one in held if one.quantity > 0 and one.usable(on))
    for one in sorted(usable, key=lambda one: (one.expiry, one.number)):
        if wanted <= 0:
            break
        taken.append(replace(one, quantity=min(one.quantity, wanted)))
        wanted -= taken[-1].quantity
    return taken
