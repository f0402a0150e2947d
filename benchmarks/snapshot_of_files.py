"""A snapshot written straight from a drawn country's files, for sizes that one won't take in first.

What it holds is what `spean intake`, `spean intake_interviews` and a snapshot would give of them.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

HOMES = """
CREATE OR REPLACE TABLE homes AS
SELECT (row_number() OVER (ORDER BY village, household_key) + {first})::INTEGER AS household,
       household_key, village, area_class
FROM (SELECT household_key, any_value(village_code) AS village
      FROM read_csv('{country}/households-{part}.csv', all_varchar=true) GROUP BY 1)
LEFT JOIN read_csv('{country}/areas.csv', all_varchar=true) area ON commune_code = village[:6]
"""
HOUSEHOLDS = """
SELECT household, household_key AS household_id, village, area_class, DATE '{on}' AS registered_on,
       nullif(level, 'not_poor') AS status,
       interviewed_on::DATE + INTERVAL 3 YEAR AS status_until, interviewed_on::DATE AS
       interviewed_on, interview.* EXCLUDE (household_key, level, interviewed_on)
FROM homes LEFT JOIN read_csv('{country}/interviews-{part}.csv', all_varchar=true) interview
     USING (household_key) ORDER BY household
"""
PEOPLE = """
SELECT household, village, area_class, sex, birth_date::DATE AS birth_date, birth_date_precision,
       relation, greatest(seeing, hearing, walking, remembering, self_care, communicating) >= '3'
       AS disabled, pregnant = 'yes' AS pregnant, nullif(level, 'not_poor') AS status
FROM read_csv('{country}/households-{part}.csv', all_varchar=true)
JOIN homes USING (household_key)
LEFT JOIN (SELECT household_key, level
           FROM read_csv('{country}/interviews-{part}.csv', all_varchar=true)) USING (household_key)
ORDER BY household
"""


def snapshot_of_files(country: Path, folder: Path, on: date) -> Any:
    """Write the snapshot, unless it is there, and open it."""
    from spean.kernel.access import Purpose
    from spean.kernel.policy import policy
    from spean.kernel.snapshots import Manifest, installed, open_snapshot
    from spean.kernel.snapshots.shapes import File
    from spean.kernel.snapshots.taking import digest

    tables = installed().tables(Purpose.STATISTICS)
    if not (folder / "manifest.json").exists():
        files, first = {}, 0
        with duckdb.connect() as engine:
            for path in sorted(country.glob("households-??.csv")):
                said = {"country": country, "part": path.stem[-2:], "first": first, "on": on}
                engine.execute(HOMES.format(**said))
                first += engine.execute("SELECT count(*) FROM homes").fetchall()[0][0]
                for table, query in (("households", HOUSEHOLDS), ("people", PEOPLE)):
                    name = f"{table}/part={said['part']}/rows.parquet"
                    target = folder / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    columns = ", ".join(tables[table])
                    rows = engine.execute(
                        f"COPY (SELECT {columns} FROM ({query.format(**said)})) TO '{target}'"
                        " (FORMAT parquet, COMPRESSION zstd)"
                    ).fetchall()[0][0]
                    files[name] = File(rows, target.stat().st_size, digest(target))
        manifest = Manifest(on, "statistics", "", "bench", policy.version(), tables, files)
        (folder / "manifest.json").write_text(json.dumps(manifest.as_json()))
    return open_snapshot(folder)
