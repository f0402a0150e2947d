"""What supplies do with others' news; `config/hears.py` lists it.

Supplies lie below the care of mothers and children, so they say what they need to know of a dose.
"""

from datetime import date
from typing import Protocol
from uuid import UUID

from spean.kernel.access import Actor, Purpose
from spean.supplies import actions

NEWS = Actor.system("dose_news", purpose=Purpose.CARE)


class Dose(Protocol):
    """A dose that was given: whose village, which vaccine of which batch, on which day."""

    @property
    def dose(self) -> UUID: ...
    @property
    def village(self) -> str: ...
    @property
    def vaccine(self) -> str: ...
    @property
    def batch(self) -> str: ...
    @property
    def day(self) -> date: ...


class Withdrawn(Protocol):
    """A dose that was recorded in error, and why."""

    @property
    def dose(self) -> UUID: ...
    @property
    def reason(self) -> str: ...


def take_dose(event: Dose) -> None:
    """Take a dose of a known batch from the stock; without a batch on record there is nothing."""
    if event.batch:
        actions.take_dose(
            dose=event.dose, village=event.village, vaccine=event.vaccine, batch=event.batch,
            day=event.day, by=NEWS,
        )  # fmt: skip


def put_dose_back(event: Withdrawn) -> None:
    """Put a dose back that was recorded in error."""
    actions.put_dose_back(dose=event.dose, reason=event.reason, by=NEWS)
