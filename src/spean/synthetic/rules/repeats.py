"""People recorded twice: whole households registered again, and people listed in two households.

What a second record gets wrong: names spelt otherwise, a birth date half known or slipped, no
number or a renewed one, another village. `person` stays who it truly is.
"""

from dataclasses import dataclass, fields

import numpy as np

from spean.synthetic.rules import names
from spean.synthetic.rules.families import CHILD, CHILD_IN_LAW, HEAD, LARGEST, OTHER_RELATIVE, Ints
from spean.synthetic.rules.people import NO_NUMBER, Bools, Dates, Homes, Nation, People, join

LEFT_OUT = 0.1  # of the members but the head, when their household is registered again
OTHER_VILLAGE, OTHER_PROVINCE = 0.5, 0.1
SAME_PHONE = 0.6
RENEWED_NUMBER = 0.1
NAMES_EXCHANGED = 0.03
MARRY_FROM, MARRY_UNTIL = 18, 34
OLDER_BY = 16  # a parent-in-law, at least
NEAR_BY = 400  # households
TRIES = 6
KHMER, LATIN = ("family_km", "given_km"), ("family_latin", "given_latin")


@dataclass(slots=True)
class Repeated:
    """Households and people with the second records among them."""

    homes: Homes
    people: People


def repeat(
    chance: np.random.Generator,
    nation: Nation,
    homes: Homes,
    people: People,
    elsewhere: Ints,
    spare: int,
) -> Repeated:
    """Add second records. `elsewhere` are villages of other provinces; `spare` an unused number.

    Households stand in the order of their villages, before and after.
    """
    known = nation.known
    wanted = known["repeats.persons_share"] * len(people.home)
    whole = wanted * known["repeats.whole_household_share"]
    again = _register_again(chance, homes, people, elsewhere, whole)
    married = wanted * known["repeats.married_out_share"]
    more = _list_elsewhere(chance, homes, people, married, wanted - whole - married)
    second = join(more, again.people)
    _slip(chance, second, spare, nation)
    both = Homes(
        *(np.concatenate([getattr(homes, f.name), getattr(again.homes, f.name)])
          for f in fields(Homes))
    )  # fmt: skip
    return _in_order(both, _without_alike(people, second))


