"""What one cell of a file of households means, or what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date

from spean.kernel.digits import latin_digits
from spean.kernel.errors import N_, SpeanError

SEXES = {
    "female": "female", "f": "female", "ស្រី": "female", "ស": "female",
    "male": "male", "m": "male", "ប្រុស": "male", "ប": "male",
}  # fmt: skip
RELATIONS = {
    "head": "head", "មេគ្រួសារ": "head",
    "spouse": "spouse", "ប្តី": "spouse", "ប្ដី": "spouse", "ប្រពន្ធ": "spouse",
    "child": "child", "កូន": "child",
    "child_in_law": "child_in_law", "កូនប្រសា": "child_in_law",
    "parent": "parent", "ឪពុក": "parent", "ម្តាយ": "parent", "ម្ដាយ": "parent",
    "parent_in_law": "parent_in_law", "ឪពុកក្មេក": "parent_in_law", "ម្តាយក្មេក": "parent_in_law",
    "grandchild": "grandchild", "ចៅ": "grandchild",
    "sibling": "sibling", "បងប្អូន": "sibling",
    "other_relative": "other_relative", "សាច់ញាតិ": "other_relative",
    "not_related": "not_related", "មិនមែនសាច់ញាតិ": "not_related",
}  # fmt: skip
PRECISIONS = {
    "exact": "exact", "month": "month", "year": "year", "estimated": "estimated",
    "ប្រាកដ": "exact", "ដឹងខែ": "month", "ដឹងឆ្នាំ": "year", "ប៉ាន់ស្មាន": "estimated",
}  # fmt: skip
ANSWERS = {
    "yes": "yes", "true": "yes", "1": "yes", "បាទ": "yes", "ចាស": "yes", "មាន": "yes",
    "no": "", "false": "", "0": "", "ទេ": "", "គ្មាន": "",
}  # fmt: skip


class CellEmpty(SpeanError):
    """Ask for what every row needs."""

    code = "registry.import_cell_empty"
    message = N_("This must be filled in.")


class NotOneOf(SpeanError):
    """Refuse a word that is not one of the answers."""

    code = "registry.import_not_one_of"
    message = N_("“%(value)s” is not an answer here. Write one of: %(answers)s.")


class NotADate(SpeanError):
    """Refuse what is no day of the calendar."""

    code = "registry.import_not_a_date"
    message = N_("“%(value)s” is not a date. Write it as 2001-12-31 or 31/12/2001.")


class NotAVillageCode(SpeanError):
    """Refuse a village code of the wrong length; spreadsheets drop the zero in front."""

    code = "registry.import_not_a_village_code"
    message = N_(
        "“%(value)s” is not a village code of 8 digits. "
        "If a zero in front was lost, format the column as text."
    )


class NotADifficulty(SpeanError):
    """Refuse an answer outside the four of the short set."""

    code = "registry.import_not_a_difficulty"
    message = N_("“%(value)s” is not a number from 1 (no difficulty) to 4 (cannot do it at all).")


class ValueTooLong(SpeanError):
    """Refuse a text that no field holds."""

    code = "registry.import_value_too_long"
    message = N_("This is longer than %(limit)s characters.")


def one_of(text: str, answers: Mapping[str, str]) -> str:
    """Give the answer that a word stands for. Raises NotOneOf."""
    found = answers.get(text.strip().lower())
    if found is None:
        known = dict.fromkeys(a for a in answers if a.isascii() and len(a) > 1)
        raise NotOneOf(value=text[:40], answers=", ".join(known))
    return found


_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def birth_date(text: str) -> tuple[date, str]:
    """Give the first day that the text allows, and how much of the date it says.

    "2001" is 1 January 2001 and "year"; "2001-12" is 1 December 2001 and "month". Khmer digits
    are read. Raises NotADate.
    """
    plain = latin_digits(text).strip().removesuffix(" 00:00:00")
    try:
        if found := _YEAR_FIRST.fullmatch(plain):
            year, month, day = found.groups()
            precision = "exact" if day else "month" if month else "year"
            return date(int(year), int(month or 1), int(day or 1)), precision
        if found := _DAY_FIRST.fullmatch(plain):
            day, month, year = found.groups()
            return date(int(year), int(month), int(day)), "exact"
    except ValueError as error:
        raise NotADate(value=text[:40]) from error
    raise NotADate(value=text[:40])


def village_code(text: str) -> str:
    """Give the code as 8 digits. Raises NotAVillageCode."""
    plain = latin_digits(text).strip()
    if not re.fullmatch(r"\d{8}", plain):
        raise NotAVillageCode(value=text[:40])
    return plain


def difficulty(text: str) -> int:
    """Give the answer to one question on functioning. Raises NotADifficulty."""
    plain = latin_digits(text).strip()
    if plain not in {"1", "2", "3", "4"}:
        raise NotADifficulty(value=text[:40])
    return int(plain)


def short(text: str, limit: int) -> str:
    """Give the text if it fits. Raises ValueTooLong."""
    if len(text) > limit:
        raise ValueTooLong(limit=limit)
    return text
