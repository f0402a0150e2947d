"""What cases cost the schemes, and how long it takes until a facility is paid; names nobody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Any

from django.conf import settings

from spean.health_equity.models import NationFigures
from spean.health_equity.queries.kept import kept
from spean.health_equity.queries.statements import paid_on
from spean.health_equity.queries.use import COMMUNE, DISCLOSURE, RIEL, VIEW_USE, rows_of
from spean.health_equity.rules import use as rules
from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.disclosure import Cell, shown
from spean.kernel.periods import add_months
from spean.kernel.policy import TableValue, policy

DAYS, DAYS_OF_THE_NATION, MONTHS = 91, 31, 6
STEPS = range(2, 6)  # the columns of DELAYS after the number and the marks: days of each step
HALF, NINE_OF_TEN = 50, 90  # percent
# Of 63 marks each person has one, so that at least so many people are there as are marked: enough
# to tell the few that are held back, without sorting everybody. %% as a statement has values.
MARKS = "bit_or(1::bigint << ((hashtext({}::text) & 2147483647) %% 63))"
# One row for each value of each way of comparing cases: cases, marks of people, riel paid. What
# several payers pay of a case is one case; it is named after its main service.
COSTS = f"""
WITH part AS (
    SELECT coalesce(claim.remainder_of_id, claim.id) AS of_case, claim.area, claim.amount,
           claim.person_id, claim.facility_id, claim.came_on,
           (SELECT min(array_position(%(main)s::text[], line.service::text))
            FROM health_equity_claimline line WHERE line.claim_id = claim.id) AS service
    FROM health_equity_claim claim
    WHERE claim.state IN ('accepted', 'reduced') AND starts_with(claim.area, %(area)s)
      AND claim.left_on > %(since)s AND claim.left_on <= %(on)s
), one AS (
    SELECT of_case, area, person_id, facility_id, came_on, min(service) AS service,
           sum(amount) AS paid
    FROM part GROUP BY of_case, area, person_id, facility_id, came_on
)
SELECT axis.name, axis.value, count(*), {MARKS.format("one.person_id")}, sum(one.paid)
FROM one
JOIN locations_facility facility ON facility.id = one.facility_id
LEFT JOIN locations_facilitylevel level
       ON level.facility_id = one.facility_id AND level.start <= one.came_on
      AND (level."end" IS NULL OR level."end" > one.came_on)
LEFT JOIN registry_membership member
       ON member.person_id = one.person_id AND member.start <= one.came_on
      AND (member."end" IS NULL OR member."end" > one.came_on)
LEFT JOIN targeting_povertystatus status
       ON status.household_id = member.household_id AND status.start <= one.came_on
      AND (status."end" IS NULL OR status."end" > one.came_on)
