"""A large file is taken in fast, and yet exactly as the small import would have taken it in."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.spreadsheets import LineUnreadable
from spean.locations.models import Place
from spean.registry import actions, queries
from spean.registry.actions import intake
from spean.registry.actions.checking import Notes, checked_member
from spean.registry.actions.imports import NotAllGood
from spean.registry.actions.intake import reading
from spean.registry.models import (
    Household,
)
from spean.registry.rules import intake_screen
from spean.registry.rules.import_columns import COLUMNS, UnknownColumn
from spean.registry.rules.import_households import read_households
from tests.registry.large_files import DAY, GOOD, MESSY, WIFE, content, file_of, taken_in_fast


def _of_slow(path: Path, by: Actor) -> dict[str, list[Any]]:
    with transaction.atomic():
        run = actions.check_import(
            file=io.BytesIO(path.read_bytes()), name=path.name, by=by, on=DAY
        )
        actions.take_in_import(run=run, all_or_none=False, also_likely_duplicates=True, by=by,
                               on=DAY)  # fmt: skip
        found = content()
        transaction.set_rollback(True)
    return found


def test_it_writes_exactly_what_the_small_import_writes(
    places: dict[str, Place], system: Actor, tmp_path: Path
) -> None:
    path = file_of(
        tmp_path,
        [GOOD, WIFE, MESSY, GOOD | {"household_key": "C", "national_id": "", "sex": "female"}],
    )

    fast = taken_in_fast(path, system)

    assert fast == _of_slow(path, system)
    assert len(fast["people"]) == 4
    assert "2026" in fast["people"][0]


def test_what_is_wrong_is_named_and_the_rest_is_taken_in(
    places: dict[str, Place], system: Actor, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [
        GOOD, WIFE,
        GOOD | {"household_key": "B", "birth_date": "1980-02-30", "national_id": ""},
        GOOD | {"household_key": "C", "village_code": "16019999", "national_id": ""},
        GOOD | {"household_key": "D", "relation": "child", "national_id": ""},
    ])  # fmt: skip

    run = actions.take_in_file(path=path, by=system, on=DAY)

    assert (run.state, run.household_count) == ("taken_in", 1)
    problems = {(p.row, p.column) for p in queries.problems_of(run)}
    assert problems == {(4, "birth_date"), (5, "village_code"), (6, "relation")}
    rows = list(csv.DictReader(io.StringIO(
        queries.error_file(run, form="csv", by=system).decode("utf-8-sig"))))  # fmt: skip
    assert [row["household_key"] for row in rows] == ["B", "C", "D"]
    assert all(row["problems"] for row in rows)


def test_all_or_none_keeps_none_where_one_row_is_wrong(
    places: dict[str, Place], system: Actor, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [GOOD, GOOD | {"household_key": "B", "sex": "?", "national_id": ""}])

    with pytest.raises(NotAllGood):
        actions.take_in_file(path=path, by=system, on=DAY, all_or_none=True)

    assert not Household.objects.exists()


def test_a_number_that_is_recorded_already_is_refused_by_its_row(
    places: dict[str, Place], system: Actor, tmp_path: Path
) -> None:
    actions.take_in_file(path=file_of(tmp_path, [GOOD], "first.csv"), by=system, on=DAY)
    other = GOOD | {"household_key": "X", "national_id": ""}

    run = actions.take_in_file(
        path=file_of(tmp_path, [other, GOOD | {"household_key": "Y"}]), by=system, on=DAY
    )

    assert run.household_count == 1
    assert [(p.row, p.column) for p in queries.problems_of(run)] == [(3, "national_id")]


def test_interrupted_it_goes_on_where_it_stopped(
    places: dict[str, Place], system: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK", 1)
    rows = [GOOD | {"household_key": f"H{n}", "national_id": ""} for n in range(4)]
    path = file_of(tmp_path, rows)

    def kill(doing: str, done: int, total: int) -> None:
        if (doing, done) == ("writing", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.take_in_file(path=path, by=system, on=DAY, step=kill)
    assert Household.objects.count() == 2
    run = actions.take_in_file(path=path, by=system, on=DAY)

    assert (Household.objects.count(), run.household_count) == (4, 4)
    with pytest.raises(actions.FileImportedBefore):
        actions.take_in_file(path=path, by=system, on=DAY)


def test_a_file_in_which_too_much_is_wrong_writes_nothing(
    places: dict[str, Place], system: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_DOUBTFUL", 1)
    path = file_of(tmp_path, [GOOD, *[WIFE | {"household_key": key} for key in "BC"]])

    with pytest.raises(intake.TooMuchWrong) as refused:
        actions.take_in_file(path=path, by=system, on=DAY)

    assert refused.value.facts == {"count": 2, "row": 3}
    assert not Household.objects.exists()


def test_a_line_with_too_many_cells_and_an_unknown_column_are_refused(
    places: dict[str, Place], system: Actor, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [GOOD])
    path.write_text(path.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    with pytest.raises(LineUnreadable):
        actions.take_in_file(path=path, by=system, on=DAY)

    with pytest.raises(UnknownColumn):
        actions.take_in_file(
            path=file_of(tmp_path, [GOOD | {"salary": "1"}], "y.csv"), by=system, on=DAY
        )


def test_only_who_may_import_in_the_nation_may(actor: Callable[..., Actor], tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        actions.take_in_file(
            path=file_of(tmp_path, [GOOD]), on=DAY,
            by=actor("commune_clerk", "160101", Purpose.REGISTRATION),
        )  # fmt: skip


cells = st.one_of(
    st.sampled_from(["", "1", "3", "yes", "female", "head", "2001-12-31", "1890-01-01",
                     "2027-01-01", "សុខ", "Sok", "O’Brien", "សុខ 2", "012345678", "0", " x",
                     "123456789", "1-2/3", "a  b", "\u200bx", "É", "ដារ៉ា​"]),
    st.text(max_size=12),
)  # fmt: skip
columns = st.sampled_from([c.name for c in COLUMNS if c.name not in ("household_key",)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(columns, cells), max_size=4))
def test_what_the_screen_lets_through_passes_every_check_unchanged(
    changes: list[tuple[str, str]],
) -> None:
    import duckdb

    row = {c.name: "" for c in COLUMNS} | WIFE | {"relation": "head"} | dict(changes)
    row = {name: text.strip() for name, text in row.items()}
    with duckdb.connect() as engine:
        names = ", ".join(row)
        engine.execute(f"CREATE TABLE cells ({', '.join(f'{n} VARCHAR' for n in row)})")
        engine.execute(
            f"INSERT INTO cells ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        tests = " AND ".join(f"({t})" for t in intake_screen.row_conditions(DAY).values())
        clean = engine.execute(f"SELECT {tests} FROM cells").fetchall()[0][0]
    named = all(
        intake_screen.name_row(script, row[column])[2]
        for column, script in intake_screen.NAME_COLUMNS.items()
    )
    if not (clean and named):
        return
    given_cells = {name: text for name, text in row.items() if text}
    homes, problems = read_households([(2, given_cells | {"village_code": "16010101"})])
    notes = Notes()
    member = homes[0].members[2]
    tidy = checked_member(member, at=0, on=DAY, notes=notes)

    assert (problems, notes.problems) == ([], [])
    assert tidy.given_name_km == row["given_name_km"]
    assert tidy.phone == (f"+855{row['phone'][1:]}" if row["phone"] else "")
