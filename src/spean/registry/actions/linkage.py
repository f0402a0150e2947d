"""The registry is searched for people recorded twice; likely pairs go to the clerks' queue."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction

from spean.kernel import audit, bulk, snapshots
from spean.kernel.access import Actor, Purpose
from spean.registry.models import DuplicatePair
from spean.registry.rules import linkage

Engine = duckdb.DuckDBPyConnection
Step = Callable[[str, int, int], None]
MEMORY = "9GB"
PEOPLE = """
CREATE TABLE named AS
SELECT person, household::VARCHAR AS household, village, family_name_km, given_name_km,
       family_name_latin, given_name_latin, sex, birth_date, birth_date_precision, relation,
       coalesce(nullif(phone, ''), household_phone, '') AS phone,
       coalesce(national_id, '') AS national_id
FROM people JOIN (SELECT household, household_phone FROM households) USING (household)
"""


def find_double_records(
    *, folder: Path, at: str, by: Actor, on: date,
    spark: Any = None, step: Step = lambda doing, done, total: None,
) -> int:  # fmt: skip
    """Put every pair that is likely one person, and was not looked at before, into the queue.

    Names are read by a snapshot made for this alone, in `folder`, and removed with it. `at` is the
    moment, as text. With `spark`, a session, its workers compare the records; they share `folder`.
    Gives the number of new pairs; a run that is stopped adds none.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        snapshots.take(
            folder / "named", on=on, purpose=Purpose.REGISTRATION, at=at, by=by.name, step=step
        )
        step("comparing", 0, 1)
        pairs = _compare(snapshots.open_snapshot(folder / "named"), folder, spark)
        step("keeping", 0, 1)
        return _keep(pairs, by=by, on=on)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(named: snapshots.Snapshot, folder: Path, spark: Any) -> Path:
    """Run the model; give a file of (first, second, probability, evidence)."""
    engine = duckdb.connect(
        str(folder / "linkage.duckdb"),
        config={"memory_limit": MEMORY, "preserve_insertion_order": False},
    )
    try:
        for table in ("households", "people"):
            named.view(engine, table)
        engine.execute(PEOPLE)
        score = linkage.score_on_spark(spark, folder / "spark") if spark else linkage.score_here
        found = linkage.find_pairs(engine, "named", scored_by=score)
        out = folder / "pairs.csv"
        engine.execute(
            f"COPY (SELECT first, second, round(probability, 3), {_evidence(found)}"  # noqa: S608
            f" FROM {found.pairs}) TO '{out}' (FORMAT csv, HEADER false)"
        )
    finally:
        engine.close()
    return out


def _evidence(found: linkage.Found) -> str:
    """Give the SQL of what a pair rests on, as the database keeps it."""
    listed = ", ".join(f"{{'comparison': '{one}', 'level': {one}}}" for one in found.comparisons)
    return f"to_json([{listed}])"


@transaction.atomic
def _keep(pairs: Path, *, by: Actor, on: date) -> int:
    """Add the pairs that are not known yet; what clerks have said of others stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE found_pair (first_id uuid, second_id uuid, likeness numeric,"
            " evidence jsonb) ON COMMIT DROP"
        )
        bulk.copy_in(pairs, "found_pair")
        cursor.execute(
            "INSERT INTO registry_duplicatepair (id, first_id, second_id, likeness,"
            " evidence, state, decided_by) SELECT gen_random_uuid(), least(first_id, second_id),"
            " greatest(first_id, second_id), likeness, evidence, %s, '' FROM found_pair"
            " ON CONFLICT DO NOTHING",
            [DuplicatePair.State.OPEN],
        )
        added = int(cursor.rowcount)
    audit.write(
        by=by, action="registry.find_double_records", subject=("registry.duplicatepair", "all"),
        pairs=added, on=on.isoformat(),
    )  # fmt: skip
    return added