CROSS JOIN LATERAL (VALUES
    ('service', (%(main)s::text[])[one.service]),
    ('level', coalesce(level.kind, 'unknown')),
    ('poverty', coalesce(status.level, 'not_poor')),
    ('place', left(one.area, %(digits)s)),
    ('facility', CASE WHEN %(area)s <> '' THEN facility.code END),
    ('total', '')
) axis (name, value)
WHERE axis.value IS NOT NULL
GROUP BY axis.name, axis.value ORDER BY axis.name, axis.value
"""
# One row for each way in which claims of a month went, by the days of each step.
DELAYS = f"""
WITH statement AS MATERIALIZED (
    SELECT statement.id, (statement.made_at AT TIME ZONE %(zone)s)::date AS made,
           ({paid_on("statement")}) AS paid
    FROM health_equity_statement statement
    WHERE starts_with(statement.area, %(area)s) AND statement.month >= %(since)s
), stated AS (
    SELECT DISTINCT ON (stated.claim_id) stated.claim_id, statement.made, statement.paid
    FROM health_equity_statedclaim stated JOIN statement ON statement.id = stated.statement_id
    ORDER BY stated.claim_id, statement.made
), step AS (
    SELECT claim.month, claim.person_id, judged.judged_on - claim.submitted_on AS judged,
           stated.made - judged.judged_on AS stated, stated.paid - stated.made AS paid,
           stated.paid - claim.submitted_on AS whole
    FROM health_equity_claim claim
    LEFT JOIN health_equity_adjudication judged
           ON judged.claim_id = claim.id AND judged.sequence = 1
    LEFT JOIN stated ON stated.claim_id = claim.id
    WHERE claim.month >= %(since)s AND claim.month <= %(on)s AND claim.state <> 'withdrawn'
      AND starts_with(claim.area, %(area)s)
)
SELECT month, count(*), {MARKS.format("person_id")}, judged, stated, paid, whole
FROM step GROUP BY month, judged, stated, paid, whole ORDER BY month
"""


@dataclass(frozen=True, slots=True)
class CaseCost:
    """Cases of one kind, and the riel that the schemes paid for one; None where held back."""

    code: str
    cases: int | None
    riel: int | None


@dataclass(frozen=True, slots=True)
class Delay:
    """How many days a step took: half of the claims at most, and nine of ten at most."""

    median: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class MonthDelays:
    """The days of each step for the claims of a month; their number is None where held back."""

    month: date
    claims: int | None
    judged: Delay
    stated: Delay
    paid: Delay
    whole: Delay


@dataclass(frozen=True, slots=True)
class Costs:
    """What was paid for cases that ended in a quarter of a year (of the nation: in a month), by
    facilities of an area; and how long the claims of half a year took until the facility was paid.
    """

    area: str
    since: date
    on: date
    by: Mapping[str, Sequence[CaseCost]]
    total: CaseCost | None
    delays: Sequence[MonthDelays]


def costs(*, by: Actor, on: date, area: str = "") -> Costs:
    """Give what cases cost and how fast facilities are paid; nobody can be recognised in it.

    Of the nation it is last night's, if it was kept then. Raises NotAllowed.
    """
    access.require(by, VIEW_USE, area=area)
    found = None if area else kept(NationFigures.Kind.COSTS, Costs, on=on)
    return found or work_out_costs(on=on, area=area)


def work_out_costs(*, on: date, area: str = "") -> Costs:
    """Give what cases cost, to who has checked the right. Two queries."""
    terms = policy.table(DISCLOSURE, on=on)
    since = on - timedelta(days=DAYS if area else DAYS_OF_THE_NATION)
    asked = {"area": area, "since": since, "on": on, "main": [*rules.MAIN],
             "digits": min(len(area) + 2, COMMUNE)}  # fmt: skip
    axes: dict[str, list[tuple[Any, ...]]] = {}
    for axis, *row in rows_of(COSTS, asked):
        axes.setdefault(axis, []).append(tuple(row))
    by_axis = {axis: _costs(rows, terms) for axis, rows in axes.items()}
    total = by_axis.pop("total", [None])[0]
    return Costs(area, since, on, by_axis, total, _delays(area, on, terms))


def _costs(rows: Sequence[tuple[Any, ...]], terms: TableValue) -> list[CaseCost]:
    counted = _shown([(cases, marks) for _, cases, marks, _ in rows], terms)
    return [
        CaseCost(code, said, None if said is None else round(paid / cases / RIEL) * RIEL)
        for (code, cases, _, paid), said in zip(rows, counted, strict=True)
    ]


def _shown(counted: Sequence[tuple[int, int | None]], terms: TableValue) -> list[int | None]:
    """Give each number as it may be shown, by the marks of the people behind it."""
    cells = [Cell((marks or 0).bit_count(), number) for number, marks in counted]
    return shown(cells, "people", terms)


def _delays(area: str, on: date, terms: TableValue) -> list[MonthDelays]:
    asked = {"area": area, "since": add_months(on.replace(day=1), 1 - MONTHS), "on": on,
             "zone": settings.TIME_ZONE}  # fmt: skip
    months: dict[date, list[tuple[Any, ...]]] = {}
    for month, *row in rows_of(DELAYS, asked):
        months.setdefault(month, []).append(tuple(row))
    sums = [
        (sum(row[0] for row in rows), reduce(or_, (row[1] or 0 for row in rows)))
        for rows in months.values()
    ]
    return [
        MonthDelays(month, said, *(_delay(rows, step, hidden=said is None) for step in STEPS))
        for (month, rows), said in zip(months.items(), _shown(sums, terms), strict=True)
    ]


def _delay(rows: Sequence[tuple[Any, ...]], step: int, *, hidden: bool) -> Delay:
    days: Counter[int] = Counter()
    for row in rows:
        if row[step] is not None and not hidden:
            days[row[step]] += row[0]
    return Delay(_within(days, HALF), _within(days, NINE_OF_TEN))


def _within(days: Counter[int], percent: int) -> int | None:
    """Give the days within which so many of a hundred were done; None where none was."""
    counted = list(accumulate(days[one] for one in sorted(days)))
    reached = (day for day, done in zip(sorted(days), counted, strict=True)
               if done * 100 >= percent * counted[-1])  # fmt: skip
    return next(reached, None)
