"""Levels and interviews that another system holds, taken over in bulk from a file.

One row a household: `household_key` (as in the file of households), `interviewed_on`, `level`, and
the answers to the scorecard's questions. Each becomes a confirmed case of origin "imported" and,
unless the household is not poor, its poverty status from that day.
"""

import csv
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from django.db import transaction

from spean.kernel import access, audit, bulk
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import NotInForce, Scorecard
from spean.kernel.spreadsheets import FileRefused, LineUnreadable
from spean.registry import queries as registry
from spean.targeting import rules
from spean.targeting.models import Level
from spean.targeting.queries.assessments import scorecard

FIXED = ("household_key", "interviewed_on", "level")
BLOCK = 20_000
ASSESSED = "SELECT DISTINCT household_id FROM targeting_assessment"
Step = Callable[[str, int, int], None]
Engine = duckdb.DuckDBPyConnection


class ColumnsNotOurs(FileRefused):
    """Refuse a file whose columns are not those of interviews."""

    code = "targeting.intake_columns"
    message = N_("The first row must name the columns %(columns)s, and no others.")


class HouseholdNotTakenIn(SpeanError):
    """Refuse a row of a household that no file of households brought."""

    code = "targeting.intake_household_unknown"
    message = N_("No household “%(value)s” was taken in from a file. Take the households in first.")


class HouseholdKeyAmbiguous(SpeanError):
    """Refuse a key that several files, or rows of this one, use."""

    code = "targeting.intake_key_ambiguous"
    message = N_("Several households, or several rows, have the key “%(value)s”.")


class AssessedAlready(SpeanError):
    """Refuse a household that has been assessed here, or is being."""

    code = "targeting.intake_assessed_already"
    message = N_("The household “%(value)s” has been assessed here already. Its own case stands.")


class DayWrong(SpeanError):
    """Refuse a day that is none, or is still to come."""

    code = "targeting.intake_day_wrong"
    message = N_("“%(value)s” is not a day until today. Write it as 2001-12-31.")


class LevelUnknown(SpeanError):
    """Refuse a level that there is not."""

    code = "targeting.intake_level_unknown"
    message = N_("“%(value)s” is no level. Write poor_1, poor_2, at_risk or not_poor.")


@dataclass(frozen=True, slots=True)
class RowWrong:
    """One row that was left out: its number, the column at fault, and why."""

    row: int
    column: str
    error: SpeanError


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file of interviews."""

    cases: int
    statuses: int
    wrong: tuple[RowWrong, ...]


def take_in_interviews(
    *, path: Path, by: Actor, on: date, step: Step = lambda doing, done, total: None
) -> TakenIn:
    """Take over a file of interviews: the good rows, each bad one named with what is wrong.

    Taken up again after an interruption it goes on: who has a case already is left alone.
    Raises NotAllowed, ColumnsNotOurs, LineUnreadable, NotInForce.
    """
    access.require(by, "targeting.check", area="")
    card = scorecard(on=on)
    asked = [question.code for question in card.questions if not question.derived]
    columns = _columns(path, asked)
    with tempfile.TemporaryDirectory(prefix="spean-intake-") as folder:
        engine = duckdb.connect(f"{folder}/rows.duckdb", config={"memory_limit": "2GB"})
        try:
            step("reading", 0, 1)
            _read(engine, path, columns, Path(folder))
            wrong = _screen(engine, card, on)
            cases, statuses = _write(engine, Path(folder), asked, by=by, step=step)
        finally:
            engine.close()
    return TakenIn(cases, statuses, tuple(wrong))


def _columns(path: Path, asked: list[str]) -> list[str]:
    """Give the file's columns in their order. Raises ColumnsNotOurs."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    if sorted(header) != sorted([*FIXED, *asked]):
        raise ColumnsNotOurs(columns=", ".join([*FIXED, *asked]))
    return header


def _read(engine: Engine, path: Path, columns: list[str], folder: Path) -> None:
    """Read the rows; beside them the households taken in by key, and those assessed already."""
    _load(engine, "cells", path, columns, header=True)
    engine.execute("CREATE TABLE rows AS SELECT row_number() OVER () + 1 AS row, * FROM cells")
    for table, query, named in (
        ("homes", registry.TAKEN_IN, ["household_key", "household_id", "village_id"]),
        ("assessed", ASSESSED, ["household_id"]),
    ):
        out = folder / f"{table}.csv"
        bulk.copy_out(query, out)
        _load(engine, table, out, named, header=False)


def _load(engine: Engine, table: str, path: Path, columns: list[str], *, header: bool) -> None:
    """Read a CSV file as text. Raises LineUnreadable."""
    typed = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    address = str(path).replace("'", "''")
    try:
        engine.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_csv('{address}', header={header},"
            f" auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='',"
            f" columns={{{typed}}})"
        )
    except duckdb.InvalidInputException as error:
        raise LineUnreadable(why=str(error).split("\n")[0][:200]) from error


ROW_ERRORS = (
    HouseholdKeyAmbiguous,
    HouseholdNotTakenIn,
    AssessedAlready,
    DayWrong,
    LevelUnknown,
)


def _tests(card: Scorecard, on: date) -> list[tuple[str, str]]:
    """Give (column, SQL that says it is at fault), those of ROW_ERRORS first, then the answers."""
    levels = ", ".join(f"'{level}'" for level in Level.values)
    answers = {
        q.code: ", ".join(f"'{a.code}'" for a in q.answers) for q in card.questions if not q.derived
    }
    return [
        ("household_key", "uses > 1 OR homes > 1"),
        ("household_key", "homes IS NULL"),
        ("household_key", "known"),
        ("interviewed_on", f"coalesce(TRY_CAST(interviewed_on AS DATE) > DATE '{on}', true)"),
        ("level", f"coalesce(level NOT IN ({levels}), true)"),
        *((code, f"coalesce({code} NOT IN ({listed}), true)") for code, listed in answers.items()),
    ]


