"""What a family is owed is the same on every engine, and the same as by one slow, obvious rule."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.kernel.periods import age_on
from spean.kernel.policy import policy
from spean.programmes.actions import determine
from spean.programmes.queries import Terms, compiled, determine_one, side_by_side, terms
from spean.programmes.queries.household import ARROW
from spean.registry.rules.facts import MemberFacts, household_facts
from tests.snapshots import write_snapshot

HIT = ("1601", "17")
DAYS = [date(2020, 7, 1), date(2023, 1, 15), date(2024, 2, 29), date(2026, 11, 1)]
Family = tuple[dict[str, Any], list[dict[str, Any]]]
Scale = Sequence[tuple[int, int]]

homes = st.fixed_dictionaries({
    "village": st.sampled_from(["16010101", "16020101", "17010101", "12010101"]),
    "area_class": st.sampled_from(["phnom_penh_urban", "other_urban", "rural", None]),
    "status": st.sampled_from(["poor_1", "poor_2", "at_risk", None]),
})  # fmt: skip
births = st.one_of(
    st.dates(date(1930, 1, 1), date(2020, 6, 30)),
    st.sampled_from([date(1963, 1, 15), date(1963, 1, 16), date(2017, 1, 15), date(2016, 2, 29),
                     date(1964, 2, 29), date(2018, 2, 28), date(2018, 3, 1)]),
)  # fmt: skip
members = st.fixed_dictionaries({
    "sex": st.sampled_from(["female", "male"]), "birth_date": births,
    "relation": st.just("child"), "disabled": st.booleans(), "pregnant": st.booleans(),
})  # fmt: skip
families = st.tuples(homes, st.lists(members, min_size=1, max_size=6))


def _numbered(listed: Sequence[Family]) -> list[Family]:
    return [
        (
            home | {"household": n},
            [m | {"household": n, "relation": "child" if k else "head"}
             for k, m in enumerate(people)],
        )
        for n, (home, people) in enumerate(listed, start=1)
    ]  # fmt: skip


def _reference(family: Family, on: date) -> dict[str, int | None]:
    """Work out each programme's amount as its text says it, one family at a time."""
    home, people = family
    ages = [age_on(m["birth_date"], on) for m in people]
    vulnerable = sum(
        age <= 5 or age >= 60 or m["disabled"] for age, m in zip(ages, people, strict=True)
    )
    poor = home["status"] in ("poor_1", "poor_2")
    owed: dict[str, int | None] = {}
    if date(2020, 6, 25) <= on < date(2024, 4, 1):
        rates = policy.table("programmes.covid_cash_transfer.rates", on=on).rows
        row = rates.get(f"{home['area_class']}_{home['status']}")
        owed["covid_cash_transfer"] = row and int(
            row["household"] + row["member"] * len(people) + row["vulnerable"] * vulnerable
        )
    struck = home["status"] and home["area_class"] and home["village"].startswith(HIT)
    in_a_shock = 80_000 + 16_000 * len(people) + 16_000 * vulnerable if struck else None
    if date(2022, 12, 1) <= on < date(2023, 3, 1):
        owed["flood_cash_transfer"] = in_a_shock
    if on >= date(2024, 4, 1):
        owed["shock_top_up"] = in_a_shock
    if date(2022, 12, 10) <= on < date(2023, 8, 1):
        base = {"phnom_penh_urban": (99_900, 28_000), "other_urban": (87_300, 24_000),
                "rural": (81_300, 20_000)}.get(home["area_class"])  # fmt: skip
        owed["inflation_cash_transfer"] = (
            base[0] + base[1] * (len(people) - 1) if base and home["status"] == "at_risk" else None
        )
    if on >= date(2019, 6, 1):
        pregnant, infants = sum(m["pregnant"] for m in people), sum(0 <= age < 2 for age in ages)
        visit, birth = (80_000, 400_000) if on >= date(2023, 8, 1) else (40_000, 200_000)
        before, after = visit * 4 // 9 + birth // 9, visit * 10 // 24
        owed["maternal_grant"] = (
            before * pregnant + after * infants if poor and (pregnant or infants) else None
        )
        disabled = sum(m["disabled"] for m in people)
        owed["disability_allowance"] = 20_000 * disabled if poor and disabled else None
    if on >= date(2024, 4, 1):
        old = sum(age >= 60 for age in ages)
        owed["elderly_allowance"] = 20_000 * old if poor and old else None
        stages = ((6, 11, 20_000), (12, 14, 20_000), (15, 17, 30_000))
        pupils = [each for age in ages for first, last, each in stages if first <= age <= last]
        part = {"poor_1": 10_000, "poor_2": 10_000, "at_risk": 20_000}.get(home["status"], 0)
        more = part * (sum(m["disabled"] for m in people) + old)
        owed["shock_expansion"] = more or None if home["village"].startswith(HIT) else None
        school = sum(each * 10 // 12 for each in pupils)
        owed["scholarship"] = school if poor and pupils else None
    return owed


FOOD = ((60, 90), (12, 100), (6, 85), (2, 65), (0, 50))
OTHER = ((60, 120), (18, 100), (6, 130), (2, 80), (0, 140))
BASKETS = {
    "phnom_penh_urban": (330_000, 110_200, 90_000),
    "other_urban": (220_000, 110_200, 75_000),
    "rural": (150_000, 106_500, 60_000),
}


def _least(
    family: Family, on: date, baskets: Mapping[str, Sequence[int]] = BASKETS,
    food_needs: Scale = FOOD, other_needs: Scale = OTHER,
) -> int | None:  # fmt: skip
    """Add up what a family must at least spend in a month, member by member."""
    home, people = family
    if home["area_class"] is None:
        return None
    shelter, food, other = baskets[home["area_class"]]
    ages = [age_on(m["birth_date"], on) for m in people]

    def percents(scale: Scale) -> int:
        return sum(next((p for start, p in scale if age >= start), scale[-1][1]) for age in ages)

    each = (food * percents(food_needs) + other * percents(other_needs)) // 100
    return (shelter + each) // 100 * 100


def _amounts(row: dict[str, Any]) -> dict[str, int | None]:
    return {
        name.removesuffix("_amount"): amount
        for name, amount in row.items()
        if name.endswith("_amount")
    }


def _on_postgresql(listed: Sequence[Family], held: Terms) -> list[dict[str, Any]]:
    types = {"int32": "int", "string": "text", "date": "date", "boolean": "bool"}
    tables = {"households": [home for home, _ in listed],
              "people": [one for _, people in listed for one in people]}  # fmt: skip
    with connection.cursor() as cursor:
        for name, rows in tables.items():
            columns = held.reads[name]
            typed = ", ".join(f'"{c}" {types[kind]}' for c, kind in columns.items())
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            cursor.execute(f"CREATE TEMP TABLE {name} ({typed})")
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {name} VALUES ({marks})",
                [[row.get(column) for column in columns] for row in rows],
            )
        cursor.execute(f"SELECT * FROM ({compiled(held, 'postgres')}) x ORDER BY household")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(families, min_size=1, max_size=12), st.sampled_from(DAYS))
