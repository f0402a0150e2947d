"""The columns of a file of households: one row a person, read and written under the same names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from spean.kernel.errors import N_, SpeanError


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, the same in Khmer, and what it holds."""

    name: str
    khmer: str
    about: str
    required: bool = False


COLUMNS: tuple[Column, ...] = (
    Column(
        "household_key",
        "លេខគ្រួសារក្នុងឯកសារ",
        N_("Any number or word that is the same in each row of one household"),
        required=True,
    ),
    Column("village_code", "លេខកូដភូមិ", N_("The village's official code, 8 digits"), required=True),
    Column("address", "អាសយដ្ឋាន", N_("House, street or landmark")),
    Column("household_phone", "ទូរស័ព្ទគ្រួសារ", N_("The household's telephone number")),
    Column("relation", "ត្រូវជាអ្វីនឹងមេគ្រួសារ", N_("Relation to the head of household"), required=True),
    Column("family_name_km", "នាមត្រកូល", N_("Family name in Khmer")),
    Column("given_name_km", "នាមខ្លួន", N_("Given name in Khmer")),
    Column("family_name_latin", "នាមត្រកូលឡាតាំង", N_("Family name in Latin letters")),
    Column("given_name_latin", "នាមខ្លួនឡាតាំង", N_("Given name in Latin letters")),
    Column("sex", "ភេទ", N_("female or male"), required=True),
    Column(
        "birth_date",
        "ថ្ងៃខែឆ្នាំកំណើត",
        N_("2001-12-31 or 31/12/2001; 2001-12 or 2001 where no more is known"),
        required=True,
    ),
    Column("birth_date_precision", "ភាពប្រាកដនៃថ្ងៃកំណើត", N_("exact, month, year or estimated")),
    Column("phone", "ទូរស័ព្ទ", N_("The person's telephone number")),
    Column("national_id", "អត្តសញ្ញាណប័ណ្ណ", N_("National identity card")),
    Column("personal_code", "លេខកូដបុគ្គល", N_("Personal code")),
    Column("birth_certificate", "សំបុត្រកំណើត", N_("Birth certificate")),
    Column("health_id", "លេខសម្គាល់សុខភាព", N_("Health ID")),
    Column("seeing", "ការមើល", N_("Difficulty in seeing, 1 (none) to 4 (cannot)")),
    Column("hearing", "ការស្តាប់", N_("Difficulty in hearing, 1 to 4")),
    Column("walking", "ការដើរ", N_("Difficulty in walking, 1 to 4")),
    Column("remembering", "ការចងចាំ", N_("Difficulty in remembering, 1 to 4")),
    Column("self_care", "ការថែទាំខ្លួន", N_("Difficulty in self-care, 1 to 4")),
    Column("communicating", "ការប្រាស្រ័យទាក់ទង", N_("Difficulty in communicating, 1 to 4")),
    Column("pregnant", "មានផ្ទៃពោះ", N_("yes or no")),
)
PROBLEMS_COLUMN = Column("problems", "បញ្ហា", N_("What was wrong; it is not read"))
FUNCTIONS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
IDENTIFIERS = ("national_id", "personal_code", "birth_certificate", "health_id")
HOUSEHOLD_COLUMNS = ("village_code", "address", "household_phone")

_BY_NAME = {
    written.lower(): column.name
    for column in (*COLUMNS, PROBLEMS_COLUMN)
    for written in (column.name, column.khmer)
}


class UnknownColumn(SpeanError):
    """Refuse a column that we would otherwise drop without a word."""

    code = "registry.import_column_unknown"
    message = N_(
        "The column “%(column)s” is not one of ours. Did you mean “%(near)s”? "
        "Rename it or remove it; the model file has the right first row."
    )
    field = "file"


class ColumnsMissing(SpeanError):
    """Refuse a file without a column that every row needs."""

    code = "registry.import_column_missing"
    message = N_(
        "The first row must name the columns %(missing)s. The model file has the right first row."
    )
    field = "file"


class ColumnTwice(SpeanError):
    """Refuse a file that names one column in English and again in Khmer."""

    code = "registry.import_column_twice"
    message = N_("The column “%(column)s” stands twice in the first row. Remove one.")
    field = "file"


def names_of_columns(header: Iterable[str]) -> dict[str, str]:
    """Give, for each name in the file's first row, the column it means, in English or Khmer.

    Raises UnknownColumn (with the nearest name), ColumnTwice, ColumnsMissing.
    """
    meant: dict[str, str] = {}
    for written in header:
        name = _BY_NAME.get(written.strip().lower())
        if name is None:
            raise UnknownColumn(column=written[:60], near=_nearest(written))
        if name in meant.values():
            raise ColumnTwice(column=written[:60])
        meant[written] = name
    missing = [c.name for c in COLUMNS if c.required and c.name not in meant.values()]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing))
    return meant


def header_row(*, khmer: bool = False, more: Sequence[Column] = ()) -> list[str]:
    """Give the first row of a file."""
    return [column.khmer if khmer else column.name for column in (*COLUMNS, *more)]


def _nearest(written: str) -> str:
    text = written.strip().lower().replace(" ", "_")
    close = get_close_matches(text, _BY_NAME, n=1, cutoff=0.4)
    if close:
        return close[0]
    parts = [name for name in _BY_NAME if text and (text in name or name in text)]
    return parts[0] if parts else "household_key"
