"""Claims are judged by the rules: one of them, or a month of the nation's, by one statement."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.models import QuerySet

from spean.health_equity.models import Claim
from spean.health_equity.queries.claims import ALL, Asked, waiting_claims
from spean.health_equity.queries.claims import JUDGE as PERMISSION
from spean.health_equity.queries.facts import FACTS_OF
from spean.health_equity.rules.adjudication import RULES, Level, compiled, terms
from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.kernel.ids import NEW_ID
from spean.kernel.lanes import in_lanes
from spean.kernel.policy import policy

PLANNING = """
SELECT set_config('jit', 'off', true), set_config('plan_cache_mode', $1, true)
"""
VALUES = ("claims", "terms", "version", "on", "by")
AT_ONCE = 5_000
FEW = 10  # a plan that is kept suits these


class NothingToJudge(Conflict):
    """Refuse to judge what is judged already, or is not there."""

    code = "health_equity.nothing_to_judge"
    message = N_("No claim waits to be judged here. Look at the list again.")


def _codes(codes: Sequence[str], fired: str) -> str:
    """Give SQL for the array of those of the codes that fired, in their order."""
    cases = ", ".join(f"CASE WHEN {fired.format(code)} THEN '{code}' END" for code in codes)
    return f"array_remove(ARRAY[{cases}]::varchar[], NULL)"


@cache
def statement() -> str:
    """Give the statement that judges claims, keeps each judgement and gives how many of each."""
    about_line = [code for code, rule in RULES.items() if rule.level is Level.LINE]
    all_codes = _codes(list(RULES), 'bool_or("{}")')
    named = f"""
WITH {FACTS_OF}, verdict AS (
    SELECT claim, sum(paid)::bigint AS paid, sum(asked)::bigint AS asked, bool_or(held) AS held,
           {all_codes} AS codes,
           jsonb_agg(jsonb_build_object('place', place, 'codes', {_codes(about_line, '"{}"')},
                     'quantity', allowed, 'amount', paid) ORDER BY place) AS lines
    FROM ({compiled()}) judged GROUP BY claim
), outcome AS (
    SELECT claim, codes, lines, paid, CASE
        WHEN paid = 0 THEN 'rejected' WHEN held THEN 'held'
        WHEN paid < asked THEN 'reduced' ELSE 'accepted' END AS outcome
    FROM verdict
), kept AS (
    INSERT INTO health_equity_adjudication
    (id, claim_id, sequence, kind, outcome, amount, codes, lines, policy_version, reason,
     judged_on, judged_by)
    SELECT {NEW_ID}, claim, 1, 'rules', outcome, CASE outcome WHEN 'held' THEN NULL ELSE paid END,
           codes, lines, %(version)s, '', %(on)s::date, %(by)s
    FROM outcome
), done AS (
    UPDATE health_equity_claim SET state = outcome.outcome,
           amount = CASE outcome.outcome WHEN 'held' THEN NULL ELSE outcome.paid END
    FROM outcome WHERE health_equity_claim.id = outcome.claim RETURNING state
) SELECT state, count(*) FROM done GROUP BY state"""
    for place, name in enumerate(VALUES, start=1):
        named = named.replace(f"%({name})s", f"${place}")
    return named


@transaction.atomic
def adjudicate(*, claim_ids: Sequence[UUID], by: Actor, on: date) -> Mapping[str, int]:
    """Judge those of some claims that wait, all by one statement; give how many of each outcome.

    Each keeps its judgement, and its state and amount are set. Raises NotAllowed, NothingToJudge.
    """
    waiting = Claim.objects.filter(pk__in=claim_ids, state=Claim.State.SUBMITTED)
    for area in access.outermost(waiting.values_list("area", flat=True).distinct()):
        access.require(by, PERMISSION, area=area)
    outcomes = _judge(claim_ids, by=by, on=on)
    if not outcomes:
        raise NothingToJudge
    one = ("health_equity.claim", str(claim_ids[0]) if len(claim_ids) == 1 else "many")
    audit.write(by=by, action=PERMISSION, subject=one, outcomes=outcomes)
    return outcomes


def adjudicate_waiting(
    *,
    by: Actor,
    on: date,
    asked: Asked = ALL,
    below: str = "",
    workers: int = 1,
    step: Callable[[int], None] = lambda judged: None,
) -> Mapping[str, int]:
    """Judge all claims that wait (those asked for, below a number), in parts of AT_ONCE.

    Each part is a transaction: stopped at any moment, what is judged is judged whole, and the next
    call goes on with the rest. With several workers, as many parts are judged at a time. `step` is
    called between parts with the number of claims judged. Raises NotAllowed, what `step` raises.
    """
    access.require(by, PERMISSION, area="")
    outcomes: Counter[str] = Counter()
    parts = _parts(waiting_claims(asked=asked, below=below))
    if workers == 1:
        for part in parts:
            step(outcomes.total())
            outcomes.update(adjudicate(claim_ids=part, by=by, on=on))
        return outcomes

    def judge(part: Sequence[UUID]) -> Mapping[str, int]:
        return adjudicate(claim_ids=part, by=by, on=on)

    step(0)
    for found in in_lanes(judge, parts, workers):
        outcomes.update(found)
        step(outcomes.total())
    return outcomes


def _parts(waiting: QuerySet[Claim]) -> Iterator[list[UUID]]:
    last = ""
    while rows := list(waiting.filter(number__gt=last).values_list("pk", "number")[:AT_ONCE]):
        yield [pk for pk, _ in rows]
        last = rows[-1][1]


def _judge(claim_ids: Sequence[UUID], *, by: Actor, on: date) -> dict[str, int]:
    values = [list(claim_ids), _terms(), _version(), on, by.name]
    connection.ensure_connection()
    few = len(claim_ids) <= FEW
    connection.connection.prepare_threshold = 0  # Django opens it with preparing turned off
    # Values go apart from the text, so that the plan for a few claims is made once a connection:
    # to plan, or to compile, takes longer than to judge.
    with psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(PLANNING, ["force_generic_plan" if few else "auto"])
        cursor.execute(statement(), values, prepare=few)
        return dict(cursor.fetchall())


@cache
def _terms() -> str:
    return json.dumps(terms(policy))


@cache
def _version() -> str:
    return policy.version()
