"""The five programmes as one would write them without us: SQL in PostgreSQL, a loop in the ORM."""

import io
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb

# On 15 January 2023: sub-decree 88, the flood and inflation transfers, the grants of 2019.
SQL = """
WITH counts AS MATERIALIZED (
    SELECT household, count(*) AS members,
           count(*) FILTER (WHERE birth_date > '2017-01-15' AND birth_date <= '2023-01-15'
                            OR birth_date <= '1963-01-15' OR disabled) AS vulnerable,
           count(*) FILTER (WHERE disabled) AS disabled,
           count(*) FILTER (WHERE pregnant) AS pregnant,
           count(*) FILTER (WHERE birth_date > '2021-01-15' AND birth_date <= '2023-01-15')
           AS infants,
           count(*) FILTER (WHERE birth_date > '2005-01-15') AS under_18,
           count(*) FILTER (WHERE birth_date <= '1963-01-15') AS old,
           count(*) FILTER (WHERE birth_date <= '2008-01-15' AND birth_date > '1963-01-15') AS earn,
           count(*) FILTER (WHERE relation = 'head' AND sex = 'female') AS female_head
    FROM bench.people GROUP BY household
), scored AS MATERIALIZED (
    SELECT h.*, members, vulnerable, disabled, pregnant, infants, under_18, old, female_head,
        CASE roof WHEN 'leaves' THEN 6 WHEN 'sheets' THEN 3 WHEN 'tiles' THEN 0 END
      + CASE walls WHEN 'leaves' THEN 6 WHEN 'wood' THEN 3 WHEN 'brick' THEN 0 END
      + CASE condition WHEN 'dilapidated' THEN 6 WHEN 'average' THEN 3 WHEN 'good' THEN 0 END
      + CASE floor_area WHEN 'under_5' THEN 6 WHEN 'from_5_to_10' THEN 3 WHEN 'over_10' THEN 0 END
      + CASE farm_land WHEN 'none' THEN 6 WHEN 'under_half' THEN 4 WHEN 'under_one' THEN 2
                       WHEN 'over_one' THEN 0 END
      + CASE tenure WHEN 'none' THEN 4 WHEN 'lent' THEN 3 WHEN 'owned' THEN 0 END
      + CASE income WHEN 'none' THEN 8 WHEN 'casual' THEN 6 WHEN 'own_farm' THEN 3
                    WHEN 'regular' THEN 0 END
      + CASE animals WHEN 'none' THEN 4 WHEN 'poultry' THEN 3 WHEN 'pigs' THEN 1
                     WHEN 'cattle' THEN 0 END
      + CASE food_shortage WHEN 'four_or_more' THEN 8 WHEN 'one_to_three' THEN 4
                           WHEN 'none' THEN 0 END
      + CASE goods WHEN 'none' THEN 4 WHEN 'few' THEN 2 WHEN 'many' THEN 0 END
      + CASE transport WHEN 'none' THEN 4 WHEN 'bicycle' THEN 3 WHEN 'motorcycle' THEN 1
                       WHEN 'car' THEN 0 END
      + CASE WHEN members - earn > 2 * earn THEN 6 WHEN members - earn > earn THEN 3 ELSE 0 END
        AS points
    FROM bench.households h JOIN counts c USING (household)
), owed AS (
    SELECT points, status IN ('poor_1', 'poor_2') AS poor, status = 'at_risk' AS at_risk,
        area_class IS NOT NULL AS area, left(village, 2) <= '16' AS hit, disabled > 0 AS disabled,
        pregnant + infants > 0 AS expecting,
        CASE WHEN points >= 59 THEN 'poor_1' WHEN points >= 45 THEN 'poor_2'
             WHEN points >= 35 AND disabled + old + under_18 + infants + female_head > 0
             THEN 'at_risk' WHEN points IS NOT NULL THEN 'not_poor' END AS level,
        CASE WHEN status IN ('poor_1', 'poor_2') THEN
            CASE area_class
                WHEN 'rural' THEN 80000 + CASE status WHEN 'poor_1' THEN 24000 ELSE 16000 END
                                          * (members + vulnerable)
                WHEN 'other_urban' THEN 120000 + CASE status WHEN 'poor_1' THEN 40000 ELSE 28000 END
                                          * (members + vulnerable)
                WHEN 'phnom_penh_urban' THEN 120000
                    + CASE status WHEN 'poor_1' THEN 52000 ELSE 36000 END * members
                    + CASE status WHEN 'poor_1' THEN 40000 ELSE 28000 END * vulnerable
            END END AS covid,
        CASE WHEN status IS NOT NULL AND area_class IS NOT NULL AND left(village, 2) <= '16'
             THEN 80000 + 16000 * (members + vulnerable) END AS flood,
        CASE WHEN status = 'at_risk' THEN
            CASE area_class WHEN 'rural' THEN 81300 + 20000 * (members - 1)
                            WHEN 'other_urban' THEN 87300 + 24000 * (members - 1)
                            WHEN 'phnom_penh_urban' THEN 99900 + 28000 * (members - 1) END
        END AS inflation,
        CASE WHEN status IN ('poor_1', 'poor_2') AND pregnant + infants > 0
             THEN 39999 * pregnant + 16666 * infants END AS maternal,
        CASE WHEN status IN ('poor_1', 'poor_2') AND disabled > 0 THEN 20000 * disabled END
        AS disability
    FROM scored
)
SELECT count(*), sum(points), count(level), sum(covid), sum(disability), sum(flood),
    sum(inflation), sum(maternal), count(*) FILTER (WHERE poor), count(*) FILTER (WHERE area),
    count(*) FILTER (WHERE poor), count(*) FILTER (WHERE owed.disabled),
    count(*) FILTER (WHERE poor OR at_risk), count(*) FILTER (WHERE area),
    count(*) FILTER (WHERE hit), count(*) FILTER (WHERE at_risk), count(*) FILTER (WHERE area),
    count(*) FILTER (WHERE poor), count(*) FILTER (WHERE expecting)
FROM owed
"""
TYPES = {"int32": "int", "string": "text", "date": "date", "boolean": "boolean"}


