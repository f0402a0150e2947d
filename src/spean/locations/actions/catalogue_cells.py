"""One cell of a catalogue file: read it, or say what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from spean.kernel import access
from spean.kernel.access import Actor
from spean.kernel.errors import N_, NotAllowed, SpeanError
from spean.kernel.spreadsheets import Row
from spean.locations import queries
from spean.locations.actions.phones import PhoneWrong, check_phone
from spean.locations.models import FacilityLevel, Level, Place

T = TypeVar("T")


class RowRefused(Exception):
    """Carry the reason, and the column at fault, out of a row."""

    def __init__(self, column: str, reason: SpeanError) -> None:
        self.column, self.reason = column, reason
        super().__init__(column)


class EmptyCell(SpeanError):
    """Refuse a row without a cell that it needs."""

    code = "locations.empty_cell"
    message = N_("Fill in this cell.")


class CellTooLong(SpeanError):
    """Refuse a text longer than can be kept."""

    code = "locations.cell_too_long"
    message = N_("This text is longer than %(most)s characters.")


class BadCode(SpeanError):
    """Refuse a code that could not stand in an address."""

    code = "locations.bad_code"
    message = N_("A code has 1 to 10 Latin letters, digits or hyphens: “%(value)s” does not fit.")


class NotADate(SpeanError):
    """Refuse what can't be read as a day."""

    code = "locations.not_a_date"
    message = N_("“%(value)s” is not a date. Write it as 2026-11-30.")


class EndsBeforeStart(SpeanError):
    """Refuse a period that ends before it starts."""

    code = "locations.ends_before_start"
    message = N_("The last day must come after the first.")


class UnknownCode(SpeanError):
    """Refuse a code that points to nothing."""

    code = "locations.unknown_code"
    message = N_("Nothing is recorded under “%(value)s”. Correct the code, or import it first.")


class UnknownLevel(SpeanError):
    """Refuse a level of facility that doesn't exist."""

    code = "locations.unknown_level"
    message = N_("“%(value)s” is not a level. Write one of: %(known)s.")


class WrongKindOfPlace(SpeanError):
    """Refuse a place of the wrong level of the gazetteer."""

    code = "locations.wrong_kind_of_place"
    message = N_("%(place)s does not fit here. Give the code of one of: %(expected)s.")


class WrongParent(SpeanError):
    """Refuse a facility outside the province of its operational district."""

    code = "locations.wrong_parent"
    message = N_(
        "%(place)s is not in the province of operational district %(district)s (%(province)s). "
        "Correct one of the two codes."
    )


class LevelElsewhere(SpeanError):
    """Refuse to change a level without its own dated act."""

    code = "locations.level_elsewhere"
    message = N_("This facility works at another level. Use a file of levels to change it.")


class OverlapsAnother(SpeanError):
    """Refuse a dated row that overlaps one already recorded."""

    code = "locations.overlaps_another"
    message = N_("This overlaps what is recorded from %(start)s. Correct the dates.")


def read_text(row: Row, column: str, *, most: int = 120) -> str:
    """Give a cell that must not be empty."""
    cell = row.values.get(column, "")
    if not cell:
        raise RowRefused(column, EmptyCell())
    if len(cell) > most:
        raise RowRefused(column, CellTooLong(most=most))
    return cell


def read_code(row: Row, column: str) -> str:
    """Give a cell as the code of something new."""
    cell = read_text(row, column)
    if not re.fullmatch(r"[A-Za-z0-9-]{1,10}", cell):
        raise RowRefused(column, BadCode(value=cell[:40]))
    return cell


def read_day(row: Row, column: str) -> date:
    """Give a cell as a day."""
    cell = read_text(row, column)
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise RowRefused(column, NotADate(value=cell[:40])) from None


def read_level(row: Row) -> str:
    """Give a cell as a level of facility."""
    cell = read_text(row, "level")
    if cell not in FacilityLevel.Kind.values:
        known = ", ".join(FacilityLevel.Kind.values)
        raise RowRefused("level", UnknownLevel(value=cell[:40], known=known))
    return cell


def read_phone_of(row: Row) -> str:
    """Give a cell as a telephone, "" where it is empty."""
    try:
        return check_phone(row.values["phone"])
    except PhoneWrong as reason:
        raise RowRefused("phone", reason) from None


def known(row: Row, column: str, recorded: Mapping[str, T]) -> T:
    """Give what is recorded under a code."""
    cell = read_text(row, column)
    if cell not in recorded:
        raise RowRefused(column, UnknownCode(value=cell[:40]))
    return recorded[cell]


def read_place(
    row: Row,
    column: str,
    recorded: Mapping[str, list[Place]],
    on: date,
    levels: tuple[Level, ...],
    by: Actor,
) -> Place:
    """Give the place of a code on a day, of one of the levels, in the actor's area."""
    code = read_text(row, column)
    valid = [
        place
        for place in recorded.get(code, ())
        if place.start <= on and (place.end is None or place.end > on)
    ]
    try:
        place = valid[0] if valid else queries.place(code, on)
    except SpeanError as reason:
        raise RowRefused(column, reason) from None
    if place.level not in levels:
        expected = ", ".join(str(level.label) for level in levels)
        name = queries.in_both_languages(place)
        raise RowRefused(column, WrongKindOfPlace(place=name, expected=expected))
    check_area(place, column, by)
    return place


def check_area(place: Place, column: str, by: Actor) -> None:
    """Refuse a row about a place outside the actor's area."""
    if not access.allows(by, "locations.import", area=place.code):
        raise RowRefused(column, NotAllowed(permission="locations.import", area=place.code))
