"""A cycle is opened from the nation's results, and its families are ordered to be paid."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from spean.kernel import access, audit, bulk
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.models import LongRun
from spean.kernel.periods import Period
from spean.kernel.policy import policy
from spean.payments import actions as payments
from spean.payments import queries as paid
from spean.programmes.actions.corrections import settle
from spean.programmes.actions.owed import (
    last_results,
    lock_programme,
    owed_by,
    owed_for_confirmed,
)
from spean.programmes.models import Cycle
from spean.programmes.queries import cycle_for
from spean.programmes.rules import CONFIRMED
from spean.registry.queries import PAYEES

OPEN, ORDER = "programmes.open_cycle", "payments.prepare"
WALLET, PAY_POINT = paid.TO_FAMILIES
# A wallet is known by its owner's telephone number; who has none is paid in cash.
REACHED = {WALLET: "payee.phone LIKE '+855%%'", PAY_POINT: "true"}
ACCOUNT = {WALLET: "payee.phone", PAY_POINT: "coalesce(payee.card, '')"}
OBLIGATION = "'cycle:' || entitlement.cycle_id || ':' || entitlement.household_id"
FREEZE = """
INSERT INTO programmes_entitlement (cycle_id, household_id, village, amount, decision)
SELECT %(cycle)s, enrolment.household_id, enrolment.village,
       coalesce(owed.amount, 0) + coalesce(settled.amount, 0),
       coalesce(owed.decision, '{}')
           || CASE WHEN settled.amount IS NULL THEN '{}'
                   ELSE jsonb_build_object('settled', settled.amount) END
FROM programmes_enrolment enrolment
LEFT JOIN owed ON owed.household = enrolment.household_id AND enrolment.state = 'enrolled'
LEFT JOIN (
    SELECT correction.enrolment_id, sum(settlement.amount) AS amount
    FROM programmes_settlement settlement
    JOIN programmes_correction correction ON correction.id = settlement.correction_id
    WHERE settlement.cycle_id = %(cycle)s GROUP BY 1
) settled ON settled.enrolment_id = enrolment.id
WHERE enrolment.programme = %(programme)s
  AND (owed.household IS NOT NULL OR settled.amount IS NOT NULL)
"""
TO_PAY = """
SELECT {obligation},
       entitlement.household_id, entitlement.village, coalesce(payee.name, ''),
       coalesce(payee.latin_name, ''), {account}, entitlement.amount
FROM programmes_entitlement entitlement
JOIN ({payees}) payee ON payee.household = entitlement.household_id
WHERE entitlement.cycle_id = %(cycle)s AND {reached}
  AND NOT EXISTS ({live})
"""


class NobodyEnrolled(Conflict):
    """Refuse a cycle that owes nobody anything."""

    code = "programmes.nobody_enrolled"
    message = N_(
        "Nobody is enrolled who is owed anything. Find the candidates and enrol them first."
    )
    field = "programme"


class DaysTaken(Conflict):
    """Refuse a cycle whose days another cycle pays."""

    code = "programmes.days_taken"
    message = N_(
        "The cycle from %(start)s to %(last_day)s pays for some of these days already. "
        "Choose days after it or before it."
    )
    field = "start"


class DaysImpossible(SpeanError):
    """Refuse a cycle that ends before it begins."""

    code = "programmes.days_impossible"
    message = N_("The last day is before the first day. Correct one of them.")
    field = "end"


@transaction.atomic
def open_cycle(*, programme: str, start: date, end: date, by: Actor, on: date) -> Cycle:
    """Freeze what each household is owed for the days from `start` until before `end`.

    The amounts are those of the last results of the nation, worked out under the rules of `start`,
    or of what was confirmed until `end` and not paid yet; for who is enrolled, with what earlier
    cycles owed too little or too much. Raises NotAllowed, DaysImpossible, NoResults, DaysTaken,
    NobodyEnrolled, and what `open_snapshot` raises.
    """
    access.require(by, OPEN, area="")
    if end <= start:
        raise DaysImpossible
    done = None if programme in CONFIRMED else last_results(programme, on=start.isoformat())
    lock_programme(programme)
    cycle = Cycle(
        programme=programme, start=start, end=end, terms_on=start,
        as_of=date.fromisoformat(done.result["as_of"]) if done else on,
        policy_version=done.result["policy_version"] if done else policy.version(),
        opened_by=by.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError as error:
        raise _days_taken(cycle) from error
    _freeze(cycle, done)
    audit.write(by=by, action="programmes.open_cycle", subject=cycle, total=str(cycle.total),
                households=cycle.households, policy_version=cycle.policy_version)  # fmt: skip
    return cycle


def _days_taken(cycle: Cycle) -> DaysTaken:
    """Name the first cycle whose days these are."""
    of = Cycle.objects.filter(programme=cycle.programme)
    other = of.filter(start__lt=cycle.end, end__gt=cycle.start).earliest("start")
    return DaysTaken(start=other.start.isoformat(),
                     last_day=str(Period(other.start, other.end).last_day))  # fmt: skip


def _freeze(cycle: Cycle, done: LongRun | None) -> None:
    """Copy what is owed to who is enrolled into the cycle, and settle earlier cycles."""
    owed = owed_by(done, cycle.programme) if done else owed_for_confirmed(cycle, take=True)
    with owed, connection.cursor() as cursor:
        settle(cycle)
        cursor.execute(FREEZE, {"cycle": cycle.pk, "programme": cycle.programme})
        cursor.execute(
            "SELECT count(*), coalesce(sum(amount), 0) FROM programmes_entitlement"
            " WHERE cycle_id = %s", [cycle.pk],
        )  # fmt: skip
        cycle.households, cycle.total = cursor.fetchone()
    if not cycle.households:
        raise NobodyEnrolled
    cycle.save()


@transaction.atomic
def order_cycle(*, cycle_id: UUID, channel: str, purpose: str, by: Actor, on: date) -> UUID:
    """Prepare the payments of who can be paid by a channel, and is not paid or under way.

    Whoever's payment failed is among them again, so that another channel may reach them. Gives the
    order. Raises NotFound, NotAllowed, and what `payments.prepare_order` raises.
    """
    access.require(by, ORDER, area="")
    cycle = cycle_for(cycle_id, lock=True)
    way = paid.Order.Channel(channel)
    tries = paid.orders_of(f"cycle:{cycle.pk}:{channel}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "payees.csv"
        query = TO_PAY.format(
            obligation=OBLIGATION, account=ACCOUNT[way], payees=PAYEES, reached=REACHED[way],
            live=paid.LIVE.format(obligation=OBLIGATION),
        )  # fmt: skip
        bulk.copy_out(query, path, {"cycle": str(cycle.pk), "day": on})
        order = payments.prepare_order(
            key=f"cycle:{cycle.pk}:{channel}:{tries + 1}", programme=cycle.programme,
            purpose=purpose, channel=channel, payees=path, by=by, on=on,
        )  # fmt: skip
    audit.write(by=by, action="programmes.order_cycle", subject=cycle, channel=channel,
                order=order.number)  # fmt: skip
    return order.pk
