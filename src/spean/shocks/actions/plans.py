"""The prepared plan against a shock: proposed with its cost, approved by two others, in force."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from spean.kernel import access, audit, runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.periods import add_months
from spean.kernel.policy import policy
from spean.shocks import queries
from spean.shocks.actions.decisions import NotWaiting, ReasonMissing
from spean.shocks.models import Plan
from spean.shocks.queries import APPROVE, MANAGE
from spean.simulation import actions as simulation
from spean.simulation.rules import Draft


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


class ProgrammeNotPaid(SpeanError):
    """Refuse a programme that pays nobody in a shock on the plan's first day."""

    code = "shocks.programme_not_paid"
    message = N_("“%(programme)s” is no programme that pays in a shock on this day. Choose others.")
    field = "programmes"


class NothingToAdd(Conflict):
    """Refuse an addition to a plan that holds all who were struck."""

    code = "shocks.nothing_to_add"
    message = N_("The plan holds all places and families that are on record as struck.")


@transaction.atomic
def propose_plan(
    *, event_id: UUID, start: date, by: Actor, on: date, programmes: Sequence[str] | None = None
) -> Plan:
    """Propose a plan for whom the shock has struck today, with what it would cost.

    It pays the given programmes, or those of the plan that was prepared for this kind of shock.
    Raises NotFound, NotAllowed, NotGraveEnough, NoPlaces, ProgrammeNotPaid, NotInForce and what
    `simulate` raises.
    """
    access.require(by, MANAGE, area="")
    event = queries.event_for(event_id)
    places, families = queries.struck_by(event, on=on)
    if not places and not families:
        raise NoPlaces
    chosen = queries.prepared(event.kind, on=on) if programmes is None else programmes
    _check_programmes(chosen, start)
    months = policy.value("shocks.months", on=on).whole
    plan = Plan(
        event=event, start=start, end=add_months(start, months), programmes=list(chosen),
        places=places, families=families,
    )  # fmt: skip
    return _propose(plan, by=by, on=on)


@transaction.atomic
def propose_addition(*, plan_id: UUID, by: Actor, on: date) -> Plan:
    """Propose to add to an approved plan whom the shock struck besides, for the plan's own days.

    Raises NotFound, NotAllowed, NotWaiting where it isn't approved, NothingToAdd, NotGraveEnough
    and what `simulate` raises.
    """
    access.require(by, MANAGE, area="")
    found = queries.plan_for(plan_id, lock=True)
    if found.state != Plan.State.APPROVED or found.adds_to_id:
        raise NotWaiting
    places, families = queries.missing_from(found, on=on)
    if not places and not families:
        raise NothingToAdd
    plan = Plan(
        event=found.event, adds_to=found, start=found.start, end=found.end,
        programmes=found.programmes, places=places, families=families,
    )  # fmt: skip
    return _propose(plan, by=by, on=on)


def _check_programmes(chosen: Sequence[str], start: date) -> None:
    running = queries.can_pay(start)
    if wrong := [code for code in chosen if code not in running] or ([] if chosen else [""]):
        raise ProgrammeNotPaid(programme=wrong[0][:40])


def _propose(plan: Plan, *, by: Actor, on: date) -> Plan:
    """Hold a plan against the triggers, simulate and keep it."""
    grounds = queries.grounds(plan.event, on=on)
    if not any(one.held for one in grounds):
        raise NotGraveEnough
    analyst = replace(by, purpose=Purpose.STATISTICS)
    draft = Draft(
        on=plan.start, hit=tuple(plan.places), families=tuple(plan.families),
        left_out=tuple(queries.left_out_of(plan.event, on=plan.start)),
        paid_by=tuple(plan.programmes), only_hit=True,
    )  # fmt: skip
    scenario = simulation.simulate(title=plan.event.title, draft=draft, by=analyst)
    plan.scenario = simulation.share(scenario_id=scenario.pk, by=analyst)
    plan.proposed_by = by.name
    plan.households, plan.a_month = queries.gained(scenario, plan.programmes)
    plan.triggers = [{"name": c.name, "held": c.held, "fact": c.fact, "value": c.value}
                     for c in grounds]  # fmt: skip
    plan.save()
    audit.write(by=by, action="shocks.propose_plan", subject=plan, households=plan.households,
                a_month=str(plan.a_month), programmes=plan.programmes)  # fmt: skip
    return plan


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