def _screen(engine: Engine, card: Scorecard, on: date) -> list[RowWrong]:
    """Keep the good rows in `good`; give what is wrong with the others, one fault a row."""
    tests = _tests(card, on)
    cases = " ".join(f"WHEN {test} THEN {n}" for n, (_, test) in enumerate(tests))
    engine.execute(f"""
        CREATE TABLE screened AS
        SELECT rows.*, home.household_id, home.village_id, CASE {cases} END AS fault
        FROM (SELECT *, count(*) OVER (PARTITION BY household_key) AS uses FROM rows) rows
        LEFT JOIN (SELECT household_key, count(*) AS homes, min(household_id) AS household_id,
                          min(village_id) AS village_id
                   FROM homes GROUP BY household_key) home USING (household_key)
        LEFT JOIN (SELECT household_id, true AS known FROM assessed) seen
               ON seen.household_id = home.household_id
    """)
    engine.execute("CREATE TABLE good AS SELECT * FROM screened WHERE fault IS NULL ORDER BY row")
    found = engine.execute("SELECT * FROM screened WHERE fault IS NOT NULL ORDER BY row").fetchall()
    names = [column[0] for column in engine.description or ()]
    return [_wrong(dict(zip(names, values, strict=True)), tests) for values in found]


def _wrong(row: dict[str, Any], tests: list[tuple[str, str]]) -> RowWrong:
    fault = row["fault"]
    column = tests[fault][0]
    value = str(row[column] or "")[:40]
    if fault < len(ROW_ERRORS):
        return RowWrong(row["row"], column, ROW_ERRORS[fault](value=value))
    return RowWrong(row["row"], column, rules.AnswerUnknown(answer=value))


def _write(
    engine: Engine, folder: Path, asked: list[str], *, by: Actor, step: Step
) -> tuple[int, int]:
    """Write the good rows in blocks, each one transaction; give the cases and statuses written."""
    _make_periods(engine)
    engine.execute(f"""
        CREATE TABLE cases AS SELECT good.*, uuidv7()::VARCHAR AS case_id, until,
               (row_number() OVER (ORDER BY row) - 1) // {BLOCK} AS block
        FROM good JOIN periods ON periods.day = interviewed_on::DATE
    """)
    total = _one(engine, "SELECT coalesce(max(block) + 1, 0) FROM cases")
    for block in range(total):
        step("writing", block, total)
        with transaction.atomic():
            for table, query in _statements(asked, by).items():
                _copy(engine, folder / "block.csv", table, f"{query} AND block = {block}")
            audit.write(
                by=by, action="targeting.intake_block", subject=("targeting.assessment", "intake"),
                cases=_one(engine, f"SELECT count(*) FROM cases WHERE block = {block}"),
            )  # fmt: skip
    return _one(engine, "SELECT count(*) FROM cases"), _one(
        engine, "SELECT count(*) FROM cases WHERE level <> 'not_poor'"
    )


def _make_periods(engine: Engine) -> None:
    """Give, for each day of an interview, the day on which a status given then ends."""
    days = [row[0] for row in engine.execute(
        "SELECT DISTINCT interviewed_on::DATE FROM good").fetchall()]  # fmt: skip
    engine.execute("CREATE TABLE periods (day DATE, until DATE)")
    for day in days:
        try:
            engine.execute("INSERT INTO periods VALUES (?, ?)", [day, rules.card_period(day).end])
        except NotInForce:
            engine.execute("INSERT INTO periods VALUES (?, NULL)", [day])


def _statements(asked: list[str], by: Actor) -> Mapping[str, str]:
    who = by.name.replace("'", "''")
    answers = ", ".join(f"{code} := {code}" for code in asked)
    empty = ", ".join(f"'' AS {name}" for name in _EMPTY)
    return {
        "targeting_assessment (id, household_id, village_id, state, final_level, origin, channel,"
        " requested_on, requested_by, answers, closed_on, closed_by, version, "
        + ", ".join(_EMPTY) + ")":
            "SELECT case_id, household_id, village_id, 'confirmed', level, 'imported', 'system',"
            f" interviewed_on, '{who}', to_json(struct_pack({answers})), interviewed_on,"
            f" '{who}', 1, {empty} FROM cases WHERE until IS NOT NULL",
        'targeting_povertystatus (id, household_id, level, assessment_id, start, "end",'
        " ended_because)":
            "SELECT uuidv7(), household_id, level, case_id, interviewed_on, until, '' FROM cases"
            " WHERE until IS NOT NULL AND level <> 'not_poor'",
    }  # fmt: skip


_EMPTY = (
    "note", "interviewed_by", "scored_level", "reviewed_by", "opinion", "proposed_level",
    "circumstance", "review_note", "displayed_by", "council_by", "council_level", "council_reason",
    "council_note", "checked_by", "check_outcome", "check_note", "attention", "refusal", "closing",
)  # fmt: skip


def _copy(engine: Engine, path: Path, table: str, query: str) -> None:
    engine.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER false, FORCE_QUOTE *)")
    bulk.copy_in(path, table)


def _one(engine: Engine, query: str) -> int:
    return int(engine.execute(query).fetchall()[0][0])
