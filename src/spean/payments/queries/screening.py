"""Lists of names to whom nothing may be paid, and payees whose names sound like theirs."""

from django.db.models import Count, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.rows import only
from spean.payments.models import NameList, Order, ScreeningHit
from spean.payments.queries.money import VIEW, VIEW_PAYEES

LISTS = "payments.load_list"


def name_lists(*, by: Actor) -> list[tuple[NameList, int]]:
    """List the lists in use, with how many names each holds."""
    access.require(by, VIEW, area="")
    rows = NameList.objects.annotate(count=Count("names")).order_by("code")
    return [(row, row.count) for row in rows]


def hits(order: Order, *, by: Actor) -> QuerySet[ScreeningHit]:
    """List the payees of an order whose names are like one listed; the reading is recorded."""
    access.require(by, VIEW_PAYEES, area="")
    found = hits_of(order)
    if found:
        audit.read(by=by, action="payments.view_hits", subject=order)
    return found


def hits_of(order: Order) -> QuerySet[ScreeningHit]:
    """Give an order's hits to who has checked the right."""
    rows = ScreeningHit.objects.filter(payment__order=order)
    return rows.select_related("payment").order_by("id")


def hit_for(hit_id: int, *, lock: bool = False) -> ScreeningHit:
    """Give one hit to who checks the right, locked until the transaction ends if asked."""
    return only(ScreeningHit.objects.filter(pk=hit_id).select_related("payment"), lock=lock)
