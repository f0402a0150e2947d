"""Shocks on record, the places that they struck, and the plans against them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.decisions import Criterion
from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations.queries import valid
from spean.registry import queries as registry
from spean.shocks.models import Event, Missed, Plan
from spean.shocks.rules import criteria

VIEW, MANAGE = "shocks.view", "shocks.manage"
APPROVE, ASK = "shocks.approve", "shocks.ask"


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


def open_events(on: date) -> QuerySet[Event]:
    """Give the shocks by which a family may say that it was missed.

    Those that are not over everywhere, and those against which a plan still pays.
    """
    still = Q(places__isnull=True) | Q(places__end__isnull=True)
    still |= Q(plans__state=Plan.State.APPROVED, plans__end__gt=on)
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


def asked_by(household_id: UUID, *, by: Actor, on: date) -> QuerySet[Missed]:
    """List what a family asked about shocks and was answered, to who may ask for it.

    Raises NotFound, NotAllowed outside the family's area.
    """
    village = registry.household_as_of(household_id, by=by, on=on).village.code
    access.require(by, ASK, area=village)
    rows = Missed.objects.filter(household_id=household_id).select_related("event")
    return rows.order_by("-received_on", "-id")


def missed_for(missed_id: UUID, *, lock: bool = False) -> Missed:
    """Give one who says so to who has checked the right, locked if asked. Raises NotFound."""
    return only(Missed.objects.filter(pk=missed_id), lock=lock)
