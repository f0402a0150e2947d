"""Money is exact and of one currency; periods end before their end."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spean.kernel.decisions import Criterion, Decision, PolicyRef
from spean.kernel.money import Currency, Money, NotAnAmount, NothingToSplit, OtherCurrency, Rounding
from spean.kernel.periods import EndsBeforeStart, Period, add_months, age_on

riel = st.integers(-(10**12), 10**12).map(lambda n: Money(Decimal(n)))
days = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(riel, st.integers(1, 50))
def test_a_split_loses_nothing_and_is_fair(whole: Money, parts: int) -> None:
    shares = whole.split(parts)

    assert sum(share.amount for share in shares) == whole.amount
    assert max(s.amount for s in shares) - min(s.amount for s in shares) <= 1


def test_nothing_is_split_into_no_parts() -> None:
    with pytest.raises(NothingToSplit):
        Money(Decimal(1)).split(0)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(OtherCurrency, match="KHR and USD"):
        Money(Decimal(1)) + Money(Decimal(1), Currency.USD)


def test_a_float_is_no_amount() -> None:
    with pytest.raises(TypeError):
        Money(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["40,000", "40.000", "40.000.000", "forty", "", "1e3", "40 000", "0.5", "1.0"]
)
def test_a_text_that_is_not_one_clear_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.parse(text)


def test_an_amount_is_read_exactly() -> None:
    assert Money.parse("40000") == Money(Decimal(40000))
    assert Money.parse("៤០០០០") == Money(Decimal(40000))
    assert Money.parse("0.10", Currency.USD).amount == Decimal("0.10")


def test_a_dollar_has_two_places_so_that_a_separator_is_not_read_as_a_point() -> None:
    with pytest.raises(NotAnAmount):
        Money.parse("1.000", Currency.USD)


@pytest.mark.parametrize("factor", [0.1, True])
def test_an_amount_is_multiplied_by_exact_numbers_only(factor: float) -> None:
    with pytest.raises(TypeError):
        Money(Decimal(1)) * factor  # type: ignore[operator]


@pytest.mark.parametrize(
    ("how", "result"),
    [(Rounding.HALF_UP, 200), (Rounding.HALF_EVEN, 200), (Rounding.UP, 200), (Rounding.DOWN, 100)],
)
def test_rounding_to_a_hundred_riel_follows_its_rule(how: Rounding, result: int) -> None:
    assert Money(Decimal(150)).rounded(Decimal(100), how).amount == result


def test_arithmetic_keeps_the_currency() -> None:
    two = Money(Decimal(2), Currency.USD)

    assert 3 * two - two + -two == two
    assert two <= two * Decimal("1.5")
    assert not two < two
    assert str(two) == "2 USD"


def test_a_period_must_hold_on_some_day() -> None:
    with pytest.raises(EndsBeforeStart):
        Period(date(2026, 1, 2), date(2026, 1, 2))


@given(days, days, days, days, days)
def test_an_intersection_holds_exactly_the_days_of_both(
    a: date, b: date, c: date, d: date, day: date
) -> None:
    one = Period(min(a, b), max(a, b) if a != b else None)
    other = Period(min(c, d), max(c, d) if c != d else None)

    both = one.intersection(other)

    assert (both is not None and both.contains(day)) == (one.contains(day) and other.contains(day))
    assert one.overlaps(other) == other.overlaps(one)


def test_the_last_day_of_a_period_is_the_day_before_its_end() -> None:
    assert Period(date(2026, 1, 1), date(2029, 1, 1)).last_day == date(2028, 12, 31)
    assert Period(date(2026, 1, 1)).last_day is None


def test_months_end_where_the_month_ends() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 11, 23), 36) == date(2029, 11, 23)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)


def test_an_age_counts_completed_years() -> None:
    assert [age_on(date(2024, 2, 29), date(2026, 2, d)) for d in (27, 28)] == [1, 1]
    assert age_on(date(2024, 2, 29), date(2026, 3, 1)) == 2


def test_a_decision_is_kept_as_it_was_taken() -> None:
    decision = Decision(
        kind="targeting.score", outcome="poor_1", on=date(2026, 11, 2),
        criteria=(Criterion("cut_off.poor_1", True, 60, 59, "targeting.scorecard"),),
        facts={"points": 60},
        policies=(PolicyRef("targeting.scorecard", date(2022, 10, 12), "ASSUMED — x"),),
    )  # fmt: skip

    assert Decision.from_json(decision.as_json()) == decision
    assert decision.criterion("cut_off.poor_1").value == 59
    assert decision.explain()[0].source == decision.policies[0]
    with pytest.raises(KeyError):
        decision.criterion("invented")
