"""Households beyond doubt are written in blocks, each one transaction, by COPY."""

from collections.abc import Callable
from datetime import date
from threading import Lock

from django.db import transaction
from psycopg.errors import UniqueViolation

from spean.kernel import arrow, audit, outbox
from spean.kernel.access import Actor
from spean.kernel.lanes import in_lanes
from spean.registry.actions.intake.reading import IDENTIFIERS, Engine, OpenFile
from spean.registry.events import HouseholdsTakenIn
from spean.registry.models import Identifier, ImportRun
from spean.registry.rules.import_columns import FUNCTIONS

Step = Callable[[str, int, int], None]

_ANSWERS = ", ".join(f"{name}::SMALLINT" for name in FUNCTIONS)


def _phone(column: str) -> str:
    """Write a home number with its country code, as `rules.people.check_phone` does."""
    return f"CASE WHEN {column} = '' THEN '' ELSE '+855' || substr({column}, 2) END"


def _statements(run: ImportRun, by: Actor, on: date) -> dict[str, str]:
    """Give, by table and columns of the database, the rows of the block, of the very types."""
    day, who = f"DATE '{on}'", by.name.replace("'", "''")
    functions = ", ".join(FUNCTIONS)
    return {
        "registry_household (id, village_id, address, phone, since, registered_on, registered_by)":
            f"SELECT household_id, village_id, address, {_phone('phone')}, {day}, {day}, '{who}'"
            " FROM chosen_homes",
        "registry_person (id, family_name_km, given_name_km, family_name_latin, given_name_latin,"
        " sex, birth_date, birth_date_precision, phone, since, search_text, search_keys)":
            "SELECT person_id, family_name_km, given_name_km, family_name_latin, given_name_latin,"
            " sex, birth_date::DATE, coalesce(nullif(birth_date_precision, ''), 'exact'),"
            f" {_phone('phone')}, {day},"
            " array_to_string(list_filter(words, lambda w, i: list_position(words, w) = i), ' '),"
            " list_sort(list_distinct(keys)) FROM chosen",
        "registry_membership (id, household_id, person_id, relation, start)":
            f"SELECT uuidv7(), household_id, person_id, relation, {day} FROM chosen",
        **{
            f"registry_identifier (id, kind, value, person_id, start, withdrawn) -- {kind}":
                f"SELECT uuidv7(), '{kind}', {kind}, person_id, {day}, false"
                f" FROM chosen WHERE {kind} <> '' ORDER BY {kind}"  # as its unique index lies
            for kind in IDENTIFIERS
        },
        f"registry_functionassessment (id, person_id, start, {functions})":
            f"SELECT uuidv7(), person_id, {day}, {_ANSWERS} FROM chosen WHERE seeing <> ''",
        "registry_pregnancy (id, person_id, start)":
            f"SELECT uuidv7(), person_id, {day} FROM chosen WHERE pregnant = 'yes'",
        "registry_importedhousehold (run_id, file_hash, household_key, household_id)":
            f"SELECT UUID '{run.pk}', '{run.file_hash}', household_key, household_id"
            " FROM chosen_homes",
    }  # fmt: skip


def write_blocks(
    file: OpenFile, *, by: Actor, on: date, writers: int,
    step: Step = lambda doing, done, total: None,
) -> None:  # fmt: skip
    """Write every block; households that hold a number already recorded become doubtful.

    Each of several writers has a connection of its own; one alone uses the caller's.
    """
    found = file.engine.execute("SELECT coalesce(max(block) + 1, 0) FROM blocks").fetchall()
    total = int(found[0][0])
    if writers == 1:
        for block in range(total):
            step("writing", block, total)
            _write(file, file.engine, block, by=by, on=on)
        return

    def write(block: int) -> None:
        _write(file, file.engine.cursor(), block, by=by, on=on)

    step("writing", 0, total)
    for done, _none in enumerate(in_lanes(write, range(total), writers), start=1):
        step("writing", done, total)


_doubting = Lock()


def _write(file: OpenFile, engine: Engine, block: int, *, by: Actor, on: date) -> None:
    _choose(engine, block)
    try:
        _write_block(engine, file.run, by=by, on=on)
    except UniqueViolation:
        with _doubting:
            if not _doubt_known_numbers(engine):
                raise
        _choose(engine, block)
        _write_block(engine, file.run, by=by, on=on)


def _choose(engine: Engine, block: int) -> None:
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE chosen_homes AS SELECT * FROM blocks WHERE block = ?", [block]
    )
    bounds = engine.execute(
        "SELECT coalesce(min(first_row), 0), coalesce(max(last_row), -1) FROM chosen_homes"
    ).fetchall()[0]
    engine.execute(
        "CREATE OR REPLACE TEMP VIEW chosen AS SELECT people.*, household_id"
        " FROM people JOIN chosen_homes USING (household_key)"
        " WHERE people.row BETWEEN {} AND {} ORDER BY people.row".format(*bounds)
    )


@transaction.atomic
def _write_block(engine: Engine, run: ImportRun, *, by: Actor, on: date) -> None:
    for target, query in _statements(run, by, on).items():
        arrow.copy_in(engine.sql(query).to_arrow_table(), target.partition(" --")[0])
    homes = _count(engine, "chosen_homes")
    audit.write(
        by=by, action="registry.intake_block", subject=run, file=run.file_hash,
        households=homes, people=_count(engine, "chosen"),
    )  # fmt: skip
    outbox.announce(HouseholdsTakenIn(run=run.pk, households=homes, day=on))


def _count(engine: Engine, table: str) -> int:
    return int(engine.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _doubt_known_numbers(engine: Engine) -> int:
    """Take out of the blocks the households with a number that the registry holds; say how many."""
    known: set[str] = set()
    for kind in IDENTIFIERS:
        numbers = engine.execute(f"SELECT {kind} FROM chosen WHERE {kind} <> ''").fetchall()
        held = Identifier.objects.filter(
            kind=kind, withdrawn=False, value__in=[one[0] for one in numbers]
        )
        for value in held.values_list("value", flat=True):
            rows = engine.execute(
                f"SELECT household_key FROM chosen WHERE {kind} = ?",
                [value],
            )
            known |= {one[0] for one in rows.fetchall()}
    for key in known:
        engine.execute("UPDATE homes SET clean = false WHERE household_key = ?", [key])
        engine.execute("DELETE FROM blocks WHERE household_key = ?", [key])
    return len(known)
