"""Whom a shock struck, family by family where need be, and what the plans hold of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.policy import policy
from spean.kernel.rows import only
from spean.locations import queries as locations
from spean.programmes import queries as programmes
from spean.programmes.queries import DRAFT, Strike, for_who_is_struck
from spean.shocks.models import Event, NamedFamily, Plan
from spean.shocks.queries.events import VIEW, places_of
from spean.shocks.rules import VillagePoint, villages_within
from spean.simulation import queries as simulation


def villages_drawn(drawn: str) -> list[str]:
    """Give the villages whose known point lies in a drawn area. Raises NotGeoJSON."""
    return villages_within(drawn, [VillagePoint(*one) for one in locations.village_points()])


def named(event: Event, *, by: Actor) -> QuerySet[NamedFamily]:
    """List the families that are named today, those left out last; the reading is recorded."""
    access.require(by, VIEW, area="")
    audit.read(by=by, action="shocks.view_named", subject=event)
    return event.families.filter(end__isnull=True).order_by("left_out", "-start", "id")


def named_for(named_id: UUID, *, lock: bool = False) -> NamedFamily:
    """Give one named family to who has checked the right, locked if asked. Raises NotFound."""
    return only(NamedFamily.objects.filter(pk=named_id), lock=lock)


def left_out_of(event: Event, *, on: date) -> list[str]:
    """Give the families that a shock's plans leave out on a day."""
    return _families(event, on, left_out=True)


def struck_by(event: Event, *, on: date) -> tuple[list[str], list[str]]:
    """Give the places that a shock strikes on a day, and the families besides."""
    return places_of(event, on=on), _families(event, on, left_out=False)


def _families(event: Event, on: date, *, left_out: bool) -> list[str]:
    rows = event.families.filter(locations.valid(on), left_out=left_out)
    return sorted(map(str, rows.values_list("household", flat=True)))


def missing_from(plan: Plan, *, on: date) -> tuple[list[str], list[str]]:
    """Give the places and families struck on a day that neither a plan nor its additions hold."""
    held = [plan, *plan.additions.exclude(state=Plan.State.REFUSED)]
    places = {code for one in held for code in one.places}
    families = {one for each in held for one in each.families}
    struck, besides = struck_by(plan.event, on=on)
    return (
        [code for code in struck if not access.lies_in(code, places)],
        [one for one in besides if one not in families],
    )


def short_plans(on: date) -> list[Plan]:
    """Give the approved plans that have not ended and don't hold all who are struck on a day."""
    rows = Plan.objects.filter(state=Plan.State.APPROVED, adds_to=None, end__gt=on)
    listed = rows.select_related("event").order_by("id")
    return [one for one in listed if any(missing_from(one, on=on))]


def prepared(kind: str, *, on: date) -> list[str]:
    """Give the programmes that the plan prepared for a kind of shock pays. Raises NotInForce."""
    row = policy.table("shocks.programmes", on=on).rows[kind]
    return [code for code, pays in row.items() if pays]


def can_pay(on: date) -> list[str]:
    """Give the programmes in force on a day that pay for who is struck. Raises NotInForce."""
    running = {one.code for one in programmes.terms(on).programmes}
    return [code for code in for_who_is_struck() if code in running]


def gained(scenario: Any, paid_by: Sequence[str]) -> tuple[int, int]:
    """Give how many families a plan's simulation gives more to, and how much more a month."""
    whole = simulation.groups(scenario)[:1]
    each = scenario.outcome["programmes"]
    amounts = {side: sum(each.get(f"{side}{code}", {"amount": 0})["amount"] for code in paid_by)
               for side in ("", DRAFT)}  # fmt: skip
    return sum(one.winners for one in whole), amounts[DRAFT] - amounts[""]


def struck_on(on: date) -> Sequence[Strike]:
    """Give whom the plans that two people approved pay on a day; nobody who is left out."""
    plans = list(Plan.objects.filter(locations.valid(on), state=Plan.State.APPROVED).order_by("id"))
    rows = NamedFamily.objects.filter(
        locations.valid(on), left_out=True, event__in={one.event_id for one in plans}
    )
    left_out = defaultdict(list)
    for event, household in rows.order_by("id").values_list("event", "household"):
        left_out[event].append(str(household))
    return [
        Strike(tuple(one.places), tuple(one.families), tuple(left_out[one.event_id]),
               tuple(one.programmes))
        for one in plans
    ]  # fmt: skip
