"""Who is poor, and below the minimum, by what is in force and by a draft's: as by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spean.kernel.policy import policy
from spean.locations.models import Place
from spean.programmes.queries import terms
from spean.simulation.queries import outcome
from spean.simulation.rules import Draft, Group, Side
from tests.snapshots import HOME, MEMBER, record_snapshot

ON = date(2023, 1, 15)
AREAS = ("phnom_penh_urban", "other_urban", "rural")
LINES, BASKET = "simulation.poverty_line", "programmes.minimum_basket"
COVID = "programmes.covid_cash_transfer.rates"
PUBLISHED = {"phnom_penh_urban": 4.2, "other_urban": 12.6, "rural": 22.8}
SHARE = 20  # percent of the minimum that the draft pays
Home = dict[str, Any]


def _families() -> list[Home]:
    """Ninety families of one to three grown people in three kinds of area, a third of level 1."""
    return [
        HOME | {"household": n, "area_class": AREAS[n % 3],
                "status": "poor_1" if n % 9 < 3 else None}
        for n in range(1, 91)
    ]  # fmt: skip


def _size(home: Home) -> int:
    return 1 + home["household"] % 4 % 3


@pytest.fixture
def country(places: dict[str, Place], tmp_path: Path) -> None:
    homes = _families()
    people = [MEMBER | home | {"relation": "head" if n == 0 else "spouse"}
              for home in homes for n in range(_size(home))]  # fmt: skip
    record_snapshot(tmp_path / "snapshot", homes, people)


def _chance(home: Home) -> float:
    one = (home["household"] * 1103515245 + 12345) % 2147483647
    return one * 48271 % 2147483647 + 0.5


def _spent() -> dict[int, float]:
    """Give what each person of a family spends in a day, family by family up its kind of area."""
    found = {}
    for area in AREAS:
        ranked = sorted((h for h in _families() if h["area_class"] == area), key=_chance)
        everyone, before = sum(map(_size, ranked)), 0
        for home in ranked:
            below = before + _size(home) / 2
            odds, rate = below / (everyone - below), PUBLISHED[area] / 100
            found[home["household"]] = 10_951 * (odds * (1 - rate) / rate) ** 0.3
            before += _size(home)
    return found


def _least(home: Home, baskets: Mapping[str, Sequence[int]]) -> int:
    shelter, food, other = baskets[home["area_class"]]
    return (shelter + (food + other) * _size(home)) // 100 * 100


def _now(home: Home) -> int:
    row = policy.table(COVID, on=ON).rows.get(f"{home['area_class']}_{home['status']}")
    return 12 * int(row["household"] + row["member"] * _size(home)) if row else 0


def _side(
    a_year: Mapping[int, int], lines: Mapping[str, int], baskets: Mapping[str, Sequence[int]]
) -> tuple[int, float, int]:
    """Count the poor, add up their gaps, count who is below the minimum; family by family."""
    poor, gap, below, spent = 0, 0.0, 0, _spent()
    for home in _families():
        n, size, line = home["household"], _size(home), lines[home["area_class"]]
        after = spent[n] + a_year[n] / (size * 365)
        if after < line:
            poor, gap = poor + size, gap + size * (1 - after / line)
        below += size * ((spent[n] * size * 365 + a_year[n]) / 12 < _least(home, baskets))
    return poor, gap, below


def _held(one: Side | Group) -> Any:
    return one.poor, pytest.approx(one.gap, abs=1e-6), one.below


riel = st.integers(0, 400_000)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.fixed_dictionaries(dict.fromkeys(AREAS, st.integers(1, 40_000))),
    st.fixed_dictionaries(dict.fromkeys(AREAS, st.tuples(riel, riel, riel))),
)
def test_each_side_is_measured_by_both(
    country: None, lines: dict[str, int], baskets: dict[str, tuple[int, int, int]]
) -> None:
    names = ("home", "food", "other")
    percent = {"household": Decimal(0), "member": Decimal(0), "vulnerable": Decimal(0),
               "percent_of_minimum": Decimal(SHARE)}  # fmt: skip
    changes = {
        LINES: {area: {"line": Decimal(line)} for area, line in lines.items()},
        BASKET: {area: dict(zip(names, map(Decimal, cells), strict=True))
                 for area, cells in baskets.items()},
        COVID: {f"{area}_poor_1": percent for area in AREAS},
    }  # fmt: skip

    _as_of, found = outcome(
        Draft(on=ON, changes=changes), terms(ON), terms(ON, rules=policy.amended(changes))
    )

    whole = Group.from_row(found["groups"][0])
    again = whole.by_draft
    assert again is not None
    in_force = {area: tuple(map(int, row.values()))
                for area, row in policy.table(BASKET, on=ON).rows.items()}  # fmt: skip
    paid = {
        "without": {h["household"]: 0 for h in _families()},
        "now": {h["household"]: _now(h) for h in _families()},
        "draft": {h["household"]: 12 * (_least(h, baskets) // 100 * SHARE) if h["status"] else 0
                  for h in _families()},
    }  # fmt: skip
    for group, line, basket in ((whole, dict.fromkeys(AREAS, 10_951), in_force),
                                (again, lines, baskets)):  # fmt: skip
        for side, a_year in paid.items():
            one = group if side == "without" else group.side(side)
            assert _side(a_year, line, basket) == _held(one), side
