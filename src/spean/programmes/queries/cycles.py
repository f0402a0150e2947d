"""Payment cycles, and what each household was owed in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from spean.kernel import access, audit, runs
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.payments import queries as payments
from spean.programmes.models import Cycle, Enrolment, Entitlement
from spean.programmes.queries.expression import struck
from spean.programmes.rules import (
    CONFIDENTIAL,
    CONFIRMED,
    Soon,
    State,
    fingerprint,
    how_soon,
    paid_when_confirmed,
    strikes,
)

VIEW = "programmes.view_cycles"
VIEW_SUPPORT = "programmes.view_base_support"


def cycles(*, by: Actor) -> QuerySet[Cycle]:
    """List the cycles."""
    access.require(by, VIEW, area="")
    return Cycle.objects.all()


def cycle(cycle_id: UUID, *, by: Actor) -> Cycle:
    """Give one cycle. Raises NotFound, NotAllowed."""
    access.require(by, VIEW, area="")
    return cycle_for(cycle_id)


def cycle_for(cycle_id: UUID, *, lock: bool = False) -> Cycle:
    """Give one cycle to who has checked the right, locked until the transaction ends if asked."""
    return only(Cycle.objects.filter(pk=cycle_id), lock=lock)


def ready() -> tuple[str, Mapping[str, Mapping[str, int]]]:
    """Give the day whose rules the last results of the nation hold, and each programme's totals."""
    done = runs.last_done("entitlements")
    return (done.result["on"], done.result["programmes"]) if done else ("", {})


def is_worked_out(on: date) -> bool:
    """Tell whether the last results hold a day's rules, for whom shocks have struck by now."""
    done = runs.last_done("entitlements")
    asked = (on.isoformat(), fingerprint(strikes(struck(on))))
    return done is not None and (done.result["on"], done.result.get("struck")) == asked


def can_open(on: date) -> tuple[str, list[str]]:
    """Give the day whose rules the last results hold, and the programmes a cycle can be opened of.

    Those of the results, and those in force on a day that pay what is confirmed.
    """
    day, totals = ready()
    confirmed = paid_when_confirmed(on)
    return day, [*(code for code in totals if code not in CONFIRMED), *confirmed]


Orders = list[tuple[payments.Order, list[payments.Became]]]


def orders_of(cycle: Cycle, *, by: Actor) -> Orders:
    """Give a cycle's orders, each with what became of its payments."""
    found = payments.orders(by=by).filter(key__startswith=f"cycle:{cycle.pk}:").order_by("number")
    return [(order, payments.became(order)) for order in found]


def not_ordered(cycle: Cycle, orders: Orders) -> tuple[int, Decimal]:
    """Give how many households of a cycle are to be ordered, and how much.

    Whoever was paid a part, with nothing more on its way, is among them with the rest.
    """
    counted = [one for _, became in orders for one in became]
    on_its_way = [one for one in counted if one.is_on_its_way]
    whole = sum(payments.paid_by_day(f"cycle:{cycle.pk}").values())
    return (
        cycle.households - whole - sum(one.payments for one in on_its_way),
        cycle.total - sum(one.held for one in counted) - sum(one.amount for one in on_its_way),
    )


def time_to_pay(cycle: Cycle) -> dict[Soon, int]:
    """Count a cycle's families by how long they waited for their money since it was opened."""
    opened = timezone.localtime(cycle.opened_at).date()
    return how_soon(opened, payments.paid_by_day(f"cycle:{cycle.pk}"), cycle.households)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a programme reaches: households, from what the rules give to money in hand."""

    entitled: int
    enrolled: int
    owed: int
    paid: int
    costs: tuple[tuple[date, int], ...]


def reached(programme: str, *, by: Actor) -> Reached:
    """Give how far a programme's last results, list and last cycle reach, and each cycle's cost."""
    access.require(by, VIEW, area="")
    listed = Cycle.objects.filter(programme=programme).order_by("start")
    last = listed.last()
    enrolled = Enrolment.objects.filter(programme=programme, state=State.ENROLLED).count()
    return Reached(
        entitled=ready()[1].get(programme, {}).get("households", 0),
        enrolled=enrolled,
        owed=last.households if last else 0,
        paid=sum(payments.paid_by_day(f"cycle:{last.pk}").values()) if last else 0,
        costs=tuple((one.start, int(one.total)) for one in listed),
    )


def entitlements_in_cycles(household_id: UUID, *, by: Actor) -> QuerySet[Entitlement]:
    """List what a household was owed, the newest cycle first."""
    access.require(by, VIEW, area="")
    audit.read(by=by, action="programmes.view_household_cycles",
               subject=("registry.household", str(household_id)))  # fmt: skip
    rows = Entitlement.objects.filter(household_id=household_id)
    if not access.allows(by, VIEW_SUPPORT, area=""):
        rows = rows.exclude(cycle__programme__in=CONFIDENTIAL)
    return rows.select_related("cycle").order_by("-cycle__start")
