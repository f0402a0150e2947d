"""A large file is read into DuckDB, and its households told apart: beyond doubt, or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from spean.kernel import access
from spean.kernel.access import Actor
from spean.locations import queries as locations
from spean.registry.models import ImportedHousehold, ImportRun
from spean.registry.rules import intake_screen
from spean.registry.rules.import_columns import COLUMNS, HOUSEHOLD_COLUMNS

BLOCK = 5_000
IDENTIFIERS = ("national_id", "personal_code", "birth_certificate")
Engine = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that was read: its rows in an engine, and its import."""

    engine: Engine
    run: ImportRun


def read(engine: Engine, path: Path, meant: Mapping[str, str]) -> int:
    """Read the cells as text into `cells`, rows numbered as a spreadsheet numbers them."""
    written = {name: column for column, name in meant.items()}
    kept = ", ".join(
        f"coalesce(trim({_name(written[c.name])}), '') AS {c.name}"
        if c.name in written
        else f"'' AS {c.name}"
        for c in COLUMNS
    )
    address = str(path).replace("'", "''")
    engine.execute(
        f"CREATE TABLE cells AS SELECT row_number() OVER () + 1 AS row, {kept}"
        f" FROM read_csv('{address}', all_varchar=true, header=true, delim=',', quote='\"',"
        " escape='\"', nullstr='', auto_detect=false, columns={"
        + ", ".join(f"'{column.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for column in meant)
        + "})"
    )
    return _number(engine, "SELECT count(*) FROM cells")


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _number(engine: Engine, query: str) -> int:
    return int(engine.execute(query).fetchall()[0][0])


def screen(engine: Engine, *, on: date, by: Actor) -> None:
    """Make `homes` (a row a household: key, first row, clean, block) and `people`, tidied."""
    _load_names(engine)
    _load_villages(engine, on=on, by=by)
    conditions = " AND ".join(f"({test})" for test in intake_screen.row_conditions(on).values())
    joins = "".join(
        f" JOIN names {column} ON {column}.script = '{script}' AND {column}.text = cells.{column}"
        for column, script in intake_screen.NAME_COLUMNS.items()
    )
    columns = list(intake_screen.NAME_COLUMNS)
    named = " AND ".join(f"{column}.clean" for column in columns)
    words, keys = (" || ".join(f"{c}.{part}" for c in columns) for part in ("words", "keys"))
    engine.execute(f"""
        CREATE TABLE people AS
        SELECT cells.*, {words} AS words, {keys} AS keys,
               villages.id AS village_id, uuidv7() AS person_id,
               coalesce(villages.id IS NOT NULL AND {named} AND {conditions}, false) AS clean
        FROM cells {joins} LEFT JOIN villages ON villages.code = cells.village_code
    """)
    engine.execute("DROP TABLE cells")
    _load_homes(engine)


def _load_names(engine: Engine) -> None:
    """Check each distinct name once, and give its words and sound keys."""
    parts = " UNION ".join(
        f"SELECT '{script}', {column} FROM cells"
        for column, script in intake_screen.NAME_COLUMNS.items()
    )
    found = [intake_screen.name_row(*one) for one in engine.execute(parts).fetchall()]
    columns: list[Any] = list(zip(*found, strict=True)) or [[], [], [], [], []]
    listed = pa.table(
        {
            "script": pa.array(columns[0], pa.string()),
            "text": pa.array(columns[1], pa.string()),
            "clean": pa.array(columns[2], pa.bool_()),
            "words": pa.array(columns[3], pa.list_(pa.string())),
            "keys": pa.array(columns[4], pa.list_(pa.string())),
        }
    )
    engine.register("listed_names", listed)
    engine.execute("CREATE TABLE names AS SELECT * FROM listed_names")
    engine.unregister("listed_names")


def _load_villages(engine: Engine, *, on: date, by: Actor) -> None:
    """List the villages for which the actor may import; the gazetteer knows them on the day."""
    areas = access.areas(by, "registry.import")
    found = locations.places("village", on=on, areas=areas).values_list("id", "code")
    ids, codes = zip(*found, strict=True) if found else ((), ())
    listed = pa.table({"id": pa.array(ids, pa.int64()), "code": pa.array(codes, pa.string())})
    engine.register("listed_villages", listed)
    engine.execute("CREATE TABLE villages AS SELECT * FROM listed_villages")
    engine.unregister("listed_villages")


def _load_homes(engine: Engine) -> None:
    """Tell households apart; one with any doubtful row is doubtful as a whole."""
    once = " AND ".join(
        f"count(DISTINCT nullif({column}, '')) <= 1" for column in HOUSEHOLD_COLUMNS
    )
    engine.execute(f"""
        CREATE TABLE homes AS
        SELECT household_key, min(row) AS first_row, max(row) AS last_row, count(*) AS members,
               bool_and(clean) AND count(*) FILTER (relation = 'head') = 1 AND {once} AS clean,
               any_value(village_id) AS village_id, max(address) AS address,
               max(household_phone) AS phone, false AS taken
        FROM people GROUP BY household_key
    """)
    engine.execute("""
        UPDATE homes SET clean = false WHERE household_key IN (
            SELECT household_key FROM people
            GROUP BY household_key, list_sort(words), sex, birth_date HAVING count(*) > 1)
    """)
    for column in IDENTIFIERS:
        engine.execute(f"""
            UPDATE homes SET clean = false WHERE household_key IN (
                SELECT household_key FROM people
                WHERE {column} IN (SELECT {column} FROM people WHERE {column} <> ''
                                   GROUP BY {column} HAVING count(*) > 1))
        """)
    engine.execute("DELETE FROM names")


def doubts(engine: Engine) -> tuple[int, int]:
    """Give how many rows belong to doubtful households, and the first of them."""
    found = engine.execute(
        "SELECT coalesce(sum(members), 0), coalesce(min(first_row), 0) FROM homes WHERE NOT clean"
    ).fetchall()
    return int(found[0][0]), int(found[0][1])


def skip_taken(engine: Engine, run: ImportRun) -> None:
    """Mark what an earlier attempt has taken in, and divide the rest into blocks."""
    taken = ImportedHousehold.objects.filter(file_hash=run.file_hash)
    keys = list(taken.values_list("household_key", flat=True))
    if keys:
        engine.register("taken_keys", pa.table({"key": pa.array(keys, pa.string())}))
        engine.execute(
            "UPDATE homes SET taken = true WHERE household_key IN (SELECT key FROM taken_keys)"
        )
        engine.unregister("taken_keys")
    engine.execute(f"""
        CREATE TABLE blocks AS
        SELECT household_key, village_id, address, phone, uuidv7() AS household_id,
               first_row, last_row,
               ((row_number() OVER (ORDER BY first_row)) - 1) // {BLOCK} AS block
        FROM homes WHERE clean AND NOT taken
    """)


def keep_doubtful(engine: Engine) -> None:
    """Forget the rows that were written; what is doubtful is looked at later."""
    engine.execute("DROP TABLE blocks")
    engine.execute("DELETE FROM homes WHERE clean OR taken")
    engine.execute(
        "CREATE TABLE rest AS SELECT * FROM people"
        " WHERE household_key IN (SELECT household_key FROM homes)"
    )
    engine.execute("DROP TABLE people")
    engine.execute("ALTER TABLE rest RENAME TO people")
