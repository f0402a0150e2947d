"""What the nation's results owe each household of a programme, held in the database for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import duckdb
from django.db import connection
from django.db.backends.utils import CursorWrapper

from spean.kernel import bulk, runs
from spean.kernel.errors import N_, Conflict
from spean.kernel.models import LongRun
from spean.kernel.snapshots import open_snapshot
from spean.programmes.models import Cycle
from spean.programmes.queries import SUMMED
from spean.programmes.rules import FACTS

OWED = """
CREATE TEMPORARY TABLE owed (
    household uuid PRIMARY KEY, village varchar(8), amount numeric(12), decision jsonb
) ON COMMIT DROP
"""
TAKE = """
UPDATE programmes_confirmation confirmation SET cycle_id = %(cycle)s
FROM programmes_enrolment enrolment
WHERE confirmation.programme = %(programme)s AND confirmation.cycle_id IS NULL
  AND confirmation.until IS NULL AND confirmation.withdrawn_on IS NULL
  AND confirmation.amount > 0 AND confirmation."on" < %(end)s
  AND enrolment.programme = confirmation.programme AND enrolment.state = 'enrolled'
  AND enrolment.household_id = confirmation.household_id
"""


class NoResults(Conflict):
    """Refuse a programme for which nothing was worked out."""

    code = "programmes.no_results"
    message = N_(
        "Nothing was worked out for this programme yet. "
        "Start “Entitlements of the nation” first, for a day on which it pays."
    )


class NoResultsOfDay(NoResults):
    """Refuse a day under whose rules nothing was worked out last."""

    code = "programmes.no_results_of_day"
    message = N_(
        "Nothing was worked out for this programme under the rules of %(day)s. "
        "Start “Entitlements of the nation” for that day first."
    )
    field = "start"


def last_results(programme: str, *, on: str = "") -> LongRun:
    """Give the nation's last results, if they hold the programme (and the rules of a day).

    Raises NoResults, NoResultsOfDay.
    """
    done = runs.last_done("entitlements")
    if done and programme in done.result["programmes"] and on in ("", done.result["on"]):
        return done
    raise NoResultsOfDay(day=on) if on else NoResults


def lock_programme(programme: str) -> None:
    """Let nobody else enrol or open a cycle in this programme until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"programmes.enrolment:{programme}"]
        )


@contextmanager
def owed_by(done: LongRun, programme: str) -> Iterator[None]:
    """Hold the table `owed` for a while: a row for each household that is owed something."""
    with _table() as cursor, TemporaryDirectory() as folder:
        path = Path(folder) / "owed.csv"
        _write(done, programme, path)
        bulk.copy_in(path, "owed")
        path.unlink()
        cursor.execute("ANALYZE owed")
        yield


@contextmanager
def owed_for_confirmed(cycle: Cycle, *, take: bool) -> Iterator[None]:
    """Hold the table `owed` of what a cycle pays that is confirmed; before, take what it can."""
    asked: dict[str, UUID | str | date | None] = {
        "cycle": cycle.pk, "programme": cycle.programme, "start": cycle.start, "end": cycle.end,
    }  # fmt: skip
    with _table() as cursor:
        if take:
            cursor.execute(TAKE, asked)
        cursor.execute(f"INSERT INTO owed {SUMMED.format(where='')}", asked)
        cursor.execute("ANALYZE owed")
        yield


@contextmanager
def _table() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute(OWED)
        yield cursor
        cursor.execute("DROP TABLE owed")


def _write(done: LongRun, programme: str, path: Path) -> None:
    snapshot = open_snapshot(Path(done.result["snapshot"]))
    with duckdb.connect() as engine:
        snapshot.view(engine, "households")
        engine.execute(
            f"CREATE VIEW owed AS FROM read_parquet('{done.result['folder']}/part=*/*.parquet')"
        )
        columns = [row[0] for row in engine.execute("DESCRIBE owed").fetchall()]
        criteria = [n for n in columns if n.startswith(f"{programme}_")]
        held = ", ".join(f"{name}: owed.{name}" for name in (*FACTS, *criteria))
        engine.execute(
            f"COPY (SELECT households.household_id, owed.village, owed.{programme}_amount,"
            f" to_json({{{held}}}) FROM owed JOIN households USING (household)"
            f" WHERE owed.{programme}_amount > 0) TO '{path}' (FORMAT csv, HEADER false)"
        )
