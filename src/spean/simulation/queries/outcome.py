"""What a draft would do, worked out by the very rules that will pay, over the last snapshot.

Nobody's spending is on record. It is modelled: within each kind of area households are ranked by
the scorecard's points and by chance, as far as the points don't explain, and spread so that the
published share of people is poor by the line in force and the inequality is the published one
(log-logistic, whose shape is the Gini coefficient). The chance is drawn from the household's
number: a second run gives the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from math import pi, sqrt
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import duckdb

from spean.kernel import snapshots
from spean.kernel.periods import last_birth_of_age
from spean.kernel.policy import policy
from spean.kernel.snapshots import Snapshot
from spean.locations import queries as locations
from spean.programmes import queries as programmes
from spean.programmes.queries import COLUMN, DRAFT, DRAFT_MINIMUM, Terms
from spean.results.queries import COMMUNE
from spean.simulation.queries.tables import LINES, yardsticks
from spean.simulation.rules import LINE, SIDES, Draft

MEMORY = "1GB"
ADULT = 18
DAYS = Decimal(365)
NO_MINIMUM = f"NULL::BIGINT AS {COLUMN}"
# The numbers from 1 to 2**31 - 2 follow each other without a pattern (Lehmer, twice mixed).
CHANCE = "((household::BIGINT * 1103515245 + 12345) % 2147483647 * 48271 % 2147483647 + 0.5)"
HOMES = """
CREATE TEMPORARY TABLE homes AS
WITH owed AS ({owed}), drawn AS (
    SELECT village[:{digits}] AS place, {population} AS counted,
           coalesce(area_class, 'rural') AS area_class, {amounts}, {levels},
           greatest(coalesce(members, 1), 1) AS members, {minimum},
           coalesce(members_disabled, 0) > 0 AS disability,
           household IN (SELECT household FROM people WHERE relation = 'head'
                         AND birth_date > DATE '{adult}') AS child_headed,
           coalesce(points, 0) AS points, {chance} / 2147483648 AS chance
    FROM owed
), ranked AS (
    SELECT *, sum(members) OVER (PARTITION BY area_class ORDER BY standing, chance)
              - members / 2 AS below, sum(members) OVER (PARTITION BY area_class) AS everyone
    FROM (SELECT *, -points + ln(chance / (1 - chance))
                    * {spread} * (SELECT greatest(stddev_pop(points), 1) FROM drawn) AS standing
          FROM drawn)
)
SELECT * EXCLUDE (points, chance, standing, below, everyone), {now} AS now, {draft} AS draft,
       {line} * power(below / (everyone - below) * (100 - rate) / rate, {gini}) AS spent
FROM ranked JOIN (VALUES {rates}) AS poverty (area_class, rate) USING (area_class)
"""
GROUPS = """
SELECT CASE WHEN NOT grouping(place) THEN 'place' WHEN NOT grouping(area_class) THEN 'area_class'
            WHEN NOT grouping(child_headed) THEN 'child_headed'
            WHEN NOT grouping(disability) THEN 'disability' ELSE 'whole' END AS kind,
       coalesce(place, area_class, child_headed::VARCHAR, disability::VARCHAR, '') AS code,
       count(*) AS households, sum(members)::BIGINT AS people,
       coalesce(sum(members) FILTER (spent < {line}), 0)::BIGINT AS poor,
       coalesce(sum(members * (1 - spent / {line})) FILTER (spent < {line}), 0) AS gap,
       CASE WHEN count({minimum}) > 0 THEN
            coalesce(sum(members) FILTER (spent * members * {days} / 12 < {minimum}), 0)::BIGINT
       END AS below,
       count(*) FILTER (draft > now) AS winners, count(*) FILTER (draft < now) AS losers, {sides}
FROM homes WHERE counted
GROUP BY GROUPING SETS ((), (place), (area_class), (child_headed), (disability))
ORDER BY kind <> 'whole', kind, code
"""
SIDE = """
sum({side})::BIGINT AS {side}_cost, count(*) FILTER ({side} > 0) AS {side}_households,
coalesce(sum(members) FILTER ({side} > 0), 0)::BIGINT AS {side}_people,
coalesce(sum(members) FILTER ({side} > 0 AND spent < {line}), 0)::BIGINT AS {side}_poor_paid,
coalesce(sum(members) FILTER ({after} < {line}), 0)::BIGINT AS {side}_poor,
coalesce(sum(members * (1 - {after} / {line})) FILTER ({after} < {line}), 0) AS {side}_gap,
coalesce(sum({minimum}) FILTER ({side} > 0), 0)::BIGINT * 12 AS {side}_minimum,
CASE WHEN count({minimum}) > 0
     THEN coalesce(sum(members) FILTER ({month} < {minimum}), 0)::BIGINT END AS {side}_below
"""


MOVES = """
SELECT level, draft_level, count(*) AS households, sum(members)::BIGINT AS people,
       coalesce(sum(members) FILTER (spent < {line}), 0)::BIGINT AS poor,
       coalesce(sum(members) FILTER (spent < {draft_line}), 0)::BIGINT AS poor_by_draft
