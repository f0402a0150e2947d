"""The households and people of one province, as a clerk would have typed them.

Arrays are aligned: `Homes` have one element a household, `People` one a member, `home` telling the
place of a member's household. Everything is a number until it is written (`rows.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from spean.synthetic.rules import families, names
from spean.synthetic.rules.families import (
    CHILD,
    GRANDCHILD,
    HEAD,
    SIBLING,
    Floats,
    Ints,
    Pool,
)
from spean.synthetic.rules.margins import GROUPS, margins

Bools = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]

NO_NUMBER = -1
FUNCTIONS = 6
KEEPS_NAME = 0.88
ONLY_KHMER, ONLY_LATIN = 0.06, 0.02
ASKED_FROM, ADULT = 5, 15
CANNOT = 0.2  # of those with a disability; the others have "a lot of difficulty"
SOME_DIFFICULTY = 3  # people with some difficulty for one with a disability
TWINS = 0.1  # of neighbouring children of one age
OLDEST = 120


@dataclass(slots=True)
class Homes:
    """Households: place of the group in GROUPS, village code, telephone, family of the pool."""

    group: Ints
    village: Ints
    phone: Ints
    family: Ints

    def take(self, places: Ints) -> "Homes":
        """Give the households at some places, in that order."""
        return Homes(*(getattr(self, field.name)[places] for field in fields(self)))


@dataclass(slots=True)
class People:
    """Members, those of one household together; `person` is who it truly is.

    Names are places in `names.names()`, numbers are serial or NO_NUMBER. `difficulty` is the worst
    answer on functioning (0: not asked), and `difficult_in` the function that it is given for.
    """

    home: Ints
    person: Ints
    relation: Ints
    family_km: Ints
    given_km: Ints
    family_latin: Ints
    given_latin: Ints
    male: Bools
    age: Ints
    birth: Dates
    year_only: Bools
    national_id: Ints
    certificate: Ints
    difficulty: Ints
    difficult_in: Ints
    pregnant: Bools

    def take(self, places: Any) -> "People":
        """Give the members at some places, in that order."""
        return People(*(getattr(self, field.name)[places] for field in fields(self)))


def join(one: People, other: People) -> People:
    """Put two lists of members together, those of one household beside each other."""
    joined = People(
        *(np.concatenate([getattr(one, f.name), getattr(other, f.name)]) for f in fields(People))
    )
    return joined.take(np.argsort(joined.home, kind="stable"))


class Nation:
    """What is the same for all provinces of one draw: families, their weights, odds by age."""

    def __init__(self, seed: int, on: date) -> None:
        self.on, self.known, self.pool = on, margins(), families.pool(seed)
        self.shares = families.weights(self.pool, self.known)
        self.youngest, self.oldest = _birth_bounds(on)
        ages = np.arange(OLDEST)
        everyone, poor = self._ages(GROUPS), self._ages(("poor_1", "poor_2"))
        unsure = np.interp(ages, [0, 20, 50, 90], [0.02, 0.08, 0.35, 0.7])
        self.year_only = unsure * self.known["habits.year_only_share"] / (unsure @ everyone)
        disabled = np.interp(ages, [0, 40, 60, 90], [0.008, 0.016, 0.05, 0.2])
        disabled[:ASKED_FROM] = 0
        self.disabled = disabled * self.known["poor.disabled_share"] / (disabled @ poor)

    def _ages(self, groups: tuple[str, ...]) -> Floats:
        """Give the share of each year of age among the people of some groups."""
        total = np.zeros(OLDEST)
        for one in (one for one in self.known.strata() if one.group in groups):
            if one.households:
                weight = self.shares[one.group] / families.WEIGHT_UNIT * one.households
                each = np.repeat(weight, self.pool.size)
                total += np.bincount(self.pool.age, weights=each, minlength=OLDEST)
        return np.asarray(total / total.sum())


def _birth_bounds(on: date) -> tuple[Dates, Dates]:
    """Give, for each age, the last and the first day on which somebody of that age was born."""
    days = [_years_before(on, years) for years in range(OLDEST + 1)]
    last = np.array(days[:-1], dtype="datetime64[D]")
    first = np.array([day + timedelta(days=1) for day in days[1:]], dtype="datetime64[D]")
    return last, first


def _years_before(on: date, years: int) -> date:
    """Give the same day years before, and 28 February where there was no 29th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def draw_homes(
    chance: np.random.Generator,
    nation: Nation,
    villages: Mapping[str, tuple[Ints, Ints]],
    numbers: Mapping[tuple[str, str], float],
) -> Homes:
    """Draw the households of a province: `numbers` by (kind of area, group), in its villages."""
    groups, codes, drawn = [np.empty(0, int)], [np.empty(0, int)], [np.empty(0, int)]
    for (area, group), wanted in numbers.items():
        number = int(wanted + chance.random())
        listed, weight = villages[area]
        drawn.append(families.choose(chance, nation.pool, nation.shares[group], number))
        codes.append(listed[families.spread(chance, weight, number)])
        groups.append(np.full(number, GROUPS.index(group)))
    village = np.concatenate(codes)
    order = np.argsort(village, kind="stable")
    number = len(order)
    has_phone = chance.random(number) < nation.known["habits.phone_share"]
    phone = np.where(has_phone, chance.integers(10_000_000, 100_000_000, number), NO_NUMBER)
    return Homes(np.concatenate(groups)[order], village[order], phone, np.concatenate(drawn)[order])


