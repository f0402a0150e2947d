"""Who is due for care in the whole nation, worked out in one batch by DuckDB and numpy.

The answers are those of `rules.due`, one by one (a generative test holds both together). The tables
come from the database (`write_tables`), or from anywhere else with the same columns.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from spean.kernel import bulk, columnar
from spean.kernel.policy import Contact
from spean.maternal_child.queries.due import written_twice
from spean.maternal_child.rules import REACTION, Care, Programme, Schedules
from spean.maternal_child.rules.immunisation import vaccines_of
from spean.maternal_child.rules.immunisation_of_many import (
    NEVER,
    Forecasts,
    SeriesDoses,
    forecast,
)
from spean.maternal_child.rules.immunisation_of_many import Days as Numbers
from spean.registry.queries import merged_living_in

CHILD_DAYS, AFTER_BIRTH_DAYS = 5479, 456
EPOCH = date(1970, 1, 1)
COLUMNS: Mapping[str, str] = {
    "children": "id UUID, born DATE, sex VARCHAR",
    "mothers": "id UUID, started_on DATE, born_on DATE",
    "contacts": "id UUID, what VARCHAR, day DATE",
    "doses": "id UUID, vaccine VARCHAR, day DATE",
    "barriers": "id UUID, condition VARCHAR, vaccine VARCHAR",  # those that stand on the day
}
# What counts as done for each schedule: rows of `contacts` are named so.
DONE = {
    Care.ANTENATAL: "antenatal", Care.POSTNATAL: "postnatal", Care.FAMILY_PLANNING: "planning",
    Care.GROWTH: "weighed", Care.VITAMIN_A: "vitamin_a", Care.DEWORMING: "deworming",
}  # fmt: skip
OF_A_CHILD = (Care.POSTNATAL, Care.GROWTH, Care.VITAMIN_A, Care.DEWORMING)
# Each record that was merged into another, however often, with the person that it is now; and
# each pregnancy that is another one's second record (`due.written_twice`).
MERGED = """
    WITH RECURSIVE step(id, person) AS (
        SELECT id, merged_into_id FROM registry_person WHERE merged_into_id IS NOT NULL
        UNION ALL
        SELECT step.id, next.merged_into_id FROM step
        JOIN registry_person next ON next.id = step.person AND next.merged_into_id IS NOT NULL
    ), merged AS (
        SELECT step.id, step.person FROM step
        JOIN registry_person last ON last.id = step.person AND last.merged_into_id IS NULL
    ), twice AS (
        SELECT key::uuid AS id, value::uuid AS same FROM jsonb_each_text(%(twice)s::jsonb)
    )"""
FROM_THE_DATABASE: Mapping[str, str] = {
    "children": f"""
        SELECT person.id, person.birth_date, person.sex FROM registry_person person
        JOIN registry_membership member ON member.person_id = person.id AND member."end" IS NULL
        WHERE person.death_date IS NULL AND person.birth_date >= %(on)s::date - {CHILD_DAYS}""",
    "mothers": f"""{MERGED}
        SELECT DISTINCT ON (person.id) care.id, care.started_on, care.ended_on
        FROM maternal_child_pregnancy care
        LEFT JOIN merged ON merged.id = care.person_id
        JOIN registry_person person ON person.id = coalesce(merged.person, care.person_id)
             AND person.death_date IS NULL
        JOIN registry_membership member ON member.person_id = person.id AND member."end" IS NULL
        WHERE (care.ended_on IS NULL
               OR care.ending = 'birth' AND care.ended_on >= %(on)s::date - {AFTER_BIRTH_DAYS})
          AND NOT EXISTS (SELECT FROM twice WHERE twice.id = care.id)
        ORDER BY person.id, care.started_on DESC""",
    "contacts": f"""{MERGED}
        SELECT coalesce(twice.same, pregnancy_id, merged.person, person_id), what, day
        FROM maternal_child_contact contact
        LEFT JOIN merged ON merged.id = contact.person_id
        LEFT JOIN twice ON twice.id = contact.pregnancy_id,
        LATERAL unnest(
            CASE kind WHEN 'newborn' THEN ARRAY['postnatal'] WHEN 'child' THEN ARRAY[]::text[]
                 ELSE ARRAY[kind::text] END
            || CASE WHEN pregnancy_id IS NULL AND weight_g IS NOT NULL
                    THEN ARRAY['weighed'] ELSE ARRAY[]::text[] END
            || CASE WHEN 'family_planning' = ANY (topics) OR 'contraceptive' = ANY (treatments)
                    THEN ARRAY['planning'] ELSE ARRAY[]::text[] END
            || treatments::text[]) what
        WHERE contact.withdrawn_on IS NULL AND what IN
              ('antenatal', 'postnatal', 'planning', 'weighed', 'vitamin_a', 'deworming')""",
    "doses": f"""{MERGED}
        SELECT DISTINCT coalesce(merged.person, person_id), vaccine, day
        FROM maternal_child_dose dose LEFT JOIN merged ON merged.id = dose.person_id
        WHERE withdrawn_on IS NULL""",
    "barriers": f"""{MERGED}
        SELECT coalesce(merged.person, person_id), condition, vaccine
        FROM maternal_child_contraindication barrier
        LEFT JOIN merged ON merged.id = barrier.person_id
        WHERE withdrawn_on IS NULL AND since <= %(on)s AND (until IS NULL OR until > %(on)s)""",
}  # fmt: skip


def write_tables(folder: Path, *, on: date) -> Mapping[str, object]:
    """Copy what the batch needs out of the database, one CSV for each table.

    Gives the values with which the statements were asked, for others like them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    twice = {str(one): str(same) for one, same in written_twice(merged_living_in("")).items()}
    given = {"on": on, "twice": json.dumps(twice)}
    for name, sql in FROM_THE_DATABASE.items():
        bulk.copy_out(sql, folder / f"{name}.csv", given)
    return given


