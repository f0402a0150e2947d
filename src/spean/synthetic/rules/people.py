"""The households and people of one province, as a clerk would have typed them.

Arrays are aligned: `homes` have one element a household, `people` one a member, `home` telling the
place of a member's household. Codes of villages, keys and numbers are text.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from spean.synthetic.rules import names
from spean.synthetic.rules.families import (
    CHILD,
    GRANDCHILD,
    HEAD,
    RELATIONS,
    SIBLING,
    Floats,
    Ints,
    Pool,
    choose,
)
from spean.synthetic.rules.margins import GROUPS, Margins

Texts = npt.NDArray[np.object_]
Dates = npt.NDArray[np.datetime64]

FUNCTIONS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
FAMILY_STEEPNESS, GIVEN_STEEPNESS = 0.8, 0.6
KEEPS_NAME = 0.88
ONLY_KHMER, ONLY_LATIN = 0.06, 0.02
ASKED_FROM = 5
# A prime to the thousand million possible numbers: it scatters serial numbers without a repeat.
SCATTER, NUMBERS = 387_420_489, 1_000_000_000


@dataclass(slots=True)
class Homes:
    """Households: poverty group (place in GROUPS), village, telephone or "" for none."""

    group: Ints
    village: Texts
    phone: Texts
    family: Ints


@dataclass(slots=True)
class People:
    """Members, those of one household together; `person` is who it truly is."""

    home: Ints
    person: Ints
    relation: Texts
    family_km: Texts
    given_km: Texts
    family_latin: Texts
    given_latin: Texts
    male: npt.NDArray[np.bool_]
    age: Ints
    birth: Dates
    precision: Texts
    national_id: Texts
    certificate: Texts
    disabled: npt.NDArray[np.bool_]
    pregnant: npt.NDArray[np.bool_]

    def take(self, places: Ints) -> "People":
        """Give the members at some places, in that order."""
        return People(*(getattr(self, field.name)[places] for field in fields(self)))


def join(one: People, other: People) -> People:
    """Put two lists of members together, those of one household beside each other."""
    joined = People(
        *(np.concatenate([getattr(one, f.name), getattr(other, f.name)]) for f in fields(People))
    )
    return joined.take(np.argsort(joined.home, kind="stable"))


def draw_homes(
    chance: np.random.Generator,
    villages: dict[str, tuple[Texts, Floats]],
    numbers: dict[tuple[str, str], float],
    shares: dict[str, Floats],
    drawn: Pool,
    known: Margins,
) -> Homes:
    """Draw the households of a province: `numbers` by (kind of area, group), in its villages."""
    groups, codes, families = [], [], []
    for (area, group), wanted in numbers.items():
        number = int(wanted + chance.random())
        if area not in villages or not number:
            continue
        listed, weight = villages[area]
        families.append(choose(chance, drawn, shares[group], number))
        codes.append(chance.choice(listed, size=number, p=weight / weight.sum()))
        groups.append(np.full(number, GROUPS.index(group)))
    if not groups:
        empty = np.empty(0, dtype=np.int64)
        return Homes(empty, empty.astype(object), empty.astype(object), empty)
    village = np.concatenate(codes)
    order = np.argsort(village.astype(str), kind="stable")
    number = len(order)
    phone = np.where(
        chance.random(number) < known["habits.phone_share"], _phones(chance, number), ""
    )
    return Homes(
        np.concatenate(groups)[order], village[order], phone, np.concatenate(families)[order]
    )


def _phones(chance: np.random.Generator, number: int) -> Texts:
    digits = chance.integers(10_000_000, 99_999_999, size=number)
    return np.char.add("0", digits.astype("U8")).astype(object)


def draw_people(
    chance: np.random.Generator, homes: Homes, drawn: Pool, first: int, on: date, known: Margins
) -> People:
    """Draw the members of households; `first` is the number of the first of these people."""
    size = drawn.size[homes.family]
    home = np.repeat(np.arange(len(size)), size)
    ends = np.cumsum(size)
    member = np.arange(size.sum()) - np.repeat(ends - size, size)
    at = drawn.start[homes.family][home] + member
    relation, age, male = drawn.relation[at], drawn.age[at].astype(np.int64), drawn.male[at]
    number = len(home)
    birth, precision = _births(chance, age, on, known)
    serial = first + np.arange(number)
    adult = age >= 15
    women = ~male & (age >= 17) & (age <= 44)
    return People(
        home=home,
        person=serial,
        relation=np.array(RELATIONS, dtype=object)[relation],
        **_named(chance, home, relation, male),
        male=male,
        age=age,
        birth=birth,
        precision=precision,
        national_id=_some(chance, national_ids(serial), known["habits.national_id_share"], adult),
        certificate=_some(
            chance, _certificates(serial), known["habits.birth_certificate_share"], ~adult
        ),
        disabled=chance.random(number) < np.interp(age, [0, 40, 60, 90], [0.008, 0.016, 0.05, 0.2]),
        pregnant=women & (chance.random(number) < known["habits.pregnant_share"]),
    )


def _named(
    chance: np.random.Generator, home: Ints, relation: npt.NDArray[np.int8], male: Any
) -> dict[str, Texts]:
    """Name the members: children mostly as the head of the household, each given name by sex."""
    number = len(home)
    family = names.draw(chance, names.family_names(), number, FAMILY_STEEPNESS)
    heads = family[relation == HEAD][home]
    inherits = np.isin(relation, (CHILD, GRANDCHILD, SIBLING)) & (
        chance.random(number) < KEEPS_NAME
    )
    family = np.where(inherits, heads, family)
    half = len(names.given_names()[0]) // 2
    part = (names.given_names()[0][:half], names.given_names()[1][:half])
    given = 2 * names.draw(chance, part, number, GIVEN_STEEPNESS) + male
    script = chance.random(number)
    khmer, latin = script >= ONLY_LATIN, script < 1 - ONLY_KHMER
    return {
        "family_km": np.where(khmer, names.family_names()[0][family], ""),
        "given_km": np.where(khmer, names.given_names()[0][given], ""),
        "family_latin": np.where(latin, names.family_names()[1][family], ""),
        "given_latin": np.where(latin, names.given_names()[1][given], ""),
    }


def _births(
    chance: np.random.Generator, age: Ints, on: date, known: Margins
) -> tuple[Dates, Texts]:
    """Give dates of birth, and how well each is known: of the old, often only the year."""
    number = len(age)
    days = (age * 365.2425 + chance.random(number) * 364.9).astype(np.int64) + 1
    birth = np.datetime64(on) - days.astype("timedelta64[D]")
    odds = np.interp(age, [0, 20, 50, 90], [0.02, 0.08, 0.35, 0.7])
    share = known["habits.year_only_share"]
    only_year = (
        chance.random(number) < odds * share / max(odds.mean(), 1e-9) if number else odds > 1
    )
    birth = np.where(only_year, birth.astype("datetime64[Y]").astype("datetime64[D]"), birth)
    return birth, np.where(only_year, "year", "exact").astype(object)


def national_ids(serial: Ints) -> Texts:
    """Give a nine-digit number for each serial number: as many numbers, none twice."""
    return np.char.zfill((serial * SCATTER % NUMBERS).astype("U9"), 9).astype(object)


def _certificates(serial: Ints) -> Texts:
    book, page = serial // 500, serial % 500
    return np.char.add(np.char.add(book.astype("U9"), "/"), page.astype("U9")).astype(object)


def _some(chance: np.random.Generator, texts: Texts, share: float, where: Any) -> Texts:
    return np.where(where & (chance.random(len(texts)) < share), texts, "")
