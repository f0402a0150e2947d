"""A school says for a month, in one file, who attended how many of its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from spean.kernel.access import Actor
from spean.kernel.digits import latin_digits
from spean.kernel.errors import N_, SpeanError
from spean.kernel.spreadsheets import Readable, Row, read_rows
from spean.programmes.actions.confirmations import AttendanceImpossible, Report, confirm_many
from spean.programmes.queries import SCHOLARSHIP
from spean.programmes.rules import Happened

COLUMNS = ("person", "stage", "attendance")


class PupilUnreadable(SpeanError):
    """Refuse a row that names nobody of the list."""

    code = "programmes.pupil_unreadable"
    message = N_("The column “person” was changed. Fetch the list again and fill that in.")
    field = "file"


@dataclass(frozen=True, slots=True)
class Month:
    """What became of a file: pupils paid for the month, those not, and each row refused."""

    paid: int
    unpaid: int
    left_out: int
    refused: Sequence[tuple[int, SpeanError]]


def take_month(
    *, file: Readable, name: str, month: date, keep_good: bool, by: Actor, on: date
) -> Month:
    """Confirm a month of school for the pupils of a file; rows left blank are of other schools.

    A row is refused alone, or all are, as asked. Raises what `read_rows` raises.
    """
    rows = read_rows(file, name, required=COLUMNS)
    filled = [row for row in rows if row.values["stage"] or row.values["attendance"]]
    reports: list[tuple[int, Report]] = []
    refused: list[tuple[int, SpeanError]] = []
    for row in filled:
        try:
            reports.append((row.number, _report(row, month)))
        except SpeanError as error:
            refused.append((row.number, error))
    if refused and not keep_good:
        reports = []
    taken = confirm_many(
        programme=SCHOLARSHIP, reports=[one for _, one in reports], keep_good=keep_good, by=by,
        on=on,
    )  # fmt: skip
    refused += [(reports[place][0], error) for place, error in taken.refused]
    paid = sum(one.amount is not None for one in taken.confirmed)
    return Month(
        paid, len(taken.confirmed) - paid, len(rows) - len(filled),
        sorted(refused, key=lambda one: one[0]),
    )  # fmt: skip


def _report(row: Row, month: date) -> Report:
    try:
        person = UUID(row.values["person"])
    except ValueError as error:
        raise PupilUnreadable from error
    said = latin_digits(row.values["attendance"]).removesuffix("%").strip()
    try:
        attendance = Decimal(said).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise AttendanceImpossible from error
    return Report(Happened(row.values["stage"], month, attendance=attendance), person)
