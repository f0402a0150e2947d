"""Which doses count, and which children had all that was due by their first and second birthday."""

from datetime import date

import duckdb
import numpy as np

from spean.maternal_child.queries.nation import EPOCH, DosesOfAll
from spean.maternal_child.rules import Programme
from spean.maternal_child.rules.immunisation import vaccines_of
from spean.maternal_child.rules.immunisation_of_many import lines_met

YEAR = 365  # what is due on or before this day of life is due by the first birthday
UNREACHED = (
    "penta_1"  # a child without it has zero doses (WHO and UNICEF, Immunization Agenda 2030)
)


def work_out_doses(
    db: duckdb.DuckDBPyConnection, programme: Programme, *, since: date, on: date
) -> None:
    """Make the tables `doses` and `children` (a row for each birthday reached from `since` on)."""
    _lines(db, programme)
    _judge(db, programme, on)
    codes = [line.code for line in programme.schedule.contacts]
    _doses(db, codes, since)
    _children(db, codes, since, on)


def _lines(db: duckdb.DuckDBPyConnection, programme: Programme) -> None:
    columns = "line VARCHAR, series VARCHAR, due INTEGER, spared INTEGER, sex VARCHAR"
    db.execute(f"CREATE OR REPLACE TEMPORARY TABLE lines ({columns})")
    db.executemany(
        "INSERT INTO lines VALUES (?, ?, ?, ?, ?)",
        [(one.code, one.series, one.due, one.not_needed_from, one.sex)
         for one in programme.schedule.contacts],
    )  # fmt: skip


def _judge(db: duckdb.DuckDBPyConnection, programme: Programme, on: date) -> None:
    """Fill `judged` (no, series, vaccine day, line): what each dose meets, series by series."""
    db.execute("CREATE OR REPLACE TEMPORARY TABLE judged"
               " (no INTEGER, series VARCHAR, day DATE, line VARCHAR)")  # fmt: skip
    known = {one for lines in programme.by_sex["female"].values() for one in vaccines_of(lines)}
    given = DosesOfAll(db, sorted(known), (on - EPOCH).days)
    for series, lines in programme.by_sex["female"].items():
        mine = vaccines_of(lines)
        doses, _last = given.of(mine, programme.live - mine, any(line.live for line in lines))
        met = lines_met(lines, given.born, doses, grace=programme.grace, gap=programme.live_gap)
        codes = np.array([*(line.code for line in lines), ""])  # of NONE, -1
        found = {"no": doses.child, "day": doses.day, "line": codes[met]}  # noqa: F841
        db.execute(f"""
            INSERT INTO judged
            SELECT no, '{series}', DATE '{EPOCH}' + day::INTEGER, nullif(line, '') FROM found""")


def _doses(db: duckdb.DuckDBPyConnection, codes: list[str], since: date) -> None:
    """One row a dose and series: hepatitis B at birth and penta are two series."""
    met = ", ".join(f"coalesce(line = '{code}', false) AS {code}" for code in codes)
    db.execute(
        f"""
        CREATE OR REPLACE TABLE dose_rows AS
        SELECT child.id, household, village, sex, judged.day, NULL::DATE AS until,
               sex = 'female' AS female, sex = 'male' AS male,
               judged.day < child.born + INTERVAL 1 YEAR AS under_1,
               judged.day >= child.born + INTERVAL 1 YEAR AS older, line IS NULL AS not_valid, {met}
        FROM judged JOIN numbered USING (no) JOIN children child ON child.id = numbered.id
        WHERE judged.day >= $since""",
        {"since": since},
    )


# Each line due by a birthday reached, and whether the child had it then: a line that a late start
# spares is as good as met, as in the plain rules.
STANDING = f"""
    WITH reached AS (
        SELECT no, child.*, birthday, years, (child.born + to_years(years::INTEGER))::DATE AS day
        FROM children child JOIN numbered USING (id),
             (VALUES ('one', 1), ('two', 2)) birthdays(birthday, years)
        WHERE (child.born + to_years(years::INTEGER))::DATE BETWEEN $since AND $on
          AND (died IS NULL OR died > child.born + to_years(years::INTEGER))
    ), last_valid AS (
        SELECT no, birthday, judged.series, max(judged.day - reached.born) AS age
        FROM reached JOIN judged USING (no)
        WHERE judged.day <= reached.day AND line IS NOT NULL GROUP BY ALL
    )
    SELECT reached.*, lines.line, judged.no IS NOT NULL AS met,
           coalesce(last_valid.age >= lines.spared, false) AS spared
    FROM reached
    JOIN lines ON lines.due <= {YEAR} * years AND lines.sex IN ('', reached.sex)
    LEFT JOIN judged ON judged.no = reached.no AND judged.line = lines.line
         AND judged.day <= reached.day
    LEFT JOIN last_valid ON last_valid.no = reached.no AND last_valid.birthday = reached.birthday
         AND last_valid.series = lines.series
"""


def _children(db: duckdb.DuckDBPyConnection, codes: list[str], since: date, on: date) -> None:
    met = ", ".join(f"bool_or(line = '{code}' AND met) IS TRUE AS {code}" for code in codes)
    db.execute(
        f"""
        CREATE OR REPLACE TABLE child_rows AS
        SELECT id, household, village, sex, day, NULL::DATE AS until, sex = 'female' AS female,
               sex = 'male' AS male, birthday = 'one' AS one, birthday = 'two' AS two,
               bool_and(met OR spared) AS "full",
               NOT bool_or(line = '{UNREACHED}' AND met) AS zero_dose, {met}
        FROM ({STANDING}) standing GROUP BY id, household, village, sex, day, birthday""",
        {"since": since, "on": on},
    )
    db.execute("DROP TABLE children; DROP TABLE doses")
    db.execute("ALTER TABLE child_rows RENAME TO children; ALTER TABLE dose_rows RENAME TO doses")
