"""What of supplies waits for whom."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.home import HomeItem
from spean.supplies.models import Order, Quarantine, Waiting
from spean.supplies.queries.places import APPROVE, MANAGE


def waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]:
    """Say what waits for who answers for the stock."""
    waiting = Waiting.objects.filter(state=Waiting.State.WAITING)
    kept = access.within(waiting, by, MANAGE, code="area")
    yield HomeItem(_("Entries of stock that wait"), kept.count(), reverse("supplies:waiting"))
    held = Quarantine.objects.filter(decision="")
    of_them = access.within(held, by, MANAGE, code="facility__place__code")
    yield HomeItem(_("Batches held back, to be decided about"), of_them.count(),
                   reverse("supplies:quarantines"), urgent=True)  # fmt: skip
    proposed = Order.objects.filter(state=Order.State.PROPOSED).exclude(proposed_by=by.name)
    orders = access.within(proposed, by, APPROVE, code="facility__place__code")
    yield HomeItem(_("Orders of facilities to approve"), orders.count(),
                   reverse("supplies:orders"))  # fmt: skip
