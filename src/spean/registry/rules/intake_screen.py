"""Which rows of a large file are beyond doubt, as SQL conditions over their cells.

The screen is sound and not complete: what it lets through would pass every check of a clerk's form
unchanged (a test holds it to that); whatever else there is goes through those checks themselves,
row by row. So there is one set of rules, and nearly all rows go at the speed of the engine.

The conditions are over a table `cells` with one text column a column of the import format ("" for
empty), joined with `names` (by the four name columns: `clean`, `words`, `keys`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from spean.kernel.errors import SpeanError
from spean.registry.rules import names
from spean.registry.rules.import_columns import FUNCTIONS
from spean.registry.rules.people import OLDEST, BirthDatePrecision, Relation, Sex

NAME_COLUMNS: Mapping[str, str] = {
    "family_name_km": "khmer",
    "given_name_km": "khmer",
    "family_name_latin": "latin",
    "given_name_latin": "latin",
}
_CHECKS = {"khmer": names.check_khmer_name, "latin": names.check_latin_name}
PHONE = "'^0[1-9][0-9]{7,8}$'"
YOUNGEST_PREGNANT = 10
NAMES_KEPT = 100_000  # a nation has fewer, and its provinces share most


@lru_cache(NAMES_KEPT)
def name_row(script: str, text: str) -> tuple[str, str, bool, list[str], list[str]]:
    """Give (script, text, whether it is clean, its words, their sound keys) for one name."""
    try:
        clean = _CHECKS[script](text) == text
    except SpeanError:
        clean = False
    words = names.search_text(text).split() if clean else []
    return script, text, clean, words, names.search_keys(text) if clean else []


def _one_of(column: str, values: type[StrEnum]) -> str:
    listed = ", ".join(f"'{one}'" for one in values)
    return f"{column} IN ({listed})"


def _matches(column: str, pattern: str) -> str:
    return f"({column} = '' OR regexp_full_match({column}, {pattern}))"


def row_conditions(on: date) -> dict[str, str]:
    """Give, by column, the condition under which its cell is beyond doubt on a day."""
    oldest = on - timedelta(days=int((OLDEST - 1) * 365.25))
    day = "TRY_CAST(birth_date AS DATE)"
    years = f"{on.year} - year({day})"
    answered = " AND ".join(f"{name} IN ('1', '2', '3', '4')" for name in FUNCTIONS)
    unanswered = " AND ".join(f"{name} = ''" for name in FUNCTIONS)
    return {
        "household_key": "length(household_key) BETWEEN 1 AND 60",
        "relation": _one_of("relation", Relation),
        "sex": _one_of("sex", Sex),
        "birth_date": f"regexp_full_match(birth_date, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        f" AND {day} BETWEEN DATE '{oldest}' AND DATE '{on}'",
        "birth_date_precision": f"(birth_date_precision = '' OR"
        f" {_one_of('birth_date_precision', BirthDatePrecision)})",
        "address": "(address = '' OR (length(address) <= 200"
        " AND regexp_full_match(address, '[^ \\s\\x{200b}](?:[^\\s\\x{200b}]| )*')"
        " AND address NOT LIKE '%  %' AND address NOT LIKE '% '))",
        "household_phone": _matches("household_phone", PHONE),
        "phone": _matches("phone", PHONE),
        "national_id": _matches("national_id", "'[0-9]{9}'"),
        "personal_code": _matches("personal_code", "'[0-9]{10}'"),
        "birth_certificate": f"length(birth_certificate) <= 40 AND "
        f"{_matches('birth_certificate', chr(39) + '[0-9]+(?:[-/][0-9]+)*' + chr(39))}",
        "health_id": "health_id = ''",
        "seeing": f"(({answered}) OR ({unanswered}))",
        "pregnant": "(pregnant IN ('', 'no') OR (pregnant = 'yes' AND sex = 'female'"
        f" AND {years} >= {YOUNGEST_PREGNANT}))",
        "given_name_km": "given_name_km || given_name_latin || family_name_km"
        " || family_name_latin <> ''",
    }
