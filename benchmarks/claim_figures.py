"""What the pages of use and cost take for the nation: half a year of claims, a year of visits.

`python benchmarks/claims.py --scale 0.3 --figures` adds them to the data of `claims.py` (100 % is
3,600,000 visits a year) and times each statement, and the figures that are kept at night.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

ON = date(2026, 9, 30)
MONTHS = ("2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01")
VISITS, A_PROVINCE = 3_600_000, "12"
# Each visit of somebody of the registry, on a day of the year, with one service or two.
CARE = """
INSERT INTO health_equity_visit (id, number, facility_id, area, person_id, household_id, card,
    came_on, left_on, diagnoses, documents, outcome, scheme, "group", fee, note, opened_by,
    closed_by, closed_at, version)
SELECT md5('v' || n)::uuid, 'B' || n, facility.id, place.code, md5('p' || person)::uuid,
    md5('h' || (person + 3) / 4)::uuid, '', day, day + CASE n %% 10 WHEN 0 THEN 3 ELSE 0 END,
    '{A09}', '{}', 'cured', '', '', 1000 * (1 + n %% 40), '', 'b', 'b', now(), 1
FROM (SELECT n, 1 + n::bigint * 15485863 %% (4 * %(homes)s) AS person,
             date '2025-10-01' + (n %% 365)::integer AS day
      FROM generate_series(1, %(visits)s) n) visit
JOIN locations_facility facility ON facility.code = 'B' || (1 + n %% %(facilities)s)
JOIN locations_place place ON place.id = facility.place_id;

INSERT INTO health_equity_visitservice (id, visit_id, service, "on", quantity, given_by)
SELECT md5('w' || n || one)::uuid, md5('v' || n)::uuid,
    CASE one WHEN 2 THEN 'transport' ELSE CASE n %% 20 WHEN 0 THEN 'delivery'
        WHEN 10 THEN 'inpatient_adult' ELSE 'outpatient' END END,
    date '2025-10-01' + (n %% 365)::integer, 1, 'b'
FROM generate_series(1, %(visits)s) n, generate_series(1, 2) one WHERE one = 1 OR n %% 5 = 0
"""
# Every claim was judged a week after it came in, and stated ten days later.
JUDGED = """
INSERT INTO health_equity_adjudication (id, claim_id, sequence, kind, outcome, amount, codes, lines,
    policy_version, reason, judged_on, judged_by)
SELECT md5('j' || id)::uuid, id, 1, 'rules', 'accepted', amount, '{}', '[]', 'b', '',
    submitted_on + 7, 'b'
FROM health_equity_claim WHERE state = 'accepted'
"""
STATED = """
INSERT INTO health_equity_statement (id, number, facility_id, area, scheme, month, claims, asked,
    claimed, given_back, fixed_grant, performance_grant, carried, total, policies, made_by, made_at)
SELECT md5('t' || facility_id || month)::uuid, 'B' || facility_id || month, facility_id, min(area),
    'hef', month, count(*), sum(asked), sum(amount), 0, 0, 0, 0, sum(amount), '[]', 'b',
    month + interval '47 days'
FROM health_equity_claim WHERE state = 'accepted' GROUP BY facility_id, month;

INSERT INTO health_equity_statedclaim (statement_id, claim_id, amount)
SELECT md5('t' || facility_id || month)::uuid, id, amount
FROM health_equity_claim WHERE state = 'accepted'
"""


def build(sizes: dict[str, int], run_all: Callable[..., None], month: str) -> None:
    """Invent what is missing: claims of four months more, visits, judgements, statements."""
    from django.db import connection, transaction

    from spean.health_equity.models import StatedClaim, Visit

    more = sizes | {"visits": int(VISITS * sizes["claims"] / 300_000)}
    with connection.cursor() as cursor:
        if not Visit.objects.exists():
            with transaction.atomic():
                for first in MONTHS:
                    run_all(cursor, month, sizes | {"month": first, "state": "accepted"})
                run_all(cursor, CARE, more)
        if not StatedClaim.objects.exists():
            with transaction.atomic():
                run_all(cursor, STATED, {})
        run_all(cursor, JUDGED, {})  # `claims.build` forgets all judgements
        cursor.execute("VACUUM ANALYZE")


def measure() -> Iterator[dict[str, Any]]:
    """Time each statement for the nation and for a province, and the nation's kept figures."""
    from spean.health_equity.actions import keep_figures
    from spean.health_equity.models import Claim, Visit
    from spean.health_equity.queries import use
    from spean.health_equity.queries.costs import costs, work_out_costs
    from spean.kernel.access import Actor, Purpose

    rows = {"claims": Claim.objects.count(), "visits": Visit.objects.count()}
    for area in ("", A_PROVINCE):
        year = {"since": ON - timedelta(days=use.YEAR), "on": ON, "area": area}
        kinds = {"deliveries": [*use.rules.DELIVERIES], "stays": [*use.rules.STAYS]}
        asked: dict[str, Callable[[], object]] = {
            "use.visits": lambda year=year, kinds=kinds: use.rows_of(use.VISITS, year | kinds),
            "use.cases": lambda year=year: use.rows_of(
                use.COSTS, year | {"main": [*use.rules.MAIN]}
            ),
            "costs": lambda area=area: work_out_costs(on=ON, area=area),
        }
        for name, statement in asked.items():
            yield rows | {"name": f"figures.{name}", "area": area or "nation"} | _timed(statement)
    by = Actor.system("bench", purpose=Purpose.STATISTICS)
    keep_figures(by=by, on=ON)
    yield (
        rows
        | {"name": "figures.costs_kept", "area": "nation"}
        | _timed(lambda: costs(by=by, on=ON))
    )


def _timed(statement: Callable[[], object]) -> dict[str, float]:
    began = time.perf_counter()
    statement()
    return {"seconds": round(time.perf_counter() - began, 2)}
