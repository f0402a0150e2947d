"""Doubtful households go through the checks of a small import, one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from spean.kernel.access import Actor
from spean.registry.actions.import_checks import check_households
from spean.registry.actions.imports import take_in_household
from spean.registry.actions.intake.reading import Engine, OpenFile
from spean.registry.rules.import_columns import COLUMNS
from spean.registry.rules.import_households import RowProblem, read_households

AT_ONCE = 1_000
Row = tuple[int, dict[str, str]]
Step = Callable[[str, int, int], None]


@dataclass(slots=True)
class Found:
    """The rows that were left out, and everything that is wrong."""

    rows: list[Row] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def take_in(
    file: OpenFile, *, by: Actor, on: date,
    step: Step = lambda doing, done, total: None,
) -> Found:  # fmt: skip
    """Take in the doubtful households that are good after all; give the others."""
    found = Found()
    groups = list(_groups(file.engine))
    for done, keys in enumerate(groups):
        step("checking", done, len(groups))
        rows = _rows(file.engine, keys)
        households, problems = read_households(rows)
        checked = check_households(households, problems, by=by, on=on, namesakes=True)
        late = [
            problem
            for household in checked.good
            for problem in take_in_household(file.run, household, checked, by, on)
        ]
        wrong = {problem.row for problem in (*checked.problems, *late)}
        out = {h.key for h in households if wrong.intersection(h.rows)}
        found.rows += [(n, cells) for n, cells in rows if _key(n, cells) in out]
        found.problems += [*checked.problems, *late]
    return found


def _key(number: int, cells: dict[str, str]) -> str:
    return cells.get("household_key", "") or f"?{number}"


def _groups(engine: Engine) -> Iterator[list[str]]:
    found = engine.execute(
        "SELECT household_key FROM homes WHERE NOT clean AND NOT taken ORDER BY first_row"
    ).fetchall()
    keys = [row[0] for row in found]
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _rows(engine: Engine, keys: list[str]) -> list[Row]:
    names = [column.name for column in COLUMNS]
    found = engine.execute(
        f"SELECT row, {', '.join(names)} FROM people"
        " WHERE household_key IN (SELECT unnest(?)) ORDER BY row",
        [keys],
    ).fetchall()
    return [
        (number, {name: text for name, text in zip(names, cells, strict=True) if text})
        for number, *cells in found
    ]