def _in_order(homes: Homes, people: People) -> Repeated:
    """Put households into the order of their villages, with their members."""
    order = np.argsort(homes.village, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    people.home = place[people.home]
    return Repeated(homes.take(order), people.take(np.argsort(people.home, kind="stable")))


def _register_again(
    chance: np.random.Generator, homes: Homes, people: People, elsewhere: Ints, wanted: float
) -> Repeated:
    """Copy households, most of their members, in the same village, another or another province."""
    number = len(homes.group)
    per_home = 1 + (len(people.home) / max(number, 1) - 1) * (1 - LEFT_OUT)
    chosen = np.sort(chance.permutation(number)[: int(wanted / per_home + chance.random())])
    renamed = np.full(number, -1)
    renamed[chosen] = np.arange(len(chosen))
    kept = (chance.random(len(people.home)) >= LEFT_OUT) | (people.relation == HEAD)
    copied = people.take((renamed[people.home] >= 0) & kept)
    copied.home = number + renamed[copied.home]
    again = homes.take(chosen)
    moved = chance.random(len(chosen))
    again.village = np.where(
        moved < OTHER_VILLAGE, chance.permutation(homes.village)[: len(chosen)], again.village
    )
    if len(elsewhere):
        far = chance.choice(elsewhere, size=len(chosen))
        again.village = np.where(moved < OTHER_PROVINCE, far, again.village)
    again.phone = np.where(chance.random(len(chosen)) < SAME_PHONE, again.phone, NO_NUMBER)
    return Repeated(again, copied)


def _list_elsewhere(
    chance: np.random.Generator, homes: Homes, people: People, married: float, others: float
) -> People:
    """List people in a second household: the newly wed with their in-laws, others anywhere.

    Whom no household near by could have for a child-in-law is listed as a relative there.
    """
    number = len(homes.group)
    if number < 2:
        return people.take(slice(0, 0))
    young = (people.age >= MARRY_FROM) & (people.age <= MARRY_UNTIL) & (people.relation == CHILD)
    wed = chance.permutation(np.flatnonzero(young))[: int(married + chance.random())]
    rest = people.relation != HEAD
    rest[wed] = False
    wanted = int(married + others - len(wed) + chance.random())
    other = chance.permutation(np.flatnonzero(rest))[:wanted]
    copied = people.take(np.concatenate([wed, other]))
    in_laws, found = _in_laws(chance, people, wed, number)
    apart = chance.integers(1, number, len(other))
    copied.home = np.concatenate([in_laws, (people.home[other] + apart) % number])
    copied.relation = np.full(len(copied.home), OTHER_RELATIVE)
    copied.relation[: len(wed)][found] = CHILD_IN_LAW
    return copied


def _in_laws(
    chance: np.random.Generator, people: People, wed: Ints, number: int
) -> tuple[Ints, Bools]:
    """Give each another household near by, its head old enough if one is found in some tries."""
    head_age = people.age[people.relation == HEAD]
    home, found = people.home[wed], np.zeros(len(wed), dtype=bool)
    farthest = min(NEAR_BY, number - 1)
    for _ in range(TRIES):
        apart = chance.integers(1, farthest + 1, len(wed)) * chance.choice([-1, 1], len(wed))
        home = np.where(found, home, (people.home[wed] + apart) % number)
        found |= head_age[home] >= people.age[wed] + OLDER_BY
    return home, found


def _slip(chance: np.random.Generator, people: People, spare: int, nation: Nation) -> None:
    """Write the second records as another clerk might have."""
    number, known = len(people.home), nation.known
    listed, share = names.names(), known["repeats.misspelt_share"]
    for columns, script in ((KHMER, listed.khmer), (LATIN, listed.latin)):
        for column, odds in zip(columns, (share / 2, share), strict=True):
            right = getattr(people, column)
            wrong = script.misspell(chance, right)
            setattr(people, column, np.where(chance.random(number) < odds, wrong, right))
    exchanged = chance.random(number) < NAMES_EXCHANGED
    for family, given in (KHMER, LATIN):
        one, other = getattr(people, family), getattr(people, given)
        setattr(people, family, np.where(exchanged, other, one))
        setattr(people, given, np.where(exchanged, one, other))
    _slip_births(chance, people, nation)
    renewed = (chance.random(number) < RENEWED_NUMBER) & (people.national_id != NO_NUMBER)
    people.national_id = np.where(renewed, spare + np.arange(number), NO_NUMBER)
    people.certificate = np.full(number, NO_NUMBER)


def _slip_births(chance: np.random.Generator, people: People, nation: Nation) -> None:
    """Know only the year, exchange day and month, or miss the year by one; never to come."""
    kind = chance.random(len(people.birth)) / nation.known["repeats.birth_date_slip_share"]
    year, month = people.birth.astype("datetime64[Y]"), people.birth.astype("datetime64[M]")
    first_month = year.astype("datetime64[M]")
    day = (people.birth - month.astype("datetime64[D]")).astype(np.int64)
    other_way = (first_month + np.minimum(day, 11)).astype("datetime64[D]") + (
        month - first_month
    ).astype(np.int64)
    exchanged = (kind >= 0.4) & (kind < 0.7) & (day < 12) & ~people.year_only
    exchanged &= other_way <= np.datetime64(nation.on)
    people.birth = np.where(exchanged, other_way, people.birth)
    year_off = (kind >= 0.7) & (kind < 1) & (people.age > 1)
    people.birth = np.where(year_off, _year_earlier(people.birth), people.birth)
    only_year = kind < 0.4
    people.birth = np.where(only_year, year.astype("datetime64[D]"), people.birth)
    people.year_only = people.year_only | only_year


def _year_earlier(birth: Dates) -> Dates:
    """Give the same day a year before, and 28 February for the 29th."""
    month = birth.astype("datetime64[M]")
    day = birth - month.astype("datetime64[D]")
    last = (month - 11).astype("datetime64[D]") - np.timedelta64(1, "D")
    earlier: Dates = np.minimum((month - 12).astype("datetime64[D]") + day, last)
    return earlier


def _without_alike(people: People, second: People) -> People:
    """Add second records, but none that reads like another member of its household."""
    both = join(people, second)
    number = len(both.home)
    is_second = np.zeros(number, dtype=bool)
    is_second[_places_of_second(people, second)] = True
    at = np.flatnonzero(is_second)
    alike = np.zeros(len(at), dtype=bool)
    for apart in range(1, 2 * LARGEST):
        before = np.maximum(at - apart, 0)
        same = (before < at) & (both.home[at] == both.home[before])
        same &= (both.birth[at] == both.birth[before]) & (both.male[at] == both.male[before])
        same &= _same_name(both, at, before, KHMER) | _same_name(both, at, before, LATIN)
        alike |= same
    return both.take(np.delete(np.arange(number), at[alike]))


def _places_of_second(people: People, second: People) -> Ints:
    """Give where second records come to stand: after the others of their household."""
    ends = np.searchsorted(people.home, second.home, side="right")
    return ends + np.arange(len(second.home))


def _same_name(people: People, one: Ints, other: Ints, columns: tuple[str, str]) -> Bools:
    family, given = (getattr(people, column) for column in columns)
    alike: Bools = (family[one] == family[other]) & (given[one] == given[other])
    alike &= given[one] != 0
    return alike
