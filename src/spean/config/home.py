"""What waits for whom: the one table of the functions that can say so, each with its purpose.

A module's queries expose `waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]`; name it here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from spean.fieldwork import queries as fieldwork
from spean.health_equity import queries as health_equity
from spean.kernel.access import Actor, Purpose
from spean.kernel.home import HomeItem
from spean.maternal_child import queries as maternal_child
from spean.payments import queries as payments
from spean.programmes import queries as programmes
from spean.referrals import queries as referrals
from spean.registry import queries as registry
from spean.shocks import queries as shocks
from spean.supplies import queries as supplies
from spean.targeting import queries as targeting

FIELD = (Purpose.TARGETING, Purpose.REGISTRATION, Purpose.CARE)
Waiting = Callable[..., Iterable[HomeItem]]

WAITING: Sequence[tuple[Purpose, Waiting]] = (
    (Purpose.TARGETING, targeting.waiting_for),
    (Purpose.REGISTRATION, registry.waiting_for),
    (Purpose.CARE, referrals.waiting_for),
    (Purpose.CARE, maternal_child.waiting_for),
    (Purpose.CARE, supplies.waiting_for),
    (Purpose.PAYMENT, shocks.waiting_for),
    (Purpose.PAYMENT, payments.waiting_for),
    (Purpose.PAYMENT, health_equity.waiting_for),
    *((purpose, programmes.waiting_for) for purpose in (Purpose.PAYMENT, Purpose.TARGETING)),
    *((purpose, fieldwork.waiting_for) for purpose in FIELD),
)


def waiting(*, by: Actor, on: date) -> list[HomeItem]:
    """Gather what waits for the actor, the urgent first, empty lists left out."""
    items = [
        item
        for purpose, find in WAITING
        for item in find(by=replace(by, purpose=purpose), on=on)
        if item.count
    ]
    return sorted(items, key=lambda item: not item.urgent)
