"""The rules by which people are invented, each on its own."""

from datetime import date, timedelta

import numpy as np
import pytest

from spean.kernel.periods import age_on
from spean.registry.rules.identifiers import check
from spean.registry.rules.names import check_khmer_name, check_latin_name
from spean.synthetic.rules import families, names, people, places, repeats, rows
from spean.synthetic.rules.margins import margins
from tests.synthetic.conftest import TODAY


@pytest.fixture(scope="module")
def nation() -> people.Nation:
    return people.Nation(1, TODAY)


def _draw(
    nation: people.Nation, homes: float, seed: int
) -> tuple[np.random.Generator, people.Homes, people.People]:
    chance = np.random.default_rng(seed)
    villages = {"rural": (np.array([16010101, 16010102]), np.array([2, 1]))}
    drawn = people.draw_homes(chance, nation, villages, {("rural", "not_poor"): homes})
    return chance, drawn, people.draw_people(chance, nation, drawn, 1000)


def test_every_spelling_is_a_valid_name() -> None:
    listed = names.names()

    for text in listed.khmer.texts.to_pylist():
        assert check_khmer_name(text) == text
    for text in listed.latin.texts.to_pylist():
        assert check_latin_name(text) == text


def test_a_misspelt_name_is_another_one_and_no_name_stays_none() -> None:
    script = names.names().khmer
    name = np.arange(len(script.count))

    slipped = script.misspell(np.random.default_rng(1), name)

    assert slipped[0] == 0
    assert (slipped != name).mean() > 0.9
    texts = np.array(script.texts.to_pylist(), dtype=object)
    assert ((texts[slipped] == texts[name]) == (slipped == name)).all()


def test_names_given_to_one_sex_are_not_given_to_the_other() -> None:
    listed = names.names()
    of_men = {listed.khmer.texts[int(place)].as_py() for place in listed.of_men}
    of_women = {listed.khmer.texts[int(place)].as_py() for place in listed.of_women}

    assert "បុប្ផា" in of_women - of_men
    assert "រិទ្ធ" in of_men - of_women
    assert "វណ្ណា" in of_men & of_women


@pytest.mark.parametrize("on", [TODAY, date(2024, 2, 29), date(2025, 3, 1), date(2026, 1, 1)])
def test_the_bounds_of_a_birth_are_those_of_the_age(on: date) -> None:
    last, first = people._birth_bounds(on)

    for age in range(people.OLDEST):
        youngest, oldest = last[age].item(), first[age].item()
        assert age_on(oldest, on) == age
        assert age_on(youngest, on) == age
        assert age == 0 or age_on(youngest + timedelta(days=1), on) == age - 1
        assert age_on(oldest - timedelta(days=1), on) == age + 1


def test_ages_are_those_of_the_birth_dates(nation: people.Nation) -> None:
    _, _, drawn = _draw(nation, 2000, 1)

    for birth, age, year_only in zip(drawn.birth, drawn.age, drawn.year_only, strict=True):
        recorded = age_on(birth.item(), TODAY)
        assert recorded in (age, age + 1) if year_only else recorded == age


def test_there_are_twins_and_they_have_different_names(nation: people.Nation) -> None:
    _, _, drawn = _draw(nation, 5000, 1)
    same = (drawn.home[1:] == drawn.home[:-1]) & (drawn.birth[1:] == drawn.birth[:-1])
    twins = same & ~drawn.year_only[1:] & (drawn.relation[1:] == families.CHILD)

    assert twins.sum() > 10
    alike = (drawn.given_km[1:] == drawn.given_km[:-1]) & (drawn.given_km[1:] > 0)
    assert not (twins & alike).any()


def test_the_pregnant_are_women_of_an_age_to_be(nation: people.Nation) -> None:
    _, _, drawn = _draw(nation, 2000, 1)

    assert drawn.pregnant.sum() > 20
    assert not drawn.male[drawn.pregnant].any()
    assert drawn.age[drawn.pregnant].min() >= 17


def test_people_are_asked_about_functioning_from_five_on(nation: people.Nation) -> None:
    _, _, drawn = _draw(nation, 2000, 1)

    assert ((drawn.difficulty == 0) == (drawn.age < people.ASKED_FROM)).all()
    assert set(drawn.difficulty.tolist()) == {0, 1, 2, 3, 4}


