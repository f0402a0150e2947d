"""A past cycle owed a family too little or too much: found by rule, settled in later cycles."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.kernel.policy import policy
from spean.programmes.actions.enrolment import ReasonMissing
from spean.programmes.models import Correction, Cycle
from spean.programmes.queries import (
    CORRECT,
    DECIDE,
    correction_for,
    cycle_for,
    enrolment_for,
    entitlements_of,
    owed_in,
    paid_in,
    view_right,
)
from spean.programmes.rules import CONFIRMED

SHARE = "programmes.claw_back_share"
# Arrears are paid whole to who is not suspended; of what was paid too much, the oldest first, no
# more than a share of what this cycle owes.
SETTLE = """
WITH open AS (
    SELECT correction.id, correction.amount - coalesce(sum(settled.amount), 0) AS remains,
           correction.state, enrolment.household_id, enrolment.state AS stands,
           correction.found_on
    FROM programmes_correction correction
    JOIN programmes_enrolment enrolment ON enrolment.id = correction.enrolment_id
    LEFT JOIN programmes_settlement settled ON settled.correction_id = correction.id
    WHERE enrolment.programme = %(programme)s AND correction.state IN ('arrears', 'claw_back')
    GROUP BY correction.id, enrolment.id
    HAVING correction.amount <> coalesce(sum(settled.amount), 0)
), back AS (
    SELECT open.id, -least(-remains, greatest(0, floor(owed.amount * %(share)s / 100)
               + coalesce(sum(remains) OVER earlier, 0))) AS amount
    FROM open JOIN owed ON owed.household = open.household_id
    WHERE open.state = 'claw_back' AND open.stands = 'enrolled'
    WINDOW earlier AS (PARTITION BY open.household_id ORDER BY found_on, open.id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
INSERT INTO programmes_settlement (correction_id, cycle_id, amount)
SELECT id, %(cycle)s, remains FROM open WHERE state = 'arrears' AND stands <> 'suspended'
UNION ALL SELECT id, %(cycle)s, amount FROM back WHERE amount < 0
"""


class NothingToCorrect(Conflict):
    """Say that the cycle owed what the rules give."""

    code = "programmes.nothing_to_correct"
    message = N_(
        "By its rules and what is now on record, this cycle owed the family what it was given. "
        "If a fact is wrong, change it in the registry first."
    )


class OwnFinding(Conflict):
    """Refuse a decision by who found what is decided."""

    code = "programmes.own_finding"
    message = N_("You found this. Somebody else must decide.")


class DecidedAlready(Conflict):
    """Refuse a second decision."""

    code = "programmes.decided_already"
    message = N_("This was decided meanwhile. Look at it again.")


@transaction.atomic
def correct(*, cycle_id: UUID, household_id: UUID, reason: str, by: Actor, on: date) -> Correction:
    """Work out anew what a cycle owes a household, by the cycle's rules and today's records.

    More than it was given is paid in the next cycle; less waits for somebody else's decision.
    Raises NotFound, NotAllowed, ReasonMissing, NothingToCorrect and what `entitlements_of` raises.
    """
    cycle = cycle_for(cycle_id)
    enrolment = enrolment_for(cycle.programme, household_id, lock=True)
    access.require(by, CORRECT, area=enrolment.village)
    access.require(by, view_right(cycle.programme), area=enrolment.village)
    if not reason.strip():
        raise ReasonMissing
    due, decision = _due(cycle, household_id, by)
    difference = due - owed_in(cycle, enrolment)
    if not difference:
        raise NothingToCorrect
    state = Correction.State.ARREARS if difference > 0 else Correction.State.WAITING
    made = Correction.objects.create(
        cycle=cycle, enrolment=enrolment, amount=difference, state=state,
        decision=decision, reason=reason.strip()[:300], found_by=by.name,
        found_on=on,
    )  # fmt: skip
    audit.write(by=by, action=CORRECT, subject=made, area=enrolment.village,
                amount=str(difference))  # fmt: skip
    return made


def _due(cycle: Cycle, household_id: UUID, by: Actor) -> tuple[Decimal, dict[str, Any]]:
    if cycle.programme in CONFIRMED:
        return paid_in(cycle, household_id)
    due = entitlements_of(household_id, by=by, on=cycle.terms_on)
    return Decimal(due.amount_of(cycle.programme)), due.facts_of(cycle.programme)


@transaction.atomic
def decide_correction(
    *, correction_id: UUID, take_back: bool, grounds: str, by: Actor, on: date
) -> Correction:
    """Decide whether what a family was given too much is taken back, or left with it.

    Raises NotFound, NotAllowed, ReasonMissing, DecidedAlready, OwnFinding.
    """
    access.require(by, DECIDE, area="")
    found = correction_for(correction_id, lock=True)
    if not grounds.strip():
        raise ReasonMissing
    if found.state != Correction.State.WAITING:
        raise DecidedAlready
    if found.found_by == by.name:
        raise OwnFinding
    found.state = Correction.State.CLAWED_BACK if take_back else Correction.State.WAIVED
    found.decided_by, found.decided_on, found.grounds = by.name, on, grounds.strip()[:300]
    found.save(update_fields=["state", "decided_by", "decided_on", "grounds"])
    audit.write(by=by, action=DECIDE, subject=found, area=found.enrolment.village,
                state=found.state)  # fmt: skip
    return found


def settle(cycle: Cycle) -> None:
    """Take the programme's open corrections into a cycle; the table `owed` holds what it owes."""
    share = policy.value(SHARE, on=cycle.start).value
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"programme": cycle.programme, "cycle": cycle.pk, "share": share})