def load(cursor: Any, snapshot: Any, held: Any) -> None:
    """Copy the snapshot's columns into tables of PostgreSQL, with the index that one would make."""
    cursor.execute("DROP SCHEMA IF EXISTS bench CASCADE")
    cursor.execute("CREATE SCHEMA bench")
    with duckdb.connect() as engine:
        for table, columns in held.reads.items():
            typed = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in columns.items())
            cursor.execute(f"CREATE TABLE bench.{table} ({typed})")
            for part in snapshot.parts:
                snapshot.view(engine, table, part)
                path = snapshot.folder.parent / "bench.csv"
                engine.execute(f"COPY (SELECT {', '.join(columns)} FROM {table}) TO '{path}'"
                               " (FORMAT csv, HEADER false)")  # fmt: skip
                with (
                    path.open("rb") as file,
                    cursor.copy(f"COPY bench.{table} FROM STDIN (FORMAT csv)") as copy,
                ):
                    while chunk := file.read(1 << 20):
                        copy.write(chunk)
                path.unlink()
            cursor.execute(f"CREATE INDEX ON bench.{table} (household)")
            cursor.execute(f"ANALYZE bench.{table}")


def loop(number: int, on: date, hit: Sequence[str], as_of: date) -> tuple[int, float]:
    """Work out a sample of households through the ORM, one after the other; give the seconds."""
    from spean.registry.models import FunctionAssessment, Household, Membership, Pregnancy
    from spean.targeting.models import Assessment, PovertyStatus

    homes = list(Household.objects.select_related("village").order_by("id")[:number])
    began, written = time.perf_counter(), io.StringIO()
    for home in homes:
        status = PovertyStatus.objects.filter(
            household=home, start__lte=as_of, end__gt=as_of
        ).first()
        members = [
            one.person
            for one in Membership.objects.filter(household=home, end=None).select_related("person")
        ]
        disabled = FunctionAssessment.objects.filter(
            person__in=members, disabled=True, end=None
        ).count()
        expecting = Pregnancy.objects.filter(person__in=members, end=None).count()
        case = Assessment.objects.filter(household=home).order_by("-requested_on").first()
        points = sum(len(answer) for answer in case.answers.values()) if case else 0
        ages = [(on - one.birth_date).days // 365 for one in members]
        vulnerable = sum(age <= 5 or age >= 60 for age in ages) + disabled
        amounts = []
        if status is not None and status.level != "at_risk":
            amounts.append(80_000 + 24_000 * len(members) + 24_000 * vulnerable)
            amounts.append(40_000 * (expecting + sum(age < 2 for age in ages)))
            amounts.append(20_000 * disabled)
        if status is not None and home.village.code[:2] in hit:
            amounts.append(80_000 + 16_000 * (len(members) + vulnerable))
        if status is not None and status.level == "at_risk":
            amounts.append(81_300 + 20_000 * (len(members) - 1))
        written.write(f"{home.pk},{points},{amounts}\n")
    return len(homes), time.perf_counter() - began
