"""What of shocks waits for whom."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.home import HomeItem
from spean.shocks.models import Missed, Plan
from spean.shocks.queries.events import APPROVE, MANAGE
from spean.shocks.queries.struck import short_plans


def waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]:
    """Say which plans wait for an approver or for an addition, and which families for an answer."""
    if access.allows(by, APPROVE, area=""):
        plans = Plan.objects.filter(state=Plan.State.PROPOSED).exclude(
            Q(proposed_by=by.name) | Q(first_approved_by=by.name)
        )
        yield HomeItem(_("Plans against a shock to approve"), plans.count(),
                       reverse("shocks:events"), urgent=True)  # fmt: skip
    if access.allows(by, MANAGE, area=""):
        waiting = Missed.objects.filter(state=Missed.State.WAITING)
        yield HomeItem(_("Families that say a shock missed them"), waiting.count(),
                       reverse("shocks:events"))  # fmt: skip
        short = len(short_plans(on))
        yield HomeItem(_("Plans to which somebody struck must be added"), short,
                       reverse("shocks:events"), urgent=True)  # fmt: skip
