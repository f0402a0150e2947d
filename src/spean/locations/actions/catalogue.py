"""Taking in operational districts, facilities, their levels and catchments from a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.spreadsheets import Readable, Row, read_rows
from spean.locations.actions.catalogue_cells import RowRefused
from spean.locations.actions.catalogue_rows import COLUMNS, OPTIONAL, TAKE, Book, Kind
from spean.locations.models import Catchment, Facility, FacilityLevel, OperationalDistrict

MODEL_ROWS: dict[Kind, tuple[str, ...]] = {
    Kind.OPERATIONAL_DISTRICTS: ("1601", "បានលុង", "Ban Lung", "16", "2020-01-01"),
    Kind.FACILITIES: (
        "160101", "ញ៉ាង", "Nhang", "1601", "160103", "health_centre", "Prakas 31", "2022-07-26",
        "012345678",
    ),
    Kind.LEVELS: ("160101", "cpa1", "Prakas 031/2022", "2022-07-26"),
    Kind.CATCHMENTS: ("160101", "160103", "2022-07-26", ""),
}  # fmt: skip

UPDATED = {
    OperationalDistrict: ["name_km", "name_en", "province"],
    Facility: ["name_km", "name_en", "operational_district", "place", "phone"],
    FacilityLevel: ["end"],
    Catchment: ["end"],
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row of the file."""

    number: int
    column: str
    error: SpeanError


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import would do (or did): nothing is written while any row has a problem."""

    kind: Kind
    rows: int
    added: int
    amended: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    written: bool


def read_catalogue(*, kind: Kind, file: Readable, name: str) -> list[Row]:
    """Read a file of one kind. Raises FileRefused (wrong header, zip bomb, too long …)."""
    required = [column for column in COLUMNS[kind] if column not in OPTIONAL]
    return read_rows(file, name, required=required)


@transaction.atomic
def import_catalogue(
    *, kind: Kind, rows: Sequence[Row], dry_run: bool, by: Actor, on: date
) -> ImportReport:
    """Check every row, and write them all if none has a problem and this is no dry run.

    A row that says what is already recorded changes nothing, so a file can be taken in twice.
    Raises NotAllowed for an actor without the right anywhere.
    """
    if not access.areas(by, "locations.import"):
        raise NotAllowed(permission="locations.import", area="")
    book = Book(rows)
    problems = []
    for row in rows:
        try:
            TAKE[kind](row, book, by)
        except RowRefused as refused:
            problems.append(RowProblem(row.number, refused.column, refused.reason))
    writes = not dry_run and not problems
    if writes and book.writes:
        _write(book)
        audit.write(
            by=by, action="locations.import_catalogue", subject=("locations.catalogue", kind.value),
            added=book.added, amended=book.amended, unchanged=book.unchanged, on=on.isoformat(),
        )  # fmt: skip
    return ImportReport(
        kind, len(rows), len(book.added), len(book.amended), book.unchanged, tuple(problems), writes
    )


def _write(book: Book) -> None:
    for model, fields in UPDATED.items():
        changed = [row for row in book.changed if isinstance(row, model) and row.pk]
        model._default_manager.bulk_update(changed, fields, batch_size=1000)
        new = [row for row in book.new if isinstance(row, model)]
        model._default_manager.bulk_create(new, batch_size=2000)
