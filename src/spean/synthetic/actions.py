"""A synthetic country is drawn and written as files that the registry imports."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from spean.locations import queries as locations
from spean.registry import queries as registry
from spean.synthetic.rules import families, living, people, repeats
from spean.synthetic.rules.fit import Line, Tally
from spean.synthetic.rules.margins import AREAS, CAPITAL, GROUPS, Margins, margins
from spean.synthetic.rules.people import Homes, People, Texts
from spean.targeting import queries as targeting

VILLAGE_SPREAD = 0.5
Villages = dict[str, dict[str, tuple[Texts, families.Floats]]]


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
    And `areas.csv`, the kind of area of each commune. The same seed writes the same bytes,
    whatever the machine. Gives how the whole fits the published margins, scaled to the part drawn;
    nothing where no village lies in the area.
    """
    country = _Country(seed, on, area)
    folder.mkdir(parents=True, exist_ok=True)
    _write_areas(folder / "areas.csv", country.villages, area)
    tally, share = Tally(), 0.0
    for province in country.known.provinces:
        drawn = country.draw(province, scale)
        if drawn is None:
            continue
        tally.count(province, drawn.homes, drawn.people, country.urban)
        share += drawn.wanted / country.known["population.households"]
        _write(folder, province, drawn, country)
        say(f"{province}: {len(drawn.homes.group):,} households, {len(drawn.people.home):,} people,"
            f" {len(drawn.again.people.home) - len(drawn.people.home):,} twice")  # fmt: skip
    lines = tally.lines(country.known, share) if tally.counts else []
    _write_fit(folder / "fit.json", lines)
    return lines


@dataclass(slots=True)
class _Province:
    """One province as drawn: how many households were wanted; its people; with the repeats."""

    wanted: float
    homes: Homes
    people: People
    again: repeats.Repeated
    chance: np.random.Generator


class _Country:
    """What is the same for every province of one draw."""

    def __init__(self, seed: int, on: date, area: str) -> None:
        self.seed, self.on, self.area = seed, on, area
        self.known, self.pool = margins(), families.pool(seed)
        self.shares = families.weights(self.pool, self.known)
        self.villages, self.urban = _villages(on)
        self.card = targeting.scorecard(on=on)
        self.block = people.NUMBERS // len(self.known.provinces)

    def draw(self, province: str, scale: float) -> _Province | None:
        """Draw one province's part of the area; None where it has none."""
        inside = _inside(self.villages.get(province, {}), self.area)
        if not inside:
            return None
        chance = np.random.default_rng([self.seed, int(province), crc32(self.area.encode())])
        numbers = _numbers(self.known, province, inside, scale)
        villages = {kind: listed for kind, (listed, _) in inside.items()}
        homes = people.draw_homes(chance, villages, numbers, self.shares, self.pool, self.known)
        first = list(self.known.provinces).index(province) * self.block
        members = people.draw_people(chance, homes, self.pool, first, self.on, self.known)
        elsewhere = np.empty(0, dtype=object) if self.area else _all_codes(self.villages)
        again = repeats.repeat(
            chance, homes, members, elsewhere, first + self.block // 2, self.known
        )
        return _Province(sum(numbers.values()), homes, members, again, chance)


def _numbers(
    known: Margins,
    province: str,
    inside: Mapping[str, tuple[tuple[Texts, families.Floats], float]],
    scale: float,
) -> dict[tuple[str, str], float]:
    """Give how many households to draw by kind of area and group."""
    return {
        (one.area, one.group): one.households * inside[one.area][1] * scale
        for one in known.strata()
        if one.province == province and one.area in inside
    }


def _inside(
    villages: Mapping[str, tuple[Texts, families.Floats]], area: str
) -> dict[str, tuple[tuple[Texts, families.Floats], float]]:
    """Keep the villages of an area, with their share of the province's, by kind of area."""
    found = {}
    for kind, (codes, weight) in villages.items():
        kept = np.array([code.startswith(area) for code in codes], dtype=bool)
        if kept.any():
            found[kind] = ((codes[kept], weight[kept]), float(weight[kept].sum() / weight.sum()))
    return found