def draw_people(chance: np.random.Generator, nation: Nation, homes: Homes, first: int) -> People:
    """Draw the members of households; `first` is the number of the first of these people."""
    known, drawn = nation.known, nation.pool
    home, at = _members(drawn, homes)
    relation, age = drawn.relation[at].astype(np.int64), drawn.age[at].astype(np.int64)
    male = drawn.male[at]
    number = len(home)
    serial = first + np.arange(number)
    numbered = chance.random(number)
    has_id = (age >= ADULT) & (numbered < known["habits.national_id_share"])
    certified = (age < ADULT) & (numbered < known["habits.birth_certificate_share"])
    bearing = ~male & (age >= 17) & (age <= 44)
    birth, year_only = _births(chance, nation, home, relation, age)
    return People(
        home=home,
        person=serial,
        relation=relation,
        **_named(chance, home, relation, male),
        male=male,
        age=age,
        birth=birth,
        year_only=year_only,
        national_id=np.where(has_id, serial, NO_NUMBER),
        certificate=np.where(certified, serial, NO_NUMBER),
        difficulty=_difficulties(chance, age, nation.disabled),
        difficult_in=chance.integers(0, FUNCTIONS, number),
        pregnant=bearing & (chance.random(number) < known["habits.pregnant_share"]),
    )


def _members(drawn: Pool, homes: Homes) -> tuple[Ints, Ints]:
    """Give, for each member, the place of the household and the place in the pool."""
    size = drawn.size[homes.family]
    home = np.repeat(np.arange(len(size)), size)
    ends = np.cumsum(size)
    member = np.arange(size.sum()) - np.repeat(ends - size, size)
    return home, drawn.start[homes.family][home] + member


def _named(chance: np.random.Generator, home: Ints, relation: Ints, male: Bools) -> dict[str, Ints]:
    """Name the members: children mostly as the head; no two of a household have one given name."""
    number = len(home)
    family = names.draw_family(chance, number)
    inherits = np.isin(relation, (CHILD, GRANDCHILD, SIBLING))
    inherits &= chance.random(number) < KEEPS_NAME
    family = np.where(inherits, family[relation == HEAD][home], family)
    given = names.draw_given(chance, male)
    while len(again := _named_alike(home, given)):
        given[again] = names.draw_given(chance, male[again])
    script = chance.random(number)
    khmer, latin = script >= ONLY_LATIN, script < 1 - ONLY_KHMER
    return {
        "family_km": np.where(khmer, family, 0),
        "given_km": np.where(khmer, given, 0),
        "family_latin": np.where(latin, family, 0),
        "given_latin": np.where(latin, given, 0),
    }


def _named_alike(home: Ints, given: Ints) -> Ints:
    """Find who has the given name of somebody before them in the household."""
    alike = np.zeros(len(home), dtype=bool)
    for apart in range(1, families.LARGEST):
        alike[apart:] |= (home[apart:] == home[:-apart]) & (given[apart:] == given[:-apart])
    return np.flatnonzero(alike)


def _births(
    chance: np.random.Generator, nation: Nation, home: Ints, relation: Ints, age: Ints
) -> tuple[Dates, Bools]:
    """Give dates of birth, and of whom only the year is known: often of the old."""
    last, first = nation.youngest[age], nation.oldest[age]
    span = (last - first).astype(np.int64) + 1
    birth = first + (chance.random(len(age)) * span).astype("timedelta64[D]")
    year_only = chance.random(len(age)) < nation.year_only[age]
    twin = chance.random(len(age)) < TWINS
    twin[:1] = False
    before = np.arange(len(age)) - 1
    for same in (home, age, relation):
        twin &= same == same[before]
    twin &= relation == CHILD
    birth, year_only = (
        np.where(twin, birth[before], birth),
        np.where(twin, year_only[before], year_only),
    )
    return np.where(year_only, birth.astype("datetime64[Y]").astype(birth.dtype), birth), year_only


def _difficulties(chance: np.random.Generator, age: Ints, disabled: Floats) -> Ints:
    """Give the worst answer on functioning, 1 to 4, by age; 0 for small children, not asked."""
    odds, at = disabled[age], chance.random(len(age))
    levels = [at < odds * CANNOT, at < odds, at < odds * (1 + SOME_DIFFICULTY)]
    return np.where(age < ASKED_FROM, 0, np.select(levels, [4, 3, 2], 1))