def test_the_nation_agrees_with_the_reference(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Family], on: date
) -> None:
    numbered = _numbered(listed)
    folder = tmp_path_factory.mktemp("snapshot")
    people = [one | numbered[one["household"] - 1][0] for _, ones in numbered for one in ones]
    snapshot = write_snapshot(folder / "s", [home for home, _ in numbered], people)

    determine(snapshot, terms(on, hit=HIT), folder / "r")

    with duckdb.connect() as engine:
        rows = engine.execute(
            f"SELECT * FROM read_parquet('{folder}/r/*/*.parquet', hive_partitioning=false)"
            " ORDER BY household"
        )
        names = [column[0] for column in rows.description or ()]
        found = [_amounts(dict(zip(names, row, strict=True))) for row in rows.fetchall()]
    assert found == [_reference(family, on) for family in numbered]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(families, st.sampled_from(DAYS))
def test_one_family_at_the_counter_agrees_with_the_reference(family: Family, on: date) -> None:
    ((home, people),) = _numbered([family])

    row = determine_one(home, people, terms(on, hit=HIT))

    assert _amounts(row) == _reference((home, people), on)


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(families, min_size=1, max_size=8), st.sampled_from(DAYS))
def test_postgresql_agrees_with_the_reference(listed: list[Family], on: date) -> None:
    numbered = _numbered(listed)

    rows = _on_postgresql(numbered, terms(on, hit=HIT))

    assert [_amounts(row) for row in rows] == [_reference(family, on) for family in numbered]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(families, st.sampled_from(DAYS))
def test_members_are_counted_as_the_registry_counts_them(family: Family, on: date) -> None:
    ((home, people),) = _numbered([family])
    facts = [
        MemberFacts(m["sex"], m["birth_date"], m["relation"], m["disabled"], m["pregnant"])
        for m in people
    ]

    row = determine_one(home, people, terms(on))
    counted = household_facts(facts, village=home["village"], on=on)

    assert (row["members"], row["members_disabled"], row["pregnant"], row["infant"]) == (
        counted.members, counted.disabled, counted.pregnant, counted.under_2,
    )  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(families, min_size=1, max_size=4), st.sampled_from(DAYS[1:]))
