"""Who comes for care and who doesn't, by poverty level, distance and place; what cases cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
from django.db import connection, transaction

from spean.health_equity.models import NationFigures
from spean.health_equity.queries.kept import kept
from spean.health_equity.rules import use as rules
from spean.health_equity.rules.use import Line, Tally
from spean.kernel import access, snapshots
from spean.kernel.access import Actor
from spean.kernel.disclosure import Cell, shown
from spean.kernel.policy import policy
from spean.locations import queries as locations

VIEW_USE = "health_equity.view_use"
DISCLOSURE = "results.disclosure"
YEAR = 365
COMMUNE = 6
RIEL = 100
Part = tuple[str, str, Tally]  # of a village and a level

# One row for each village and level, as the family's level was on the day of the visit. Visits are
# added up by person first, so that people are counted without sorting every visit.
VISITS = """
SELECT code, level, count(*), sum(visits)::bigint, sum(deliveries)::bigint, sum(stays)::bigint
FROM (
    SELECT place.code, coalesce(status.level, 'not_poor') AS level, count(*) AS visits,
           count(*) FILTER (WHERE did.delivered) AS deliveries,
           count(*) FILTER (WHERE did.stayed) AS stays
    FROM health_equity_visit visit
    JOIN registry_household home ON home.id = visit.household_id
    JOIN locations_place place ON place.id = home.village_id
    LEFT JOIN targeting_povertystatus status
           ON status.household_id = visit.household_id AND status.start <= visit.came_on
          AND (status."end" IS NULL OR status."end" > visit.came_on)
    LEFT JOIN (
        SELECT service.visit_id,
               bool_or(service.service = ANY(%(deliveries)s::text[])) AS delivered,
               bool_or(service.service = ANY(%(stays)s::text[])) AS stayed
        FROM health_equity_visitservice service
        WHERE service.service = ANY(%(deliveries)s::text[] || %(stays)s::text[])
        GROUP BY service.visit_id
    ) did ON did.visit_id = visit.id
    WHERE visit.came_on > %(since)s AND visit.came_on <= %(on)s
      AND visit.outcome <> 'mistaken' AND starts_with(place.code, %(area)s)
    GROUP BY place.code, 2, visit.person_id
) came
GROUP BY code, level
"""
# Cases that have ended, each named after its main service, by the level of its facility.
COSTS = """
SELECT level, service, count(*), sum(cases)::bigint, sum(fee) / sum(cases)
FROM (
    SELECT level, service, count(*) AS cases, sum(fee) AS fee
    FROM (
        SELECT coalesce(level.kind, '') AS level, visit.person_id, visit.fee,
               (%(main)s::text[])[min(array_position(%(main)s::text[], service.service::text))]
               AS service
        FROM health_equity_visit visit
        JOIN registry_household home ON home.id = visit.household_id
        JOIN locations_place place ON place.id = home.village_id
        JOIN health_equity_visitservice service ON service.visit_id = visit.id
        LEFT JOIN locations_facilitylevel level
               ON level.facility_id = visit.facility_id AND level.start <= visit.came_on
              AND (level."end" IS NULL OR level."end" > visit.came_on)
        WHERE visit.came_on > %(since)s AND visit.came_on <= %(on)s
          AND visit.left_on IS NOT NULL AND visit.outcome <> 'mistaken'
          AND starts_with(place.code, %(area)s)
        GROUP BY visit.id, visit.person_id, visit.fee, level.kind
    ) of_visit
    WHERE service IS NOT NULL
    GROUP BY level, service, person_id
) of_person
GROUP BY level, service
"""
# A million visits are joined and added up in memory, not on the disk.
MEMORY = "SET LOCAL work_mem = '128MB'"


@dataclass(frozen=True, slots=True)
class Cost:
    """What patients of a level of facility would have been asked for a case of a service, in riel.

    None where a figure is held back.
    """

    level: str
    service: str
    cases: int | None
    fee: int | None


@dataclass(frozen=True, slots=True)
class Use:
    """A year's use of services by who lives in an area, wherever they went.

    `as_of` is the day of the snapshot by which the people were counted.
    """

    area: str
    since: date
    on: date
    as_of: date
    by_level: Sequence[Line]
    by_distance: Sequence[Line]
    by_place: Sequence[Line]
    total: Line
    costs: Sequence[Cost]


def use_of_services(*, by: Actor, on: date, area: str = "") -> Use:
    """Give the use of services in the year up to a day; nobody can be recognised in it.

    Of the nation it is last night's, if it was kept then. Raises NotAllowed, NoSnapshot and what
    opening one raises.
    """
    access.require(by, VIEW_USE, area=area)
    found = None if area else kept(NationFigures.Kind.USE, Use, on=on)
    return found or work_out_use(on=on, area=area)


def work_out_use(*, on: date, area: str = "") -> Use:
    """Give the use of services, to who has checked the right."""
    asked = {"since": on - timedelta(days=YEAR), "on": on, "area": area}
    people = snapshots.latest()
    found = [*_people(people.path("people"), area), *_visits(asked)]
    return Use(
        area=area, since=on - timedelta(days=YEAR), on=on, as_of=people.manifest.as_of,
        **_tables(found, area, on), costs=_costs(asked, policy.table(DISCLOSURE, on=on)),
    )  # fmt: skip


def _tables(found: Sequence[Part], area: str, on: date) -> dict[str, Any]:
    """Add the parts up by level, by distance, by place, and all together."""
    terms = policy.table(DISCLOSURE, on=on)
    km = locations.to_care(on=on, area=area)
    digits = min(len(area) + 2, COMMUNE)
    places = sorted({village[:digits] for village, _, _ in found})

    def lines(group: Callable[[str, str], str], groups: Sequence[str]) -> list[Line]:
        parts = ((group(village, level), tally) for village, level, tally in found)
        return rules.lines(rules.summed(parts, groups), days=YEAR, terms=terms)

    return {
        "by_level": lines(lambda _, level: level, rules.LEVELS),
        "by_distance": lines(lambda village, _: rules.band(km.get(village)), rules.BANDS),
        "by_place": lines(lambda village, _: village[:digits], places),
        "total": lines(lambda *_: area, [area])[0],
    }


def _people(files: str, area: str) -> list[Part]:
    statement = (
        "SELECT village, coalesce(status, 'not_poor'), count(*) FROM read_parquet(?)"
        " WHERE starts_with(village, ?) GROUP BY 1, 2"
    )
    with duckdb.connect() as engine:
        rows = engine.execute(statement, [files, area]).fetchall()
    return [(village, level, Tally(people=count)) for village, level, count in rows]


def _visits(asked: dict[str, Any]) -> list[Part]:
    rows = rows_of(VISITS, asked | {"deliveries": [*rules.DELIVERIES], "stays": [*rules.STAYS]})
    return [(village, level, Tally(0, *counts)) for village, level, *counts in rows]


def _costs(asked: dict[str, Any], terms: Any) -> list[Cost]:
    rows = sorted(rows_of(COSTS, asked | {"main": [*rules.MAIN]}))
    counted = shown([Cell(people, cases) for _, _, people, cases, _ in rows], "people", terms)
    return [
        Cost(level, service, cases, None if cases is None else round(fee / RIEL) * RIEL)
        for (level, service, _, _, fee), cases in zip(rows, counted, strict=True)
    ]


def rows_of(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Give the rows of a statement over many records, to who has checked the right."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MEMORY)
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
