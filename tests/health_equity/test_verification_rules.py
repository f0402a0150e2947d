"""How a sample is drawn, and what it says of all claims."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spean.health_equity.rules.verification import (
    Candidate,
    Checked,
    Estimate,
    Stratum,
    draw,
    estimate,
    penalty,
)


def candidates(**counts: int) -> list[Candidate]:
    return [
        Candidate(f"{stratum}-{n}", stratum, Decimal(1000))
        for stratum, many in counts.items()
        for n in range(many)
    ]


@given(st.randoms(use_true_random=False), st.integers(1, 200))
def test_the_same_seed_draws_the_same_claims_in_whatever_order(chance: Random, size: int) -> None:
    claims = candidates(a=90, b=10, c=1)
    mixed = claims.copy()
    chance.shuffle(mixed)

    assert draw(claims, size=size, seed="s") == draw(mixed, size=size, seed="s")
    assert {one.drawn for one in draw(claims, size=size, seed="s").strata if one.code == "c"} == {1}


def test_another_seed_draws_others() -> None:
    claims = candidates(a=1000)

    first, second = (draw(claims, size=20, seed=seed).numbers["a"] for seed in ("1", "2"))

    assert len(first) == len(second) == 20
    assert len(set(first) & set(second)) < 10


def test_each_stratum_is_drawn_in_proportion_and_twice_at_least() -> None:
    found = draw(candidates(big=900, small=100, tiny=3), size=100, seed="s")

    assert {one.code: one.drawn for one in found.strata} == {"big": 90, "small": 10, "tiny": 2}


STRATA = (Stratum("a", 100, Decimal(100_000), 10), Stratum("b", 10, Decimal(50_000), 2))


def checked(a: list[int], b: list[int]) -> list[Checked]:
    return [Checked("a", Decimal(one)) for one in a] + [Checked("b", Decimal(one)) for one in b]


def test_what_is_extrapolated_is_the_mean_of_each_stratum_times_its_claims() -> None:
    found = estimate(STRATA, checked([1000, *[0] * 9], [0, 500]), confidence=95)

    assert found.too_much == 100 * 100 + 250 * 10
    # Var = 100²·0.9·100000/10 + 10²·0.8·125000/2; half = 1.959964·√Var
    assert (found.low, found.high) == (Decimal(1500), Decimal(31603))
    assert found.rate == Decimal("8.33")
    assert found.complete


def test_where_all_claims_were_checked_the_interval_is_a_point() -> None:
    strata = (Stratum("a", 3, Decimal(3000), 3),)
    found = estimate(strata, [Checked("a", Decimal(one)) for one in (0, 300, 600)], confidence=95)

    assert (found.low, found.too_much, found.high) == (900, 900, 900)


def test_a_stratum_of_which_too_little_was_checked_makes_the_estimate_incomplete() -> None:
    assert not estimate(STRATA, checked([0] * 10, []), confidence=95).complete


@pytest.mark.parametrize(
    ("low", "complete", "gives"),
    [(4000, True, 700), (5001, True, 5001), (5001, False, 700)],
)
def test_a_facility_gives_back_what_was_found_unless_even_the_lower_bound_is_too_high(
    low: int, complete: bool, gives: int
) -> None:
    estimated = Estimate(Decimal(9000), Decimal(low), Decimal(20000), Decimal(100_000), complete)

    assert penalty(Decimal(700), estimated, tolerated=Decimal(5)) == gives


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=40), st.integers(40, 400))
def test_the_interval_holds_the_estimate_and_never_leaves_what_can_be(
    seen: list[int], claims: int
) -> None:
    strata = (Stratum("a", claims, Decimal(1000 * claims), len(seen)),)

    found = estimate(strata, [Checked("a", Decimal(one)) for one in seen], confidence=95)

    assert sum(seen) <= found.low <= found.too_much <= found.high <= found.amount