FROM homes WHERE counted GROUP BY ALL ORDER BY ALL
"""
LEVELS = """
coalesce(status, 'not_poor') AS level, coalesce(draft_status, 'not_poor') AS draft_level
"""


def outcome(draft: Draft, now: Terms, then: Terms) -> tuple[date, dict[str, Any]]:
    """Give the snapshot's day, and what comes of a draft.

    `groups` are rows (`Group.from_row`), each with the same `by_draft` where the draft measures
    otherwise; `programmes` are each one's households and riel, `moves` between levels (`Move`) by a
    drafted scorecard. Raises what `snapshots.latest` raises, ColumnMissing.
    """
    snapshot = snapshots.latest()
    both = programmes.side_by_side(now, then)
    snapshot.require(both.reads)
    codes = [one.code for one in both.programmes]
    with _engine(snapshot) as engine:
        engine.execute(_homes(codes, both, draft))
        line, draft_line = (_line(one) for one in (now, then))
        groups = _rows(engine, _groups(line, COLUMN))
        if yardsticks(draft.changes or {}):
            minimum = DRAFT_MINIMUM if both.draft_minimum else COLUMN
            for one, again in zip(groups, _rows(engine, _groups(draft_line, minimum)), strict=True):
                one["by_draft"] = again
        moves = MOVES.format(line=line, draft_line=draft_line)
        found = {
            "groups": [one for one in groups if one["households"]],
            "programmes": _each(engine, codes),
            "moves": _rows(engine, moves) if both.draft_card else [],
        }
    return snapshot.manifest.as_of, found


def _rows(engine: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = engine.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def _engine(snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        TemporaryDirectory() as folder,
        duckdb.connect(
            config={"memory_limit": MEMORY, "temp_directory": folder, **programmes.ENGINE}
        ) as engine,
    ):
        for table in ("households", "people"):
            snapshot.view(engine, table)
        yield engine


def _homes(codes: Sequence[str], both: Terms, draft: Draft) -> str:
    on = both.on
    explained = _share("simulation.scorecard_fit", on)
    rates = policy.table("simulation.poverty_rate", on=on).rows
    return HOMES.format(
        owed=programmes.compiled(both),
        digits=min(len(draft.area) + 2, COMMUNE),
        population=_population(draft),
        levels=LEVELS if both.draft_card else "NULL AS level",
        minimum=", ".join([*both.minimums, *([] if both.minimum else [NO_MINIMUM])]),
        amounts=", ".join(f"{code}_amount" for code in codes) or "NULL AS nothing",
        adult=last_birth_of_age(ADULT, on),
        chance=CHANCE,
        spread=sqrt((1 - explained) / explained * 3) / pi,
        now=_a_year(codes, on, drafted=False),
        draft=_a_year(codes, on, drafted=True),
        line=_line(both),
        gini=_share("simulation.inequality", on),
        rates=", ".join(f"('{area}', {row['poor']})" for area, row in rates.items()),
    )


def _population(draft: Draft) -> str:
    """Write who counts: all of the area, or only who was struck."""
    if not draft.only_hit:
        return locations.lying_in([draft.area])
    struck = [locations.lying_in(draft.hit), _one_of(draft.families)]
    return f"({' OR '.join(struck)}) AND NOT {_one_of(draft.left_out)}"


def _one_of(families: Sequence[str]) -> str:
    if not families:
        return "false"
    listed = ", ".join(f"'{UUID(one)}'" for one in families)
    return f"household IN (SELECT household FROM households WHERE household_id IN ({listed}))"


def _a_year(codes: Sequence[str], on: date, *, drafted: bool) -> str:
    """Add up what one side pays in a year."""
    times = programmes.frequency(on)
    sums = [
        f"coalesce({code}_amount, 0) * {times[code.removeprefix(DRAFT)]}"
        for code in codes
        if code.startswith(DRAFT) == drafted
    ]
    return f"({' + '.join(sums) or '0'})::BIGINT"


def _line(held: Terms) -> str:
    """Write the poverty line of a household's kind of area; one number where all have the same."""
    rows = held.rules.table(LINES, on=held.on).rows
    lines = {area: int(row[LINE]) for area, row in rows.items()}
    if len(set(lines.values())) == 1:
        return str(next(iter(lines.values())))
    cases = " ".join(f"WHEN '{area}' THEN {line}" for area, line in lines.items())
    return f"CASE area_class {cases} END"


def _share(key: str, on: date) -> float:
    return float(policy.value(key, on=on).value) / 100


def _groups(line: str, minimum: str) -> str:
    """Write the groups, measured by a poverty line and a minimum expenditure."""
    sides = [
        SIDE.format(
            side=side,
            line=line,
            minimum=minimum,
            after=f"(spent + {side} / (members * {DAYS}))",
            month=f"(spent * members * {DAYS} + {side}) / 12",
        )
        for side in SIDES
    ]
    return GROUPS.format(line=line, minimum=minimum, days=DAYS, sides=", ".join(sides))


def _each(engine: duckdb.DuckDBPyConnection, codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Give for each programme of each side how many households it owes, and the sum once paid."""
    if not codes:
        return {}
    sums = ", ".join(
        f"count({code}_amount), coalesce(sum({code}_amount), 0)::BIGINT" for code in codes
    )
    row = engine.execute(f"SELECT {sums} FROM homes WHERE counted").fetchall()[0]
    return {
        code: {"households": row[2 * n], "amount": row[2 * n + 1]} for n, code in enumerate(codes)
    }
