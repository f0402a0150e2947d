"""A facility sends its claims in a file: one row a line, the rows of a claim under its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from spean.health_equity.actions.claims import Claimed, Line, Taken, ValueImpossible, submit_claims
from spean.health_equity.models import Claim
from spean.kernel.access import Actor
from spean.kernel.digits import latin_digits
from spean.kernel.errors import N_, SpeanError
from spean.kernel.spreadsheets import Readable, Row, read_rows

OF_CLAIM = ("claim", "scheme", "came_on", "left_on", "card", "identifier", "person", "patient",
            "sex", "birth_date", "diagnoses", "referred", "documents")  # fmt: skip
OF_LINE = ("service", "on", "quantity", "asked")
COLUMNS = (*OF_CLAIM, *OF_LINE)
REQUIRED = ("claim", "scheme", "came_on", "left_on", "diagnoses", *OF_LINE)
YES = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False, "": False}


class RowsDiffer(SpeanError):
    """Refuse two rows of one claim that say different things of it."""

    code = "health_equity.claim_rows_differ"
    message = N_("Rows of one claim must be alike in “%(column)s”. See row %(row)s.")
    field = "file"


class OtherRowBad(SpeanError):
    """Leave out a row whose claim has another that can't be read."""

    code = "health_equity.other_row_bad"
    message = N_(
        "Another row of this claim can't be taken in; the claim is kept whole or not at all."
    )
    field = "file"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of a file: the claims, and each bad row by its number in the file."""

    kept: Sequence[Claim]
    again: Sequence[Claim]
    refused: Sequence[tuple[int, SpeanError]]


def take_claims(
    *, facility: str, file: Readable, name: str, keep_good: bool, by: Actor, on: date
) -> TakenFile:
    """Take in a facility's claims from a CSV or XLSX file; every bad row is told.

    Raises what `read_rows` and `submit_claims` raise.
    """
    claims: dict[str, list[Row]] = {}
    for row in read_rows(file, name, required=REQUIRED):
        claims.setdefault(row.values["claim"], []).append(row)
    good: list[tuple[list[Row], Claimed]] = []
    refused: list[tuple[int, SpeanError]] = []
    for rows in claims.values():
        bad = _problems(rows)
        refused += bad
        if not bad:
            good.append((rows, _claimed(rows)))
    if refused and not keep_good:
        good = []
    taken = submit_claims(
        facility=facility, claims=[one for _, one in good], source=Claim.Source.FILE,
        keep_good=keep_good, by=by, on=on,
    )  # fmt: skip
    refused += _by_row(taken, good)
    return TakenFile(taken.kept, taken.again, sorted(refused, key=lambda one: one[0]))


def _by_row(
    taken: Taken, good: Sequence[tuple[list[Row], Claimed]]
) -> list[tuple[int, SpeanError]]:
    return [(good[place][0][0].number, error) for place, error in taken.refused]


def _problems(rows: Sequence[Row]) -> list[tuple[int, SpeanError]]:
    """Give what is wrong with the rows of a claim; where one is, the others are left out too."""
    found: list[tuple[int, SpeanError]] = []
    first = rows[0]
    for row in rows:
        try:
            _alike(row, first)
            _about(row.values)
            _line(row.values)
        except SpeanError as error:
            found.append((row.number, error))
    if found:
        bad = {number for number, _ in found}
        found += [(row.number, OtherRowBad()) for row in rows if row.number not in bad]
    return found


def _alike(row: Row, first: Row) -> None:
    for column in OF_CLAIM:
        if row.values.get(column, "") != first.values.get(column, ""):
            raise RowsDiffer(column=column, row=first.number)


def _claimed(rows: Sequence[Row]) -> Claimed:
    return Claimed(lines=[_line(row.values) for row in rows], **_about(rows[0].values))


def _about(said: Mapping[str, str]) -> dict[str, Any]:
    """Read what a row says of its claim. Raises ValueImpossible."""
    came, left = _day(said, "came_on"), _day(said, "left_on")
    if came is None or left is None:
        raise ValueImpossible(given="", column="came_on" if came is None else "left_on")
    return {
        "external": said["claim"], "scheme": said["scheme"], "came_on": came, "left_on": left,
        "card": said.get("card", ""), "identifier": said.get("identifier", ""),
        "person": _person(said), "patient": said.get("patient", ""), "sex": said.get("sex", ""),
        "birth_date": _day(said, "birth_date"), "diagnoses": said["diagnoses"].upper().split(),
        "referred": _yes(said), "documents": said.get("documents", "").split(),
    }  # fmt: skip


def _line(said: Mapping[str, str]) -> Line:
    on = _day(said, "on")
    if on is None:
        raise ValueImpossible(given="", column="on")
    return Line(said["service"], on, _whole(said, "quantity"), _whole(said, "asked"))


def _day(said: Mapping[str, str], column: str) -> date | None:
    text = latin_digits(said.get(column, ""))
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueImpossible(given=text[:60], column=column) from error


def _whole(said: Mapping[str, str], column: str) -> int:
    text = latin_digits(said[column])
    if not (text.isascii() and text.isdigit()):
        raise ValueImpossible(given=text[:60], column=column)
    return int(text)


def _person(said: Mapping[str, str]) -> UUID | None:
    text = said.get("person", "")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise ValueImpossible(given=text[:60], column="person") from error


def _yes(said: Mapping[str, str]) -> bool:
    text = said.get("referred", "").lower()
    if text not in YES:
        raise ValueImpossible(given=text[:60], column="referred")
    return YES[text]
