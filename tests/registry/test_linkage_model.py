"""The linkage model finds who is recorded twice, and says what each pair rests on."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from spean.registry.rules import linkage
from spean.registry.rules.import_columns import COLUMNS as IMPORTED
from spean.synthetic.rules import people, repeats, rows
from spean.synthetic.rules.people import Nation

ON = date(2026, 1, 1)
IMPORT_COLUMNS = tuple(column.name for column in IMPORTED)
SEED = 5
COLUMNS = (
    "person", "household", "village", "family_name_km", "given_name_km", "family_name_latin",
    "given_name_latin", "sex", "birth_date", "birth_date_precision", "relation", "phone",
    "national_id",
)  # fmt: skip
SOKHA = {
    "person": "1", "household": "a", "village": "16010101", "family_name_km": "សុខ",
    "given_name_km": "សុវណ្ណ", "family_name_latin": "Sok", "given_name_latin": "Sovann",
    "sex": "male", "birth_date": date(1984, 3, 7), "birth_date_precision": "exact",
    "relation": "head", "phone": "012345678", "national_id": "",
}  # fmt: skip


@pytest.fixture
def connection() -> Iterator[Any]:
    with duckdb.connect() as opened:
        opened.execute("SET threads = 2")
        yield opened


def draw(households: int) -> tuple[pa.Table, pa.Table]:
    """Draw the people of twelve villages in two districts, two in a hundred recorded twice."""
    chance, nation = np.random.default_rng(SEED), Nation(SEED, ON)
    codes = np.array([16_000_000 + d * 10_000 + c * 100 + v
                      for d in (1, 2) for c in (1, 2) for v in (1, 2, 3)])  # fmt: skip
    villages = {"rural": (codes, np.ones(len(codes), dtype=np.int64))}
    homes = people.draw_homes(chance, nation, villages, {("rural", "not_poor"): households})
    members = people.draw_people(chance, nation, homes, 0)
    elsewhere = np.empty(0, dtype=np.int64)
    both = repeats.repeat(chance, nation, homes, members, elsewhere, 500_000_000)
    return _records(both.homes, both.people)


def _records(homes: people.Homes, members: people.People) -> tuple[pa.Table, pa.Table]:
    keys = rows.household_keys("16", len(homes.group))
    read = pa.concat_tables(rows.household_rows(homes, members, keys, IMPORT_COLUMNS))
    person = pa.array([str(n) for n in range(read.num_rows)])
    phone = read.column("household_phone")
    named = {name: read.column(name) for name in COLUMNS[3:-2] if name != "birth_date"}
    records = pa.table(
        {"person": person, "household": read.column("household_key"),
         "village": read.column("village_code"), **named,
         "birth_date": read.column("birth_date").cast(pa.date32()), "phone": phone,
         "national_id": read.column("national_id")}
    )  # fmt: skip
    return records, pa.table({"person": person, "true_person": members.person})


def found(
    connection: Any, records: Sequence[dict[str, Any]], *, threshold: float = 0.0
) -> list[dict[str, Any]]:
    """Find pairs among a few records that stand in a small country, and give those of the few."""
    drawn, _ = draw(60)
    few = pa.Table.from_pylist([SOKHA | one for one in records], schema=drawn.schema)
    connection.register("people", pa.concat_tables([drawn.select(COLUMNS), few.select(COLUMNS)]))
    pairs = linkage.find_pairs(connection, "people", threshold=threshold).pairs
    rows = connection.sql(f"SELECT * FROM {pairs}").to_arrow_table().to_pylist()
    named = {one["person"] for one in records}
    return [row for row in rows if {row["first"], row["second"]} <= named]


def pair_of(connection: Any, **second: Any) -> dict[str, Any]:
    """Find the pair that Sovann makes with another record of him."""
    rows = found(connection, [{"person": "x"}, {"person": "y", "household": "b"} | second])
    (row,) = rows
    return row


def test_most_double_records_are_found_and_few_pairs_are_wrong(connection: Any) -> None:
    records, truth = draw(1500)
    connection.register("people", records)
    connection.register("truth", truth)

    pairs = linkage.find_pairs(connection, "people").pairs

    quality = linkage.quality(connection, pairs, "truth")
    assert quality.true > 80
    assert quality.precision >= 0.98
    assert quality.recall >= 0.9


def test_the_same_people_give_the_same_pairs(connection: Any) -> None:
    records, _ = draw(300)
    connection.register("people", records)
    query = "SELECT * FROM linkage_pairs ORDER BY first, second"

    linkage.find_pairs(connection, "people")
    once = connection.execute(query).fetchall()
    linkage.find_pairs(connection, "people")

    assert once
    assert connection.execute(query).fetchall() == once


def test_twice_the_people_give_less_than_thrice_the_candidates(connection: Any) -> None:
    candidates = []
    for households in (750, 1500):
        connection.register("people", draw(households)[0])
        candidates.append(linkage.find_pairs(connection, "people").candidates)

    assert 0 < candidates[1] < 3 * candidates[0]


@pytest.mark.parametrize(
    ("second", "given", "family"),
    [
        ({}, "same spelling", "same spelling"),
        ({"given_name_km": "", "family_name_km": ""}, "same spelling", "same spelling"),
        ({"given_name_latin": "Sovan"}, "same in one script", "same spelling"),
        ({"given_name_latin": "Sovan", "given_name_km": "សុវន្ន"}, "same sound", "same spelling"),
        (
            {"family_name_km": "សុវណ្ណ", "given_name_km": "សុខ",
             "family_name_latin": "Sovann", "given_name_latin": "Sok"},
            "exchanged with the family name", "exchanged with the given name",
        ),
        ({"family_name_km": "ជា", "family_name_latin": "Chea"}, "same spelling", "different"),
    ],
)  # fmt: skip
def test_names_land_on_their_level(
    connection: Any, second: dict[str, str], given: str, family: str
) -> None:
    row = pair_of(connection, **second)

    assert (row["given_name"], row["family_name"]) == (given, family)


def test_a_name_in_khmer_alone_meets_the_same_name_in_latin_letters_alone(connection: Any) -> None:
    khmer = {"person": "x", "family_name_latin": "", "given_name_latin": ""}
    latin = {"person": "y", "household": "b", "family_name_km": "", "given_name_km": ""}

    (row,) = found(connection, [khmer, latin])

    assert row["given_name"] in ("same sound", "same sound in one script")
    assert row["family_name"] in ("same sound", "same sound in one script")


@pytest.mark.parametrize(
    ("born", "precision", "level"),
    [
        (date(1984, 3, 7), "exact", "same day"),
        (date(1984, 7, 3), "exact", "day and month exchanged"),
        (date(1983, 3, 7), "exact", "a year off"),
        (date(1984, 1, 1), "year", "same year, the day not known"),
        (date(1984, 3, 1), "month", "same year, the day not known"),
        (date(1984, 3, 17), "exact", "one part differs"),
        (date(1986, 1, 1), "estimated", "about the same year"),
        (date(1990, 5, 30), "exact", "different"),
    ],
)
def test_dates_of_birth_land_on_their_level(
    connection: Any, born: date, precision: str, level: str
) -> None:
    row = pair_of(connection, birth_date=born, birth_date_precision=precision)

    assert row["birth"] == level


def test_two_different_numbers_count_against_a_pair(connection: Any) -> None:
    without = pair_of(connection, phone="")
    records = [
        {"person": "x", "national_id": "160000001"},
        {"person": "y", "national_id": "253333319", "household": "b", "phone": ""},
    ]

    (with_two,) = found(connection, records)

    assert with_two["national_id"] == "different"
    assert with_two["probability"] < without["probability"]


def test_a_household_registered_again_shows_in_its_other_members(connection: Any) -> None:
    wife = {"given_name_km": "ធីតា", "given_name_latin": "Thida", "sex": "female"}
    child = {"given_name_km": "បូរ៉ា", "given_name_latin": "Bora", "birth_date": date(2015, 5, 9)}
    records = [
        {"person": f"{home}{place}", "household": home, "village": village} | member
        for home, village in (("a", "16010101"), ("b", "16020203"))
        for place, member in enumerate(({}, wife, child))
    ]

    rows = found(connection, records, threshold=0.9)

    assert {(row["first"], row["second"]) for row in rows} == {
        ("a0", "b0"), ("a1", "b1"), ("a2", "b2")
    }  # fmt: skip
    assert {row["household"] for row in rows} == {"two or more shared members"}


def test_each_twin_is_paired_with_himself(connection: Any) -> None:
    twin = {"given_name_km": "សុវណ្ណា", "given_name_latin": "Sovanna"}
    records = [
        {"person": f"{home}{place}", "household": home} | member
        for home in ("a", "b")
        for place, member in enumerate(({}, twin))
    ]

    rows = found(connection, records)

    assert {(row["first"], row["second"]) for row in rows} == {("a0", "b0"), ("a1", "b1")}


def test_members_of_one_household_are_never_a_pair(connection: Any) -> None:
    assert found(connection, [{"person": "x"}, {"person": "y"}]) == []


def test_a_telephone_of_many_is_nobodys(connection: Any) -> None:
    crowd = [
        {"person": f"p{n}", "household": f"h{n}", "given_name_latin": "", "given_name_km": "",
         "family_name_km": "", "family_name_latin": "", "birth_date": None}
        for n in range(40)
    ]  # fmt: skip

    assert found(connection, crowd) == []


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_one_model_serves_both_engines(connection: Any, dialect: str) -> None:
    connection.register("people", draw(60)[0])
    measures = linkage.measure(connection, linkage.prepare(connection, "people"))

    model = linkage.settings(measures).get_settings(dialect)

    assert len(model.comparisons) == 6


def test_people_whose_birth_days_are_all_known_are_searched_too(connection: Any) -> None:
    connection.register("drawn", draw(60)[0])
    connection.execute("CREATE TABLE people AS FROM drawn")
    connection.execute("UPDATE people SET birth_date_precision = 'exact'")

    assert linkage.find_pairs(connection, "people").records > 0


def test_nobody_recorded_gives_no_pairs(connection: Any) -> None:
    connection.register("people", draw(60)[0].slice(0, 0))

    pairs = linkage.find_pairs(connection, "people")

    assert pairs.records == 0
    assert connection.execute(f"SELECT count(*) FROM {pairs.pairs}").fetchall() == [(0,)]