def read_tables(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the tables of the batch from the files that `write_tables` wrote."""
    for name, columns in COLUMNS.items():
        columnar.read(db, name, columns, folder / f"{name}.csv")


def work_out(db: duckdb.DuckDBPyConnection, schedules: Schedules) -> int:
    """Fill the table `due` from children, mothers, contacts and doses; give how many lines.

    `due` has (id, of, care, line, due, overdue, status); `id` is the child's, or the pregnancy's.
    """
    db.execute("CREATE OR REPLACE TABLE due (id UUID, of VARCHAR, care VARCHAR, line VARCHAR,"
               " due DATE, overdue DATE, status VARCHAR)")  # fmt: skip
    _contacts(db, schedules, Care.ANTENATAL, "mothers", "started_on", "born_on IS NULL")
    for care in (Care.POSTNATAL, Care.FAMILY_PLANNING):
        _contacts(db, schedules, care, "mothers", "born_on", "born_on IS NOT NULL")
    for care in OF_A_CHILD:
        _contacts(db, schedules, care, "children", "born", "true")
    _vaccines(db, schedules)
    (number,) = db.execute("SELECT count(*) FROM due").fetchone() or (0,)
    return int(number)


def _contacts(
    db: duckdb.DuckDBPyConnection, schedules: Schedules, care: Care, people: str, since: str,
    who: str,
) -> None:  # fmt: skip
    """Add the line of a schedule in whose days each person is, if no contact has met it."""
    db.execute("CREATE OR REPLACE TEMPORARY TABLE lines (code VARCHAR, earliest INTEGER,"
               " due INTEGER, overdue INTEGER, latest INTEGER)")  # fmt: skip
    db.executemany(
        "INSERT INTO lines VALUES (?, ?, ?, ?, coalesce(?, 100000))",
        [(one.code, one.earliest, one.due, one.overdue, one.latest)
         for one in schedules.of[care].contacts],
    )  # fmt: skip
    db.execute(
        f"""
        INSERT INTO due
        SELECT person.id, '{people}', $care, line.code, {since} + line.due,
               {since} + line.overdue,
               CASE WHEN $on > {since} + line.overdue THEN 'overdue' ELSE 'due' END
        FROM {people} person
        JOIN lines line ON $on - {since} BETWEEN line.earliest AND line.latest
        WHERE {who} AND NOT EXISTS (
            SELECT 1 FROM contacts done WHERE done.id = person.id AND done.what = $done
            AND done.day BETWEEN {since} + line.earliest AND {since} + line.latest)
        """,
        {"care": care, "on": schedules.on, "done": DONE[care]},
    )


def _vaccines(db: duckdb.DuckDBPyConnection, schedules: Schedules) -> None:
    """Add what comes next of each series, one series of every child at a time."""
    programme, on = schedules.programme, (schedules.on - EPOCH).days
    series = programme.series("female")
    known = {one for lines in series.values() for one in vaccines_of(lines)}
    given = DosesOfAll(db, sorted(known), on)
    for names in programme.choices("female"):
        tried = [_forecast(given, series[name], programme, on) for name in names]
        followed = np.argmax([found.progress for found in tried], axis=0)
        for number, (name, found) in enumerate(zip(names, tried, strict=True)):
            lines = series[name]
            meant = followed[found.child] == number
            if lines[0].sex:
                meant &= given.female[found.child]
            _add(db, on, [line.code for line in lines], found, meant)
    _without_forbidden(db, series)


def _forecast(
    given: "DosesOfAll", lines: Sequence[Contact], programme: Programme, on: int
) -> Forecasts:
    mine = vaccines_of(lines)
    doses, last = given.of(mine, programme.live - mine, any(line.live for line in lines))
    return forecast(
        lines, given.born, doses, last, on=on, grace=programme.grace, gap=programme.live_gap
    )


def _add(
    db: duckdb.DuckDBPyConnection, on: int, codes: Sequence[str], found: Forecasts, meant: Any
) -> None:
    awaited = {  # noqa: F841 - DuckDB reads it by its name
        "no": found.child[meant], "line": np.array(codes)[found.line][meant],
        "due": found.due[meant], "overdue": found.overdue[meant],
    }  # fmt: skip
    db.execute(f"""
        INSERT INTO due
        SELECT id, 'children', '{Care.IMMUNISATION}', line, DATE '{EPOCH}' + due,
               DATE '{EPOCH}' + overdue, CASE WHEN {on} > overdue THEN 'overdue' ELSE 'due' END
        FROM awaited JOIN numbered USING (no)""")


def _without_forbidden(
    db: duckdb.DuckDBPyConnection, series: Mapping[str, Sequence[Contact]]
) -> None:
    """Take away each dose against which a condition of the child stands."""
    forbids = [
        *((one.code, condition, "") for lines in series.values() for one in lines
          for condition in one.not_with),
        *((one.code, REACTION, vaccine) for lines in series.values() for one in lines
          for vaccine in vaccines_of(lines)),
    ]  # fmt: skip
    db.execute("CREATE OR REPLACE TEMPORARY TABLE forbids (line VARCHAR, condition VARCHAR,"
               " vaccine VARCHAR)")  # fmt: skip
    db.executemany("INSERT INTO forbids VALUES (?, ?, ?)", forbids)
    db.execute(f"""
        DELETE FROM due USING barriers, forbids
        WHERE due.care = '{Care.IMMUNISATION}' AND barriers.id = due.id
          AND forbids.line = due.line AND forbids.condition = barriers.condition
          AND forbids.vaccine = coalesce(barriers.vaccine, '')""")


class DosesOfAll:
    """The doses of every child, read once: numbered from 0, sorted by child and day."""

    def __init__(self, db: duckdb.DuckDBPyConnection, names: list[str], on: int) -> None:
        db.execute(f"""
            CREATE OR REPLACE TEMPORARY TABLE numbered AS
            SELECT (row_number() OVER ())::INTEGER - 1 AS no, id, sex = 'female' AS female,
                   (born - DATE '{EPOCH}')::INTEGER AS born
            FROM children ORDER BY no""")
        people = db.execute("SELECT born, female FROM numbered ORDER BY no").fetchnumpy()
        self.born, self.female = np.asarray(people["born"], np.int32), people["female"]
        rows = db.execute(
            f"""
            SELECT no, list_position($names, vaccine) - 1 AS vaccine, day - DATE '{EPOCH}' AS day
            FROM doses JOIN numbered USING (id)
            WHERE day - DATE '{EPOCH}' BETWEEN born AND {on} AND list_contains($names, vaccine)
            ORDER BY no, day""",
            {"names": names},
        ).fetchnumpy()
        self.no, self.day, self.vaccine = (
            np.asarray(rows[name], np.int32) for name in ("no", "day", "vaccine")
        )
        self.names = np.array(names)
        self.on = on

    def of(
        self, mine: frozenset[str], others: frozenset[str], live: bool
    ) -> tuple[SeriesDoses, Numbers]:
        """Give the doses of a series, one a day, and each child's last other live day."""
        no, day = self._chosen(mine)
        before = np.full(len(no), NEVER, np.int32)
        last = np.full(len(self.born), NEVER, np.int32)
        if live and others:
            theirs, days = self._chosen(others)
            at = np.searchsorted(_keys(theirs, days), _keys(no, day)) - 1
            found = (at >= 0) & (theirs[at] == no) if len(theirs) else np.zeros(len(no), bool)
            before[found] = days[at[found]]
            past = days < self.on
            last[theirs[past]] = days[past]  # sorted by day, so that the last one stays
        return SeriesDoses(no, day, before), last

    def _chosen(self, vaccines: frozenset[str]) -> tuple[Numbers, Numbers]:
        wanted = np.isin(self.names, sorted(vaccines))[self.vaccine]
        no, day = self.no[wanted], self.day[wanted]
        first = np.ones(len(no), bool)
        first[1:] = (no[1:] != no[:-1]) | (day[1:] != day[:-1])
        return no[first], day[first]


def _keys(no: Numbers, day: Numbers) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return no.astype(np.int64) * 100_000 + day
