"""The prepared plan against a shock: proposed with its cost, approved by two others, in force."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import N_, Conflict
from spean.kernel.periods import add_months
from spean.kernel.policy import policy
from spean.shocks import queries
from spean.shocks.actions.decisions import NotWaiting, ReasonMissing
from spean.shocks.models import Plan
from spean.shocks.queries import MANAGE
from spean.simulation import actions as simulation
from spean.simulation.rules import Draft

APPROVE = "shocks.approve"
PROGRAMME = "shock_top_up"


class NotGraveEnough(Conflict):
    """Refuse a plan where no trigger is reached."""

    code = "shocks.not_grave_enough"
    message = N_("No trigger is reached. Note what was measured, or wait.")


class NoPlaces(Conflict):
    """Refuse a plan for nowhere."""

    code = "shocks.no_places"
    message = N_("Say first which places were struck.")


class OwnPlan(Conflict):
    """Refuse an approval by who proposed the plan, or has approved it."""

    code = "shocks.own_plan"
    message = N_("You proposed or approved this plan. Somebody else must approve it too.")


@transaction.atomic
def propose_plan(*, event_id: UUID, start: date, by: Actor, on: date) -> Plan:
    """Propose the prepared plan for the places struck today, with what it would cost.

    Raises NotFound, NotAllowed, NotGraveEnough, NoPlaces, NotInForce and what `simulate` raises.
    """
    access.require(by, MANAGE, area="")
    event = queries.event_for(event_id)
    grounds = queries.grounds(event, on=on)
    if not any(one.held for one in grounds):
        raise NotGraveEnough
    places = queries.places_of(event, on=on)
    if not places:
        raise NoPlaces
    analyst = replace(by, purpose=Purpose.STATISTICS)
    draft = Draft(on=start, hit=tuple(places), only_hit=True)
    scenario = simulation.simulate(title=event.title, draft=draft, by=analyst)
    simulation.share(scenario_id=scenario.pk, by=analyst)
    pays = scenario.outcome["programmes"].get(f"draft_{PROGRAMME}", {"households": 0, "amount": 0})
    months = policy.value("shocks.months", on=on).whole
    made = Plan.objects.create(
        event=event, start=start, end=add_months(start, months), places=places,
        triggers=[{"name": c.name, "held": c.held, "fact": c.fact, "value": c.value}
                  for c in grounds],
        scenario_id=scenario.pk, households=pays["households"], a_month=pays["amount"],
        proposed_by=by.name,
    )  # fmt: skip
    audit.write(by=by, action="shocks.propose_plan", subject=made, households=made.households,
                a_month=str(made.a_month))  # fmt: skip
    return made


@transaction.atomic
def approve_plan(*, plan_id: UUID, by: Actor) -> Plan:
    """Approve a plan. With the second approval it is in force, and its results are worked out.

    Raises NotFound, NotAllowed, NotWaiting, OwnPlan.
    """
    access.require(by, APPROVE, area="")
    plan = _waiting(plan_id)
    if by.name in (plan.proposed_by, plan.first_approved_by):
        raise OwnPlan
    if not plan.first_approved_by:
        plan.first_approved_by = by.name
    else:
        plan.second_approved_by, plan.state = by.name, Plan.State.APPROVED
    plan.save()
    audit.write(by=by, action="shocks.approve_plan", subject=plan, state=plan.state)
    if plan.state == Plan.State.APPROVED:
        _work_out(plan)
    return plan


def _work_out(plan: Plan) -> None:
    """Start the nation's entitlements for the plan's first day.

    Where such work is under way, the plan's page says that they are still to be worked out.
    """
    asked = {"on": plan.start.isoformat()}
    with suppress(runs.RunsAlready):
        runs.start(kind="entitlements", parameters=asked, by=Actor.system("shocks"))


@transaction.atomic
def refuse_plan(*, plan_id: UUID, reason: str, by: Actor) -> Plan:
    """Refuse a plan. Raises NotFound, NotAllowed, NotWaiting, ReasonMissing."""
    access.require(by, APPROVE, area="")
    if not reason.strip():
        raise ReasonMissing
    plan = _waiting(plan_id)
    plan.state, plan.refused_by, plan.reason = Plan.State.REFUSED, by.name, reason.strip()[:300]
    plan.save()
    audit.write(by=by, action="shocks.refuse_plan", subject=plan)
    return plan


def _waiting(plan_id: UUID) -> Plan:
    plan = queries.plan_for(plan_id, lock=True)
    if plan.state != Plan.State.PROPOSED:
        raise NotWaiting
    return plan
