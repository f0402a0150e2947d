"""The cells of some rows of a survey as measures, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spean.maternal_child.rules.growth.scores import Children
from spean.maternal_child.rules.growth.standards import Bools, Codes, Floats

NUMBERS = ("age_days", "weight_kg", "lenhei_cm", "headc_cm", "muac_cm")
# What a column of codes may hold, in small letters; 1 and 2 as WHO's programs take them.
CODES: Mapping[str, Mapping[str, int]] = {
    "sex": {"1": 1, "m": 1, "1.0": 1, "2": 2, "f": 2, "2.0": 2},
    "measure": {"l": 1, "h": 2},
    "oedema": {"y": 1, "1": 1, "n": 0, "2": 0},
}
CODE_WORDS = {"sex": "1 or m, 2 or f", "measure": "l or h", "oedema": "y or n"}
UNKNOWN = frozenset({"", ".", "na", "nan"})
# Above this it is more likely another unit than a child.
OTHER_UNIT = {
    "weight_kg": (200, "grams"),
    "lenhei_cm": (250, "millimetres"),
    "headc_cm": (100, "millimetres"),
    "muac_cm": (60, "millimetres"),
}
LARGEST = 1e6  # no number of a child is larger


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row; `column` where its value was doubted and taken all the same."""

    row: int
    what: str
    column: str = ""


@dataclass(slots=True)
class Sheet:
    """Rows of cells, and where in a row each column is. A missing column is blank."""

    rows: Sequence[list[str]]
    width: int
    places: Mapping[str, int]
    faults: list[Fault] = field(default_factory=list)

    def children(self) -> Children:
        """Read every cell; what can't be read is a fault of its row. Fills short rows up."""
        for row, cells in enumerate(self.rows):
            if len(cells) != self.width:
                self._refuse(
                    row, f"{len(cells)} cells where the first line has {self.width}; put a cell "
                    "that holds a comma into quotation marks, and close each of them",
                )  # fmt: skip
                cells += [""] * (self.width - len(cells))
        numbers = {name: self._numbers(name) for name in NUMBERS}
        codes = {name: self._codes(name) for name in CODES}
        return Children(
            lying=codes["measure"], sex=codes["sex"], oedema=codes["oedema"] == 1, **numbers
        )

    def bad(self) -> Bools:
        """Say which rows can't be read."""
        found = np.zeros(len(self.rows), np.bool_)
        found[[fault.row for fault in self.faults if not fault.column]] = True
        return found

    def _cells(self, name: str) -> list[str]:
        place = self.places.get(name)
        if place is None:
            return [""] * len(self.rows)
        return [row[place] for row in self.rows]

    def _numbers(self, name: str) -> Floats:
        cells = self._cells(name)
        try:
            values = np.array([float(cell) if cell else np.nan for cell in cells], np.float64)
        except ValueError:
            values = np.array([self._number(name, i, cell) for i, cell in enumerate(cells)])
        for row in np.flatnonzero(np.abs(values) > LARGEST).tolist():
            self._refuse(row, f"{name} is {cells[row]}, which no child has; correct it")
        if name == "age_days":
            for row in np.flatnonzero(values < 0).tolist():
                self._refuse(
                    row, f"age_days is {cells[row]}, a day before birth; correct the dates"
                )
        else:
            self.faults += _doubts(name, cells, values)
        return values

    def _number(self, name: str, row: int, cell: str) -> float:
        if cell.strip().lower() in UNKNOWN:
            return np.nan
        try:
            return float(cell)
        except ValueError:
            self._refuse(
                row, f"{name} is {cell!r}, not a number; write it like 8.5, or leave it blank"
            )
            return np.nan

    def _codes(self, name: str) -> Codes:
        known, cells = CODES[name], self._cells(name)
        try:
            return np.array([known[cell] if cell else 0 for cell in cells], np.int8)
        except KeyError:
            return np.array([self._code(name, i, cell) for i, cell in enumerate(cells)], np.int8)

    def _code(self, name: str, row: int, cell: str) -> int:
        cell = cell.strip().lower()
        if cell not in CODES[name] and cell not in UNKNOWN:
            self._refuse(row, f"{name} is {cell!r}; write {CODE_WORDS[name]}, or leave it blank")
        return CODES[name].get(cell, 0)

    def _refuse(self, row: int, what: str) -> None:
        self.faults.append(Fault(row, f"{what}. The row is kept, with blanks"))


def _doubts(name: str, cells: Sequence[str], values: Floats) -> Iterator[Fault]:
    most, unit = OTHER_UNIT[name]
    for row in np.flatnonzero((values > most) & (values <= LARGEST)).tolist():
        yield Fault(row, f"{name} is {cells[row]}; was it typed in {unit}?", name)
    for row in np.flatnonzero(values <= 0).tolist():
        yield Fault(row, f"{name} is {cells[row]}; it is taken as not measured", name)