def test_numbers_are_valid_and_none_twice_from_end_to_end() -> None:
    serial = np.concatenate([np.arange(1000), np.arange(rows.NUMBERS - 1000, rows.NUMBERS)])

    ids, certificates = rows.national_ids(serial), rows.certificates(serial)

    for kind, numbers in (("national_id", ids), ("birth_certificate", certificates)):
        listed = numbers.to_pylist()
        assert len(set(listed)) == 2000
        assert [check(kind, number) for number in listed] == listed
    assert rows.national_ids(np.array([people.NO_NUMBER])).to_pylist() == [""]


def test_even_of_few_households_the_second_records_are_right_in_expectation(
    nation: people.Nation,
) -> None:
    first, more = 0, 0
    for seed in range(400):
        chance, homes, drawn = _draw(nation, 12.5, seed)
        again = repeats.repeat(chance, nation, homes, drawn, np.empty(0, dtype=np.int64), 10**6)
        first += len(drawn.home)
        more += len(again.people.home) - len(drawn.home)

    wanted = margins()["repeats.persons_share"]
    assert more / first == pytest.approx(wanted, abs=4 * (wanted * 4 / first) ** 0.5)


def test_the_births_of_second_records_are_never_to_come(nation: people.Nation) -> None:
    chance, homes, drawn = _draw(nation, 20_000, 3)
    drawn.age[:] = 0
    drawn.birth[:] = np.datetime64("2026-09-12")
    drawn.year_only[:] = False

    again = repeats.repeat(chance, nation, homes, drawn, np.empty(0, dtype=np.int64), 10**6)

    assert again.people.birth.max() <= np.datetime64(TODAY)
    assert (again.people.birth != np.datetime64("2026-09-12")).any()


def test_a_year_earlier_is_the_same_day_but_for_the_29th_of_february() -> None:
    births = np.array(["2024-02-29", "2025-03-01", "2025-01-01", "2024-12-31"], "datetime64[D]")

    assert repeats._year_earlier(births).astype(str).tolist() == [
        "2023-02-28", "2024-03-01", "2024-01-01", "2023-12-31"
    ]  # fmt: skip


def test_one_household_alone_and_none_at_all_can_be_drawn(nation: people.Nation) -> None:
    for homes in (0, 1):
        chance, drawn, members = _draw(nation, homes, 1)
        again = repeats.repeat(chance, nation, drawn, members, np.empty(0, dtype=np.int64), 10**6)
        assert len(again.homes.group) >= len(drawn.group) == homes


def test_who_moved_to_in_laws_has_a_head_old_enough_there(nation: people.Nation) -> None:
    chance, homes, drawn = _draw(nation, 5000, 2)
    again = repeats.repeat(chance, nation, homes, drawn, np.empty(0, dtype=np.int64), 10**6)
    got = again.people
    heads = got.age[got.relation == families.HEAD]
    twice = np.isin(got.person, drawn.person[drawn.relation == families.CHILD])
    moved = twice & (got.relation == families.CHILD_IN_LAW)

    assert moved.sum() > 50
    assert (heads[got.home[moved]] >= got.age[moved] + repeats.OLDER_BY).all()


def test_towns_make_up_the_urban_share_of_a_province() -> None:
    communes = [f"16{district:02d}{n:02d}" for district in range(1, 6) for n in range(1, 9)]
    codes = [f"{commune}{n:02d}" for commune in communes for n in range(1, 7)]
    by_kind = places.divide(codes, margins())["16"]

    urban, rural = by_kind["other_urban"], by_kind["rural"]
    assert len(urban[0]) + len(rural[0]) == len(codes)
    share = urban[1].sum() / (urban[1].sum() + rural[1].sum())
    assert share == pytest.approx(margins().urban_shares()["16"], abs=0.03)


def test_systematic_draws_give_each_its_share_to_within_one() -> None:
    weight = np.array([5, 0, 3, 2])

    drawn = families.spread(np.random.default_rng(1), weight, 1000)

    counts = np.bincount(drawn, minlength=4)
    assert np.abs(counts - weight * 100).max() <= 1
    assert counts[1] == 0
