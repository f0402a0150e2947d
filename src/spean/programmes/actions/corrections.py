"""A past cycle owed a family too little or too much: found by rule, settled in later cycles."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.kernel.ids import NEW_ID
from spean.kernel.policy import policy
from spean.kernel.snapshots import open_snapshot
from spean.programmes.actions.enrolment import ReasonMissing
from spean.programmes.actions.owed import (
    last_results,
    lock_programme,
    owed_by,
    owed_for_confirmed,
)
from spean.programmes.models import Correction, Cycle
from spean.programmes.queries import (
    CORRECT,
    CORRECT_ALL,
    DECIDE,
    correction_for,
    cycle_for,
    enrolment_for,
    entitlements_of,
    owed_in,
    paid_in,
    view_right,
    waiting_corrections,
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


# What a household was given for the cycle's own days: its entitlement without what it settled for
# others, with what was found of it since.
CORRECT_ALL_OF_IT = f"""
WITH settled AS (
    SELECT correction.enrolment_id, sum(settlement.amount) AS amount
    FROM programmes_settlement settlement
    JOIN programmes_correction correction ON correction.id = settlement.correction_id
    WHERE settlement.cycle_id = %(cycle)s GROUP BY 1
), since AS (
    SELECT enrolment_id, sum(amount) AS amount FROM programmes_correction
    WHERE cycle_id = %(cycle)s GROUP BY 1
), compared AS (
    SELECT enrolment.id, owed.decision,
           coalesce(owed.amount, 0) - coalesce(given.amount, 0) + coalesce(settled.amount, 0)
               - coalesce(since.amount, 0) AS amount
    FROM programmes_enrolment enrolment
    LEFT JOIN owed ON owed.household = enrolment.household_id
    LEFT JOIN programmes_entitlement given
           ON given.cycle_id = %(cycle)s AND given.household_id = enrolment.household_id
    LEFT JOIN settled ON settled.enrolment_id = enrolment.id
    LEFT JOIN since ON since.enrolment_id = enrolment.id
    WHERE enrolment.programme = %(programme)s AND (given.id IS NOT NULL OR 'enrolled' = (
        SELECT step.state FROM programmes_enrolmentstep step
        WHERE step.enrolment_id = enrolment.id AND step.at < %(opened)s
        ORDER BY step.id DESC LIMIT 1
    ))
), found AS (
    INSERT INTO programmes_correction
        (id, cycle_id, enrolment_id, amount, decision, reason, state, found_by, found_on,
         decided_by, grounds)
    SELECT {NEW_ID}, %(cycle)s, id, amount, coalesce(decision, '{{}}'), %(reason)s,
           CASE WHEN amount > 0 THEN 'arrears' ELSE 'waiting' END, %(by)s, %(on)s, '', ''
    FROM compared WHERE amount <> 0
    RETURNING amount
)
SELECT count(*) FILTER (WHERE amount > 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
       count(*) FILTER (WHERE amount < 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
FROM found
"""


class ResultsOlder(Conflict):
    """Refuse results that know nothing of what was put right since."""

    code = "programmes.results_older"
    message = N_(
        "The nation's last results don't show what was put right since this cycle was opened. Take "
        "a snapshot as of %(day)s, start “Entitlements of the nation” for the cycle's rules, then "
        "come back."
    )


class NothingToDecide(Conflict):
    """Say that nothing of the cycle waits for this approver."""

    code = "programmes.nothing_to_decide"
    message = N_("Nothing of this cycle waits for your decision.")


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


@dataclass(frozen=True, slots=True)
class Mended:
    """How many households a cycle owed too little, and too much, and the sums (riel)."""

    too_little: int
    arrears: Decimal
    too_much: int
    overpaid: Decimal


@transaction.atomic
def correct_cycle(*, cycle_id: UUID, reason: str, by: Actor, on: date) -> Mended:
    """Work out anew what a cycle owes each of its households, as `correct` does for one.

    By the nation's results of the cycle's rules, from a snapshot as of the cycle's day that was
    taken since; or by what is confirmed and was not withdrawn. Raises NotFound, NotAllowed,
    ReasonMissing, NoResults, ResultsOlder, NothingToCorrect, and what `open_snapshot` raises.
    """
    access.require(by, CORRECT_ALL, area="")
    cycle = cycle_for(cycle_id, lock=True)
    if not reason.strip():
        raise ReasonMissing
    lock_programme(cycle.programme)
    with _owed_anew(cycle), connection.cursor() as cursor:
        cursor.execute(CORRECT_ALL_OF_IT, {
            "cycle": cycle.pk, "programme": cycle.programme, "opened": cycle.opened_at,
            "reason": reason.strip()[:300], "by": by.name, "on": on,
        })  # fmt: skip
        mended = Mended(*cursor.fetchone())
    if not mended.too_little + mended.too_much:
        raise NothingToCorrect
    audit.write(by=by, action=CORRECT_ALL, subject=cycle, too_little=mended.too_little,
                too_much=mended.too_much)  # fmt: skip
    return mended


def _owed_anew(cycle: Cycle) -> AbstractContextManager[None]:
    if cycle.programme in CONFIRMED:
        return owed_for_confirmed(cycle, take=False)
    done = last_results(cycle.programme, on=cycle.terms_on.isoformat())
    known = open_snapshot(Path(done.result["snapshot"])).manifest
    if known.as_of != cycle.as_of or datetime.fromisoformat(known.taken_at) < cycle.opened_at:
        raise ResultsOlder(day=cycle.as_of.isoformat())
    return owed_by(done, cycle.programme)


@transaction.atomic
def decide_corrections(
    *, cycle_id: UUID, take_back: bool, grounds: str, by: Actor, on: date
) -> int:
    """Decide about all that a cycle owed too much and somebody else found; give how many.

    Raises NotFound, NotAllowed, ReasonMissing, NothingToDecide.
    """
    access.require(by, DECIDE, area="")
    cycle = cycle_for(cycle_id)
    if not grounds.strip():
        raise ReasonMissing
    state = Correction.State.CLAWED_BACK if take_back else Correction.State.WAIVED
    decided = waiting_corrections(cycle, by=by).update(
        state=state, decided_by=by.name, decided_on=on, grounds=grounds.strip()[:300]
    )
    if not decided:
        raise NothingToDecide
    audit.write(by=by, action=DECIDE, subject=cycle, state=state, corrections=decided)
    return decided


def settle(cycle: Cycle) -> None:
    """Take the programme's open corrections into a cycle; the table `owed` holds what it owes."""
    share = policy.value(SHARE, on=cycle.start).value
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"programme": cycle.programme, "cycle": cycle.pk, "share": share})
