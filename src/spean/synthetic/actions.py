"""A synthetic country is drawn and written as files that the registry imports."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from spean.kernel import access
from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.synthetic.rules import living, people, places, repeats, rows
from spean.synthetic.rules.families import Ints
from spean.synthetic.rules.fit import Line, Tally
from spean.synthetic.rules.margins import AREAS, Margins
from spean.synthetic.rules.people import Homes, Nation, People
from spean.targeting import queries as targeting

AT_ONCE = 2  # provinces; which are drawn together doesn't change what is drawn
FILES = ("households-*.csv", "interviews-*.csv", "truth-*.csv")
Inside = dict[str, tuple[Ints, Ints, float]]


def generate(
    *,
    folder: Path,
    scale: float,
    seed: int,
    on: date,
    area: str = "",
    say: Callable[[str], None] = lambda text: None,
) -> list[Line]:
    """Draw the part `scale` (0 to 1) of an area ("" for the country) and write it to a folder.

    For each province three CSV files: `households-NN.csv` in the registry's import format,
    `interviews-NN.csv` with answers and levels, `truth-NN.csv` telling which rows are one person.
    And `areas.csv`, the kind of area of each commune, and `fit.json`. Files of an earlier draw in
    the folder are removed. The same seed writes the same bytes, whatever the machine. Gives how it
    fits the published margins. Where no village lies in the area, gives and writes nothing.
    """
    country = _Country(seed, on, area)
    parts = country.parts()
    if not parts:
        return []
    _empty(folder)
    _write_areas(folder / "areas.csv", parts)
    tally = _make_all(folder, country, parts, scale, say)
    lines = tally.lines()
    _write_fit(folder / "fit.json", lines)
    return lines


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in (path for pattern in FILES for path in folder.glob(pattern)):
        old.unlink()


@dataclass(frozen=True, slots=True)
class _Province:
    """What became of one province."""

    households: int
    persons: int
    twice: int
    tally: Tally

    def told(self, province: str) -> str:
        """Say it in a line."""
        return (f"{province}: {self.households:,} households, {self.persons:,} people,"
                f" {self.twice:,} twice")  # fmt: skip


class _Country:
    """What is the same for every province of one draw."""

    def __init__(self, seed: int, on: date, area: str) -> None:
        self.seed, self.on, self.area = seed, on, area
        self.nation = Nation(seed, on)
        codes = locations.places("village", on=on).values_list("code", flat=True)
        self.villages = places.divide(codes, self.nation.known)
        self.card = targeting.scorecard(on=on)
        self.block = rows.NUMBERS // len(self.nation.known.provinces)

    def parts(self) -> dict[str, Inside]:
        """Give the villages of the area by province, those with any."""
        if not re.fullmatch(access.AREA, self.area):
            return {}
        found = {
            province: places.inside(by_kind, self.area)
            for province, by_kind in self.villages.items()
            if self.area.startswith(province) or not self.area
        }
        return {province: inside for province, inside in found.items() if inside}

    def elsewhere(self, province: str) -> Ints:
        """Give the villages of the other provinces, where all of them are drawn."""
        found = [
            codes
            for other, by_kind in self.villages.items()
            for codes, _ in by_kind.values()
            if other != province and not self.area
        ]
        return np.concatenate([np.empty(0, dtype=np.int64), *found])

    def chance(self, province: str) -> np.random.Generator:
        """Give a province's own source of chance."""
        return np.random.default_rng([self.seed, int(province), crc32(self.area.encode())])

    def first_person(self, province: str) -> int:
        """Give the first of a province's block of serial numbers."""
        return list(self.nation.known.provinces).index(province) * self.block


def _make_all(
    folder: Path,
    country: _Country,
    parts: Mapping[str, Inside],
    scale: float,
    say: Callable[[str], None],
) -> Tally:
    """Draw and write the provinces, some at once, the largest first; give their counts together."""

    def make(province: str) -> _Province:
        return _make(folder, province, parts[province], country, scale)

    tally = Tally()
    order = sorted(parts, key=lambda code: -country.nation.known.provinces[code])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for province, done in zip(order, pool.map(make, order), strict=True):
            tally.add(done.tally)
            say(done.told(province))
    return tally


def _make(
    folder: Path, province: str, inside: Inside, country: _Country, scale: float
) -> _Province:
    """Draw one province's part of the area, count it, and write its files."""
    chance, nation = country.chance(province), country.nation
    numbers = _numbers(nation.known, province, inside, scale)
    villages = {kind: (codes, weight) for kind, (codes, weight, _) in inside.items()}
    homes = people.draw_homes(chance, nation, villages, numbers)
    first = country.first_person(province)
    members = people.draw_people(chance, nation, homes, first)
    towns = np.concatenate(
        [np.empty(0), *(c for kind, (c, _) in villages.items() if kind != "rural")]
    )
    tally = Tally()
    tally.expect(province, numbers, nation.known)
    tally.count(province, homes, members, towns)
    counted = len(homes.group), len(members.home)
    again = repeats.repeat(
        chance, nation, homes, members, country.elsewhere(province), first + country.block // 2
    )
    del homes, members
    _write(folder, province, again.homes, again.people, country, chance)
    return _Province(*counted, len(again.people.home) - counted[1], tally)


def _numbers(
    known: Margins, province: str, inside: Inside, scale: float
) -> dict[tuple[str, str], float]:
    """Give how many households to draw by kind of area and group."""
    return {
        (one.area, one.group): one.households * inside[one.area][2] * scale
        for one in known.strata()
        if one.province == province and one.area in inside
    }


def _write(
    folder: Path,
    province: str,
    homes: Homes,
    members: People,
    country: _Country,
    chance: np.random.Generator,
) -> None:
    number = len(homes.group)
    keys = rows.household_keys(province, number)
    blocks = rows.household_rows(homes, members, keys, registry.IMPORT_COLUMNS)
    _write_blocks(folder / f"households-{province}.csv", blocks)
    _write_blocks(folder / f"truth-{province}.csv", rows.truth_rows(members, keys))
    asked = chance.random(number) < country.nation.known["habits.interviewed_share"]
    answers = living.draw_answers(chance, homes.group, members, country.card)
    days = living.interview_days(chance, number, country.on)
    table = rows.interview_rows(keys, days, homes.group, answers, country.card, asked)
    _write_blocks(folder / f"interviews-{province}.csv", [table])


def _write_blocks(path: Path, blocks: Iterable[pa.Table]) -> None:
    writer = None
    try:
        for block in blocks:
            writer = writer or arrow_csv.CSVWriter(path, block.schema)
            writer.write_table(block)
    finally:
        if writer is not None:
            writer.close()


def _write_areas(path: Path, parts: Mapping[str, Inside]) -> None:
    """Write the kind of area of each commune that has villages in the area."""
    kinds = {
        f"{code // 100:06d}": kind
        for inside in parts.values()
        for kind in AREAS
        if kind in inside
        for code in inside[kind][0].tolist()
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("commune_code", "area_class"), *sorted(kinds.items())])


def _write_fit(path: Path, lines: Sequence[Line]) -> None:
    body = [asdict(line) | {"off": round(line.off, 6)} for line in lines]
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
