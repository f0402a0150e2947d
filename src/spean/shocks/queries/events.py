"""Shocks on record, the places that they struck, and the plans against them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.decisions import Criterion
from spean.kernel.home import HomeItem
from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations.queries import valid
from spean.shocks.models import Event, Missed, Plan
from spean.shocks.rules import criteria

VIEW, MANAGE = "shocks.view", "shocks.manage"


def events(*, by: Actor) -> QuerySet[Event]:
    """List the shocks."""
    access.require(by, VIEW, area="")
    return Event.objects.all()


def event(event_id: UUID, *, by: Actor) -> Event:
    """Give one shock. Raises NotFound, NotAllowed."""
    access.require(by, VIEW, area="")
    return event_for(event_id)


def event_for(event_id: UUID) -> Event:
    """Give one shock to who has checked the right. Raises NotFound."""
    return only(Event.objects.filter(pk=event_id))


def open_events() -> QuerySet[Event]:
    """Give the shocks that are not over everywhere: a family may say that it was missed by one."""
    still = Q(places__isnull=True) | Q(places__end__isnull=True)
    return Event.objects.filter(still).distinct().order_by("-since", "id")


def places_of(event: Event, *, on: date) -> list[str]:
    """Give the places that a shock strikes on a day; none that lies in another of them."""
    codes = event.places.filter(valid(on)).values_list("place", flat=True)
    return list(access.outermost(codes))


def grounds(event: Event, *, on: date) -> list[Criterion]:
    """Say of each trigger of a shock whether it is reached. Raises NotInForce."""
    measures = {name: Decimal(value) for name, value in event.measures.items()}
    return criteria(event.kind, measures, policy.table("shocks.triggers", on=on))


def plan(plan_id: UUID, *, by: Actor) -> Plan:
    """Give one plan. Raises NotFound, NotAllowed."""
    access.require(by, VIEW, area="")
    return plan_for(plan_id)


def plan_for(plan_id: UUID, *, lock: bool = False) -> Plan:
    """Give one plan to who has checked the right, locked until the transaction ends if asked."""
    return only(Plan.objects.select_related("event").filter(pk=plan_id), lock=lock)


def missed(event: Event, *, by: Actor) -> QuerySet[Missed]:
    """List who says that a shock missed them, who waits first; the reading is recorded."""
    access.require(by, VIEW, area="")
    audit.read(by=by, action="shocks.view_missed", subject=event)
    return event.missed.order_by("-state", "-received_on", "id")


def missed_for(missed_id: UUID, *, lock: bool = False) -> Missed:
    """Give one who says so to who has checked the right, locked if asked. Raises NotFound."""
    return only(Missed.objects.filter(pk=missed_id), lock=lock)


def waiting_for(*, by: Actor, on: date) -> Iterable[HomeItem]:
    """Say which plans wait for an approver, and which families for an answer."""
    if access.allows(by, "shocks.approve", area=""):
        plans = Plan.objects.filter(state=Plan.State.PROPOSED).exclude(
            Q(proposed_by=by.name) | Q(first_approved_by=by.name)
        )
        yield HomeItem(_("Plans against a shock to approve"), plans.count(),
                       reverse("shocks:events"), urgent=True)  # fmt: skip
    if access.allows(by, MANAGE, area=""):
        waiting = Missed.objects.filter(state=Missed.State.WAITING)
        yield HomeItem(_("Families that say a shock missed them"), waiting.count(),
                       reverse("shocks:events"))  # fmt: skip