@pytest.mark.django_db
def test_the_least_a_family_must_spend_agrees_with_the_reference(
    listed: list[Family], on: date
) -> None:
    numbered, held = _numbered(listed), terms(on, hit=HIT).with_minimum
    expected = [_least(family, on) for family in numbered]

    assert [determine_one(*family, held)["minimum"] for family in numbered] == expected
    assert [row["minimum"] for row in _on_postgresql(numbered, held)] == expected


def test_before_there_was_a_basket_no_minimum_is_known() -> None:
    assert terms(DAYS[0]).with_minimum.minimum is None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(families)
def test_a_transfer_may_be_a_part_of_the_minimum(family: Family) -> None:
    on, key = DAYS[1], "programmes.covid_cash_transfer.rates"
    ((home, people),) = _numbered([family])
    rows = {row: {"household": Decimal(5_000), "percent_of_minimum": Decimal(20)}
            for row in policy.table(key, on=on).rows}  # fmt: skip
    held = terms(on, rules=policy.amended({key: rows}))

    owed = determine_one(home, people, held)["covid_cash_transfer_amount"]

    least = _least((home, people), on)
    poor = home["status"] in ("poor_1", "poor_2")
    assert owed == (5_000 + least // 100 * 20 if poor and least else None)


def _on_duckdb(listed: Sequence[Family], held: Terms) -> list[dict[str, Any]]:
    with duckdb.connect() as engine:
        tables = {"households": [home for home, _ in listed],
                  "people": [one for _, people in listed for one in people]}  # fmt: skip
        for name, rows in tables.items():
            schema = pa.schema([(c, ARROW[kind]) for c, kind in held.reads[name].items()])
            engine.register(name, pa.Table.from_pylist(rows, schema=schema))
        found = engine.execute(f"SELECT * FROM ({compiled(held)}) ORDER BY household")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


riel = st.integers(0, 1_000_000)
baskets = st.fixed_dictionaries(dict.fromkeys(BASKETS, st.tuples(riel, riel, riel)))


def _scales(known: Scale) -> st.SearchStrategy[Scale]:
    """Give other percents from the same ages on."""
    other = st.lists(st.integers(0, 500), min_size=len(known), max_size=len(known))
    return other.map(lambda found: [(age, n) for (age, _), n in zip(known, found, strict=True)])


def _as_rows(scale: Scale) -> dict[str, dict[str, Decimal]]:
    return {str(age): {"value": Decimal(percent)} for age, percent in scale}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(families, min_size=1, max_size=4),
    baskets,
    st.none() | _scales(FOOD),
    _scales(OTHER),
    st.integers(0, 100),
)
@pytest.mark.django_db
def test_a_drafted_minimum_stands_beside_the_one_in_force(
    listed: list[Family],
    basket: dict[str, tuple[int, int, int]],
    food: Scale | None,
    other: Scale,
    percent: int,
) -> None:
    on, key, numbered = DAYS[1], "programmes.covid_cash_transfer.rates", _numbered(listed)
    cells = {"household": Decimal(5_000), "percent_of_minimum": Decimal(percent)}
    sized = dict.fromkeys(policy.table(key, on=on).rows, cells)
    names = ("home", "food", "other")
    rows = {area: dict(zip(names, map(Decimal, cells), strict=True))
            for area, cells in basket.items()}  # fmt: skip
    drafted = {"programmes.minimum_basket": rows, "programmes.other_needs": _as_rows(other)}
    if food:
        drafted["programmes.food_needs"] = _as_rows(food)
    now = terms(on, hit=HIT, rules=policy.amended({key: sized}))
    then = terms(on, hit=HIT, rules=policy.amended({key: sized} | drafted))
    both = side_by_side(now, then)

    engines = (_on_duckdb(numbered, both), _on_postgresql(numbered, both))

    for family, *found in zip(numbered, *engines, strict=True):
        least = _least(family, on), _least(family, on, basket, food or FOOD, other)
        for row in found:
            assert (row["minimum"], row["draft_minimum"]) == least
            for name, minimum in zip(("", "draft_"), least, strict=True):
                poor = family[0]["status"] in ("poor_1", "poor_2") and minimum is not None
                owed = 5_000 + minimum // 100 * percent if poor and minimum is not None else None
                assert row[f"{name}covid_cash_transfer_amount"] == owed