def _villages(on: date) -> tuple[Villages, frozenset[str]]:
    """Give each province's villages by kind of area, each with how many of its people live there.

    ASSUMED: which communes are urban (those first by a fixed shuffle, until the province's urban
    share is met) and how large each village is; no public list gives either.
    """
    shares = margins().urban_shares()
    found: Villages = {}
    urban: set[str] = set()
    listed = locations.places("village", on=on).values_list("code", flat=True)
    by_province: dict[str, list[str]] = {}
    for code in listed:
        by_province.setdefault(code[:2], []).append(code)
    for province, codes in by_province.items():
        weight = {code: _weight(code) for code in codes}
        wanted = shares[province] * sum(weight.values())
        towns = _towns(codes, weight, wanted)
        kinds = {"phnom_penh_urban" if province == CAPITAL else "other_urban": True, "rural": False}
        found[province] = {}
        for kind, in_town in kinds.items():
            chosen = [code for code in codes if (code[:6] in towns) == in_town]
            if chosen:
                found[province][kind] = (
                    np.array(chosen, dtype=object),
                    np.array([weight[code] for code in chosen]),
                )
        urban |= {code for code in codes if code[:6] in towns}
    return found, frozenset(urban)


def _towns(codes: Sequence[str], weight: Mapping[str, float], wanted: float) -> set[str]:
    communes = sorted({code[:6] for code in codes}, key=lambda c: crc32(f"town {c}".encode()))
    sizes = dict.fromkeys(communes, 0.0)
    for code in codes:
        sizes[code[:6]] += weight[code]
    towns, reached = set(), 0.0
    for commune in communes:
        if reached + sizes[commune] / 2 < wanted:
            towns.add(commune)
            reached += sizes[commune]
    return towns


def _weight(code: str) -> float:
    chance = np.random.default_rng(crc32(f"size {code}".encode()))
    return float(np.exp(chance.normal(0, VILLAGE_SPREAD)))


def _all_codes(villages: Villages) -> Texts:
    return np.concatenate([codes for kinds in villages.values() for codes, _ in kinds.values()])


def _write_areas(path: Path, villages: Villages, area: str) -> None:
    """Write the kind of area of each commune that has villages in the area."""
    kinds = {
        code[:6]: kind
        for by_kind in villages.values()
        for kind in AREAS
        if kind in by_kind
        for code in by_kind[kind][0]
        if code.startswith(area)
    }
    _write_rows(path, ("commune_code", "area_class"), sorted(kinds.items()))


def _write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_fit(path: Path, lines: Sequence[Line]) -> None:
    body = [asdict(line) | {"off": round(line.off, 6)} for line in lines]
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def _write(folder: Path, province: str, drawn: _Province, country: _Country) -> None:
    homes, members, chance = drawn.again.homes, drawn.again.people, drawn.chance
    number = len(homes.group)
    serial = np.char.zfill(np.arange(number).astype("U8"), 7)
    keys: Texts = np.char.add(f"{province}-", serial).astype(object)
    arrow_csv.write_csv(
        _import_rows(homes, members, keys, chance), folder / f"households-{province}.csv"
    )
    asked = chance.random(number) < country.known["habits.interviewed_share"]
    answers = living.draw_answers(chance, homes.group, members, country.card)
    interviews = pa.table({
        "household_key": keys[asked],
        "interviewed_on": living.interview_days(chance, number, country.on)[asked],
        "level": np.array(GROUPS, dtype=object)[homes.group][asked],
        **{code: answer[asked] for code, answer in answers.items()},
    })  # fmt: skip
    arrow_csv.write_csv(interviews, folder / f"interviews-{province}.csv")
    member = np.arange(len(members.home)) - np.searchsorted(members.home, members.home) + 1
    truth = {"household_key": keys[members.home], "member": member, "person": members.person}
    arrow_csv.write_csv(pa.table(truth), folder / f"truth-{province}.csv")


def _import_rows(
    homes: Homes, members: People, keys: Texts, chance: np.random.Generator
) -> pa.Table:
    """Give the rows in the registry's import format, every column of it."""
    number = len(members.home)
    asked = members.age >= people.ASKED_FROM
    which = chance.integers(0, len(people.FUNCTIONS), number)
    filled = {
        "household_key": keys[members.home],
        "village_code": homes.village[members.home],
        "household_phone": homes.phone[members.home],
        "relation": members.relation,
        "family_name_km": members.family_km,
        "given_name_km": members.given_km,
        "family_name_latin": members.family_latin,
        "given_name_latin": members.given_latin,
        "sex": np.where(members.male, "male", "female"),
        "birth_date": members.birth,
        "birth_date_precision": members.precision,
        "national_id": members.national_id,
        "birth_certificate": members.certificate,
        "pregnant": np.where(members.pregnant, "yes", "no"),
    }
    for place, function in enumerate(people.FUNCTIONS):
        answer = np.where(members.disabled & (which == place), "3", "1")
        filled[function] = np.where(asked, answer, "")
    empty = pa.repeat(pa.scalar(""), number)
    return pa.table({name: filled.get(name, empty) for name in registry.IMPORT_COLUMNS})
