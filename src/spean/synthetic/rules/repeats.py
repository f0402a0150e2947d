"""People recorded twice: whole households registered again, and people listed in two households.

What a second record gets wrong: names spelt otherwise, a birth date half known or slipped, no
number or a renewed one, another village. `person` stays who it truly is.
"""

from dataclasses import dataclass

import numpy as np

from spean.synthetic.rules import names
from spean.synthetic.rules.families import Ints
from spean.synthetic.rules.margins import Margins
from spean.synthetic.rules.people import Homes, People, Texts, join, national_ids

LEFT_OUT = 0.1  # of the members, when their household is registered again
OTHER_VILLAGE, OTHER_PROVINCE = 0.5, 0.1
SAME_PHONE = 0.6
RENEWED_NUMBER = 0.1
NAMES_EXCHANGED = 0.03


@dataclass(slots=True)
class Repeated:
    """Households and people with the second records among them."""

    homes: Homes
    people: People


def repeat(
    chance: np.random.Generator,
    homes: Homes,
    people: People,
    elsewhere: Texts,
    spare: int,
    known: Margins,
) -> Repeated:
    """Add second records. `elsewhere` are villages of the country; `spare` an unused number."""
    wanted = known["repeats.persons_share"] * len(people.home)
    whole = wanted * known["repeats.whole_household_share"]
    married = wanted * known["repeats.married_out_share"]
    again = _register_again(chance, homes, people, elsewhere, int(whole + chance.random()))
    more = _list_elsewhere(
        chance, homes, people, int(married + chance.random()),
        int(wanted - whole - married + chance.random()),
    )  # fmt: skip
    _slip(chance, again.people, spare, known)
    _slip(chance, more, spare + len(again.people.home), known)
    both = Homes(
        *(
            np.concatenate([getattr(homes, f), getattr(again.homes, f)])
            for f in ("group", "village", "phone", "family")
        )
    )
    return Repeated(both, join(join(people, more), again.people))


def _register_again(
    chance: np.random.Generator, homes: Homes, people: People, elsewhere: Texts, wanted: int
) -> Repeated:
    """Copy households, most of their members, in the same village, another or another province."""
    number = len(homes.group)
    per_home = len(people.home) / max(number, 1) * (1 - LEFT_OUT)
    chosen = np.sort(chance.permutation(number)[: round(wanted / max(per_home, 1))])
    renamed = np.full(number, -1)
    renamed[chosen] = np.arange(len(chosen))
    there = renamed[people.home] >= 0
    kept = there & ((chance.random(len(there)) >= LEFT_OUT) | (people.relation == "head"))
    copied = people.take(np.flatnonzero(kept))
    copied.home = number + renamed[copied.home]
    village = homes.village[chosen].copy()
    moved = chance.random(len(chosen))
    near = chance.permutation(homes.village)[: len(chosen)] if number else village
    village = np.where(moved < OTHER_VILLAGE, near, village)
    if len(elsewhere):
        far = chance.choice(elsewhere, size=len(chosen))
        village = np.where(moved < OTHER_PROVINCE, far, village)
    phone = np.where(chance.random(len(chosen)) < SAME_PHONE, homes.phone[chosen], "")
    return Repeated(Homes(homes.group[chosen], village, phone, homes.family[chosen]), copied)


def _list_elsewhere(
    chance: np.random.Generator, homes: Homes, people: People, married: int, others: int
) -> People:
    """List people again in another household: the young wed near by, others anywhere."""
    wed = np.flatnonzero((people.relation == "spouse") & (people.age < 35))
    wed = chance.permutation(wed)[:married]
    rest = np.setdiff1d(np.flatnonzero(people.relation != "head"), wed)
    other = chance.permutation(rest)[:others]
    copied = people.take(np.concatenate([wed, other]).astype(np.int64))
    number = len(homes.group)
    copied.home = np.concatenate(
        [_nearby(chance, homes, people.home[wed]), chance.integers(0, max(number, 1), len(other))]
    ).astype(np.int64)
    copied.relation = np.array(["child"] * len(wed) + ["other_relative"] * len(other), dtype=object)
    return copied


def _nearby(chance: np.random.Generator, homes: Homes, home: Ints) -> Ints:
    """Give another household near by: households stand in the order of their villages."""
    steps = chance.integers(1, 400, size=len(home)) * chance.choice([-1, 1], size=len(home))
    near: Ints = np.clip(home + steps, 0, max(len(homes.group) - 1, 0))
    return near


def _slip(chance: np.random.Generator, people: People, spare: int, known: Margins) -> None:
    """Write the second records as another clerk might have."""
    number = len(people.home)
    share = known["repeats.misspelt_share"]
    for column, khmer in (("family_km", True), ("given_km", True),
                          ("family_latin", False), ("given_latin", False)):  # fmt: skip
        texts = getattr(people, column)
        slipped = np.flatnonzero(
            chance.random(number) < (share if "given" in column else share / 2)
        )
        for place in slipped:
            if texts[place]:
                texts[place] = names.misspell(texts[place], khmer=khmer, chance=chance)
    swapped = np.flatnonzero(chance.random(number) < NAMES_EXCHANGED)
    for one, other in (("family_km", "given_km"), ("family_latin", "given_latin")):
        first, second = getattr(people, one), getattr(people, other)
        first[swapped], second[swapped] = second[swapped], first[swapped].copy()
    _slip_births(chance, people, known["repeats.birth_date_slip_share"])
    renewed = (chance.random(number) < RENEWED_NUMBER) & (people.national_id != "")
    people.national_id = np.where(renewed, national_ids(spare + np.arange(number)), "")
    people.certificate = np.full(number, "", dtype=object)


def _slip_births(chance: np.random.Generator, people: People, share: float) -> None:
    kind = chance.random(len(people.birth)) / share
    year = people.birth.astype("datetime64[Y]")
    month = people.birth.astype("datetime64[M]")
    day = (people.birth - month.astype("datetime64[D]")).astype(int)
    months = (month - year.astype("datetime64[M]")).astype(int)
    only_year = kind < 0.4
    exchanged = (kind >= 0.4) & (kind < 0.7) & (day < 12) & (people.precision == "exact")
    year_off = (kind >= 0.7) & (kind < 1) & (people.age > 1)
    other_way = (year.astype("datetime64[M]") + day).astype("datetime64[D]") + months
    people.birth = np.where(exchanged, other_way, people.birth)
    back = people.birth - np.timedelta64(365, "D")
    people.birth = np.where(year_off, back, people.birth)
    people.birth = np.where(only_year, year.astype("datetime64[D]"), people.birth)
    people.precision = np.where(only_year, "year", people.precision).astype(object)
