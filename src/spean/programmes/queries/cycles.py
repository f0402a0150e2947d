"""Payment cycles, and what each household was owed in them."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit, runs
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.payments import queries as payments
from spean.programmes.models import Cycle, Entitlement

VIEW = "programmes.view_cycles"


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
    rows = Cycle.objects.select_for_update() if lock else Cycle.objects.all()
    found = rows.filter(pk=cycle_id).first()
    if found is None:
        raise NotFound
    return found


def ready() -> tuple[str, Mapping[str, Mapping[str, int]]]:
    """Give the day whose rules the last results of the nation hold, and each programme's totals."""
    done = runs.last_done("entitlements")
    return (done.result["on"], done.result["programmes"]) if done else ("", {})


Orders = list[tuple[payments.Order, list[payments.Became]]]


def orders_of(cycle: Cycle, *, by: Actor) -> Orders:
    """Give a cycle's orders, each with what became of its payments."""
    found = payments.orders(by=by).filter(key__startswith=f"cycle:{cycle.pk}:").order_by("number")
    return [(order, payments.became(order)) for order in found]


def not_ordered(cycle: Cycle, orders: Orders) -> tuple[int, Decimal]:
    """Give how many households of a cycle have no payment under way or made, and their sum."""
    alive = [one for _, became in orders for one in became if one.is_alive]
    return (
        cycle.households - sum(one.payments for one in alive),
        cycle.total - sum(one.amount for one in alive),
    )


def entitlements_in_cycles(household_id: UUID, *, by: Actor) -> QuerySet[Entitlement]:
    """List what a household was owed, the newest cycle first."""
    access.require(by, VIEW, area="")
    audit.read(by=by, action="programmes.view_household_cycles",
               subject=("registry.household", str(household_id)))  # fmt: skip
    return (
        Entitlement.objects.filter(household_id=household_id)
        .select_related("cycle")
        .order_by("-cycle__start")
    )
