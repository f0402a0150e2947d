"""The rows of a file put together into households, with everything that can't be read in them.

What is read here is only what the cells mean; whether a person can be so recorded is for the same
checks that a clerk's form goes through.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from spean.kernel.errors import N_, SpeanError
from spean.registry.rules import identifiers, names
from spean.registry.rules import import_values as cell
from spean.registry.rules.import_columns import FUNCTIONS, HOUSEHOLD_COLUMNS, IDENTIFIERS
from spean.registry.rules.people import NewMember, check_phone

NAMES: dict[str, Callable[[str], str]] = {
    "family_name_km": names.check_khmer_name,
    "given_name_km": names.check_khmer_name,
    "family_name_latin": names.check_latin_name,
    "given_name_latin": names.check_latin_name,
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong: the row as the person's own program numbers it, the column, why."""

    row: int
    column: str
    error: SpeanError


@dataclass(slots=True)
class ReadHousehold:
    """One household as read: `members` are the rows that could be read whole, by row number."""

    key: str
    rows: list[int] = field(default_factory=list)
    village_code: str = ""
    address: str = ""
    phone: str = ""
    members: dict[int, NewMember] = field(default_factory=dict)
    heads: list[int] = field(default_factory=list)


class HouseholdDiffers(SpeanError):
    """Refuse two values of what a household has once."""

    code = "registry.import_household_differs"
    message = N_("Another row of household “%(key)s” says “%(other)s”. Make them the same.")


class HeadNotMarked(SpeanError):
    """Ask for exactly one head in a household of the file."""

    code = "registry.import_head_not_marked"
    message = N_("Household “%(key)s” has %(heads)s heads. Mark exactly one person as head.")


def read_households(
    rows: Iterable[tuple[int, Mapping[str, str]]],
) -> tuple[list[ReadHousehold], list[RowProblem]]:
    """Read every row, and give the households in the order of the file with all their problems.

    `rows` are pairs of row number and cells by column name (`names_of_columns`). A household with
    a problem in any of its rows is among the households too, as far as it could be read.
    """
    households: dict[str, ReadHousehold] = {}
    problems: list[RowProblem] = []
    for number, cells in rows:
        reader = _Reader(number, cells, problems)
        key = reader.read("household_key", lambda text: cell.short(text, 60))
        household = households.setdefault(key or f"?{number}", ReadHousehold(key or f"?{number}"))
        household.rows.append(number)
        _read_home(reader, household)
        reader.failed = False
        _read_person(reader, household)
    for household in households.values():
        if len(household.heads) != 1 and len(household.members) == len(household.rows):
            row = household.heads[1] if household.heads else household.rows[0]
            error = HeadNotMarked(key=household.key, heads=len(household.heads))
            problems.append(RowProblem(row, "relation", error))
    return list(households.values()), problems


class _Reader:
    """One row: reads its cells and notes what is wrong with each."""

    def __init__(self, row: int, cells: Mapping[str, str], problems: list[RowProblem]) -> None:
        self.row, self.cells, self.problems = row, cells, problems
        self.failed = False

    def note(self, column: str, error: SpeanError) -> None:
        self.problems.append(RowProblem(self.row, column, error))

    def read(self, column: str, meaning: Callable[[str], Any], *, required: bool = True) -> Any:
        """Give what the cell means, or None, having noted why."""
        text = self.cells.get(column, "").strip()
        try:
            if text:
                return meaning(text)
            if required:
                raise cell.CellEmpty
        except SpeanError as error:
            self.note(column, error)
            self.failed = True
        return None

    def text(self, column: str, meaning: Callable[[str], str] | None = None) -> str:
        found = self.read(column, meaning or _short, required=False)
        return str(found or "")


def _short(text: str) -> str:
    return cell.short(text, LONGEST)


def _read_home(reader: _Reader, household: ReadHousehold) -> None:
    """Read what is the household's; a row may leave it out once another row has said it."""
    known = {
        "village_code": household.village_code,
        "address": household.address,
        "household_phone": household.phone,
    }
    code = reader.read("village_code", cell.village_code, required=not household.village_code)
    read = {
        "village_code": code or "",
        "address": reader.text("address"),
        "household_phone": reader.text("household_phone", check_phone),
    }
    for column in HOUSEHOLD_COLUMNS:
        before, now = known[column], read[column]
        if before and now and before != now:
            reader.note(column, HouseholdDiffers(key=household.key, other=before))
        known[column] = before or now
    household.village_code = known["village_code"]
    household.address, household.phone = known["address"], known["household_phone"]


def _read_person(reader: _Reader, household: ReadHousehold) -> None:
    born, seen = reader.read("birth_date", cell.birth_date) or (None, "exact")
    read: dict[str, Any] = {
        "sex": reader.read("sex", lambda t: cell.one_of(t, cell.SEXES)),
        "relation": reader.read("relation", lambda t: cell.one_of(t, cell.RELATIONS)),
        "birth_date_precision": reader.read(
            "birth_date_precision", lambda t: cell.one_of(t, cell.PRECISIONS), required=False
        ),
        "pregnant": bool(
            reader.read("pregnant", lambda t: cell.one_of(t, cell.ANSWERS), required=False)
        ),
        "functioning": _read_functioning(reader),
        "identifiers": {
            kind: text
            for kind in IDENTIFIERS
            if (text := reader.text(kind, partial(identifiers.check, kind)))
        },
        "phone": reader.text("phone", check_phone),
        **{name: reader.text(name, check) for name, check in NAMES.items()},
    }
    if read["relation"] == "head":
        household.heads.append(reader.row)
    if not reader.failed and born is not None:
        read["birth_date_precision"] = read["birth_date_precision"] or seen
        household.members[reader.row] = NewMember(birth_date=born, **read)


def _read_functioning(reader: _Reader) -> dict[str, int] | None:
    """Give the answers that were given; whether they are all there is checked with the person."""
    answered = [name for name in FUNCTIONS if reader.cells.get(name, "").strip()]
    answers = {name: reader.read(name, cell.difficulty) for name in answered}
    return answers or None
