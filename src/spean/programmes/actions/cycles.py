"""A cycle is opened from the nation's results, and its families are ordered to be paid."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import duckdb
from django.db import IntegrityError, connection, transaction

from spean.kernel import access, audit, bulk, runs
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.models import LongRun
from spean.kernel.snapshots import open_snapshot
from spean.payments import actions as payments
from spean.payments import queries as paid
from spean.programmes.models import Cycle
from spean.programmes.queries import cycle_for
from spean.programmes.rules import FACTS
from spean.registry.queries import PAYEES

OPEN, ORDER = "programmes.open_cycle", "payments.prepare"
WALLET, PAY_POINT = paid.Order.Channel.WALLET, paid.Order.Channel.PAY_POINT
# A wallet is known by its owner's telephone number; who has none is paid in cash.
REACHED = {WALLET: "payee.phone LIKE '+855%%'", PAY_POINT: "true"}
ACCOUNT = {WALLET: "payee.phone", PAY_POINT: "coalesce(payee.card, '')"}
OBLIGATION = "'cycle:' || entitlement.cycle_id || ':' || entitlement.household_id"
TO_PAY = """
SELECT {obligation},
       entitlement.household_id, entitlement.village, coalesce(payee.name, ''),
       coalesce(payee.latin_name, ''), {account}, entitlement.amount
FROM programmes_entitlement entitlement
JOIN ({payees}) payee ON payee.household = entitlement.household_id
WHERE entitlement.cycle_id = %(cycle)s AND {reached}
  AND NOT EXISTS ({live})
"""


class NoResults(Conflict):
    """Refuse a cycle for which nothing was worked out."""

    code = "programmes.no_results"
    message = N_(
        "Nothing was worked out for this programme under the rules of %(day)s. "
        "Start “Entitlements of the nation” for that day first."
    )


class DaysTaken(Conflict):
    """Refuse a cycle whose days another cycle pays."""

    code = "programmes.days_taken"
    message = N_("Another cycle of this programme already pays for some of these days.")
    field = "end"


class DaysImpossible(SpeanError):
    """Refuse a cycle that ends before it begins."""

    code = "programmes.days_impossible"
    message = N_("The first day must be before the last day.")
    field = "end"


@transaction.atomic
def open_cycle(*, programme: str, start: date, end: date, by: Actor) -> Cycle:
    """Freeze what each household is owed for the days from `start` until before `end`.

    The amounts are those of the last results of the nation, worked out under the rules of `start`.
    Raises NotAllowed, DaysImpossible, NoResults, DaysTaken, and what `open_snapshot` raises.
    """
    access.require(by, OPEN, area="")
    if end <= start:
        raise DaysImpossible
    done = runs.last_done("entitlements")
    if done is None or done.result["on"] != start.isoformat() or (
        programme not in done.result["programmes"]
    ):  # fmt: skip
        raise NoResults(day=start.isoformat())
    cycle = Cycle(
        programme=programme, start=start, end=end, terms_on=start,
        as_of=date.fromisoformat(done.result["as_of"]),
        policy_version=done.result["policy_version"], opened_by=by.name,
    )  # fmt: skip
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError as error:
        raise DaysTaken from error
    _freeze(cycle, done)
    audit.write(by=by, action="programmes.open_cycle", subject=cycle, total=str(cycle.total),
                households=cycle.households, policy_version=cycle.policy_version)  # fmt: skip
    return cycle


def _freeze(cycle: Cycle, done: LongRun) -> None:
    """Copy the programme's results into the cycle, one row a household that is owed something."""
    snapshot = open_snapshot(Path(done.result["snapshot"]))
    with TemporaryDirectory() as folder, duckdb.connect() as engine:
        path = Path(folder) / "owed.csv"
        snapshot.view(engine, "households")
        engine.execute(
            f"CREATE VIEW owed AS FROM read_parquet('{done.result['folder']}/part=*/*.parquet')"
        )
        columns = [row[0] for row in engine.execute("DESCRIBE owed").fetchall()]
        criteria = [n for n in columns if n.startswith(f"{cycle.programme}_")]
        held = ", ".join(f"{name}: owed.{name}" for name in (*FACTS, *criteria))
        engine.execute(
            f"COPY (SELECT '{cycle.pk}', households.household_id, owed.village,"
            f" owed.{cycle.programme}_amount, to_json({{{held}}})"
            f" FROM owed JOIN households USING (household)"
            f" WHERE owed.{cycle.programme}_amount > 0) TO '{path}' (FORMAT csv, HEADER false)"
        )
        bulk.copy_in(
            path, "programmes_entitlement (cycle_id, household_id, village, amount, decision)"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(amount), 0) FROM programmes_entitlement"
            " WHERE cycle_id = %s", [cycle.pk],
        )  # fmt: skip
        cycle.households, cycle.total = cursor.fetchone()
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
