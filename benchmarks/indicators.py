"""What the nation's indicators take: flags worked out, frozen, and counted by province.

At scale 1 three years of a nation: 1.05 million births, as many children with their doses, measures
and contacts, invented in DuckDB as the database would give them. Prints one JSON object a line;
each scale runs in a process of its own. `python benchmarks/indicators.py --scales 0.01 0.1 1`.
"""

import os
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from scales import at_each_scale

BIRTHS, ON, SINCE = 1_050_000, date(2026, 11, 23), date(2023, 11, 24)
INVENTED = """
SELECT setseed(0.7);
CREATE TABLE homes AS
SELECT uuid() AS id, uuid() AS person, uuid() AS household,
       DATE '{on}' - (random() * 1095)::INT AS day,
       lpad((1 + (random() * 24)::INT)::VARCHAR, 2, '0')
       || lpad((1 + (random() * 7)::INT)::VARCHAR, 2, '0')
       || lpad((1 + (random() * 7)::INT)::VARCHAR, 2, '0') || '01' AS village,
       CASE WHEN random() < 0.5 THEN 'female' ELSE 'male' END AS sex, random() AS care
FROM range({births});
CREATE TABLE raw_births AS
SELECT id, household, village, day - 273 AS started_on, day,
       CASE WHEN care > 0.1 THEN 'health_centre' ELSE 'home' END AS place,
       CASE WHEN care > 0.1 THEN 'midwife' ELSE 'traditional' END AS attendant, 'normal' AS mode,
       random() < 0.05 AS complicated FROM homes;
CREATE TABLE raw_babies AS
SELECT id, person, CASE WHEN random() < 0.01 THEN 'fresh_stillbirth' ELSE 'live' END AS outcome,
       sex, (2000 + random() * 2000)::INTEGER AS weight_g FROM homes;
CREATE TABLE raw_contacts AS
SELECT id, person, household, village, 'antenatal' AS kind, day - 273 + age AS day, true AS here,
       'facility' AS place, false AS danger, 'iron' AS treatments, day - 273 AS started_on,
       'female' AS sex, NULL::DATE AS born, NULL::INTEGER AS weight_g, NULL::INTEGER AS length_mm,
       NULL::BOOLEAN AS lying, NULL::INTEGER AS muac_mm, NULL::BOOLEAN AS oedema
FROM homes, (VALUES (80), (150), (200), (245)) seen(age) WHERE random() < care + 0.2
UNION ALL
SELECT person, person, household, village, 'child', day + age, true, 'facility', false, '',
       NULL, sex, day, (3300 + age * 15 + random() * 2000)::INTEGER,
       (500 + age * 0.7 + random() * 60)::INTEGER, true, NULL, false
FROM homes, (VALUES (45), (100), (180), (275), (370), (540)) seen(age)
WHERE random() < care AND day + age <= DATE '{on}';
CREATE TABLE children AS
SELECT person AS id, household, village, day AS born, sex, NULL::DATE AS died FROM homes;
CREATE TABLE doses AS
SELECT person AS id, vaccine, day + age + (-ln(random()) * 20 * (1.2 - care))::INT AS day
FROM homes, (VALUES ('bcg', 0), ('hepb', 0), ('penta', 42), ('opv', 42), ('pcv', 42),
     ('penta', 70), ('opv', 70), ('pcv', 70), ('penta', 98), ('opv', 98), ('pcv', 98),
     ('ipv', 98), ('mr', 274), ('je', 274), ('mr', 548)) given(vaccine, age)
WHERE random() < 0.6 + 0.4 * care AND day + age <= DATE '{on}';
CREATE TABLE raw_deaths AS
SELECT id, household, village, 'newborn' AS kind, sex, day AS born, day + 2 AS day,
       'home' AS place FROM homes WHERE random() < 0.008 AND day + 2 <= DATE '{on}';
CREATE TABLE raw_treatments AS
SELECT person AS id, household, village, sex, 'outpatient' AS kind, day + 200 AS day
FROM homes WHERE random() < 0.01 AND day + 200 <= DATE '{on}';
CREATE TABLE statuses AS
SELECT household, 'poor_1' AS level, DATE '2022-01-01' AS start, DATE '2028-01-01' AS ended
FROM homes WHERE random() < 0.2;
CREATE TABLE people AS
SELECT village, 'not_poor' AS level, count(*)::INTEGER * 16 AS people FROM homes GROUP BY 1;
DROP TABLE homes;
"""


def one(scale: float) -> dict[str, Any]:
    """Invent a nation at a scale; work its indicators out, freeze them, count them by province."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spean.config.settings")
    import django

    django.setup()
    import duckdb

    from spean.maternal_child.queries import countable
    from spean.results.actions.indicators import write_tables
    from spean.results.queries import indicators
    from spean.results.queries.counting import Asked, count, parts_of
    from spean.results.rules import span

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as db:
        db.execute(INVENTED.format(on=ON, births=round(BIRTHS * scale)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun, used = time.perf_counter(), time.process_time()
        countable.work_out(db, since=SINCE, on=ON)
        worked = time.perf_counter()
        write_tables(db, Path(folder), on=ON)
        frozen = time.perf_counter()
        listed = [row for group in indicators.groups(ON).values() for row in group.rows]
        tables = {path.stem: f"read_parquet('{path}')" for path in Path(folder).glob("*.parquet")}
        found = count(db, tables, parts_of(listed), Asked("", [span("2026")], "place"))
        counted = time.perf_counter()
        used = time.process_time() - used
        size = sum(path.stat().st_size for path in Path(folder).glob("*.parquet"))
        rows = {
            kind: db.execute(f"SELECT count(*) FROM {kind}").fetchall()[0][0]
            for kind in countable.flags(ON)
        }
    return {
        "name": "indicators", "scale": scale, **rows, "indicators": len(listed),
        "provinces": len(found), "work_out_s": round(worked - begun, 2),
        "freeze_s": round(frozen - worked, 2), "count_s": round(counted - frozen, 2),
        "processor_s": round(used, 2),
        "parquet_mb": size // 10**6, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        // 1024, "invented_mb": before // 1024, "cores": os.cpu_count(),
    }  # fmt: skip


if __name__ == "__main__":
    at_each_scale(one, __doc__)
