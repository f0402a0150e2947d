"""Periods, figures, charts and checks, without a database."""

from datetime import date

import pytest

from spean.kernel.policy import Indicator, Text, policy
from spean.results.rules import (
    BadPeriod,
    Figure,
    before,
    checked,
    figures,
    funnel,
    of_day,
    run_chart,
    span,
)

DAY = date(2026, 11, 23)
TERMS = policy.table("results.disclosure", on=DAY)
BOUNDS = policy.table("results.data_quality", on=DAY)
SHARE = Indicator("x", Text("ក", "x"), "births.skilled", "births", 100)


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("202612", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_a_period_is_read_as_dhis2_writes_it(code: str, start: date, end: date) -> None:
    found = span(code)

    assert (found.start, found.end) == (start, end)
    assert of_day(start, found.kind) == found


@pytest.mark.parametrize("code", ["", "202613", "2026Q5", "26", "2026-01", "20260101"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(BadPeriod):
        span(code)


def test_the_periods_before_go_over_the_turn_of_the_year() -> None:
    assert [one.code for one in before(span("202601"), 3)] == ["202511", "202512", "202601"]
    assert [one.code for one in before(span("2026Q1"), 2)] == ["2025Q4", "2026Q1"]


def test_a_rate_is_of_the_figures_that_are_shown() -> None:
    counts = [(96, 123), (9, 50), (40, 40), (0, 0)]

    assert figures(SHARE, counts, None)[0] == Figure(96, 123, 78.0)
    shown = figures(SHARE, counts, TERMS)
    assert shown[0] == Figure(95, 125, 76.0)
    assert shown[1].counted is None and shown[1].rate is None  # noqa: PT018
    assert shown[2].counted is None  # else the total would give the second away
    assert shown[3] == Figure(0, 0, None)


def test_an_area_far_from_all_is_beyond_the_limits_only_if_it_is_large_enough() -> None:
    points = [(900, 1000), (880, 1000), (3, 5), (820, 1000)]

    found = funnel(points, per=100, near_sd=2, far_sd=3)

    assert found is not None
    assert found.centre == 86.6
    assert found.places == ("beyond_far", "inside", "inside", "beyond_far")
    assert found.limits[0].far[0] < found.limits[-1].far[0]
    assert funnel([(0, 0)], per=100, near_sd=2, far_sd=3) is None


def test_the_near_limit_is_two_sd_of_a_share() -> None:
    # All: 500 of 1000, so that 2 SD of 100 are 10 of a hundred.
    others = [(450, 900)]

    inside, beyond = (
        funnel([(n, 100), *others, (100 - n, 100)], per=100, near_sd=2, far_sd=3) for n in (60, 61)
    )

    assert inside is not None and beyond is not None  # noqa: PT018
    assert (inside.places[0], beyond.places[0]) == ("inside", "beyond_near")


def test_six_points_on_one_side_are_a_shift_and_five_that_rise_a_trend() -> None:
    shift = run_chart([1, 2, 1, 2, 1, 2, 9, 8, 9, 8, 9, 8], shift=6, trend=5)
    five = run_chart([1, 9, 1, 9, 2, 8, 9, 8, 9, 8, 1], shift=6, trend=5)
    rising = run_chart([5, 5, 1, 2, 3, 3, 4, 5, 1], shift=6, trend=5)

    assert shift is not None and five is not None and rising is not None  # noqa: PT018
    assert ("shift", 6, 11) in shift.signals
    assert not [one for one in five.signals if one[0] == "shift"]
    assert ("trend", 2, 7) in rising.signals
    assert run_chart([None, None], shift=6, trend=5) is None


def test_points_on_the_median_and_missing_ones_break_no_run() -> None:
    found = run_chart([1, 1, 1, None, 5, 1, 1, 1, 9, 9, 9, 9, 9, 9], shift=6, trend=5)

    assert found is not None
    assert found.median == 5
    assert found.signals == (("shift", 0, 7), ("shift", 8, 13))


def doubts(counts: dict[str, int], past: list[dict[str, int]]) -> list[tuple[str, str]]:
    return [(one.rule, one.row) for one in checked(counts, past, BOUNDS)]


def test_a_count_far_from_the_own_history_is_doubted_and_one_near_is_not() -> None:
    year = [{"iron": n} for n in (40, 42, 38, 41, 40, 39, 43, 40, 41, 39, 40, 42)]

    assert ("outlier", "iron") in doubts({"iron": 60}, year)
    assert doubts({"iron": 43}, year) == []
    assert doubts({"iron": 45}, year) == []  # within the margin of a small number
    assert doubts({"iron": 60}, year[:5]) == []  # too short a history


def test_nothing_where_every_month_had_some_is_doubted() -> None:
    year = [{"iron": 2}] * 12

    assert doubts({"iron": 0}, year) == [("missing", "iron")]
    assert doubts({"iron": 0}, [*year[:11], {"iron": 0}]) == []


def test_third_doses_of_a_year_may_not_outnumber_first_ones() -> None:
    first, third = {"penta_1_under_1": 10}, {"penta_3_under_1": 9, "penta_3_older": 1}

    assert doubts(third, [first]) == []
    assert doubts(third | {"penta_3_older": 2}, [first]) == [("third_dose", "penta_3_under_1")]


def test_the_parts_of_a_count_add_up_to_it() -> None:
    good = {
        "births": 3, "births_home": 1, "births_hospital": 2, "births_midwife": 2,
        "births_nobody": 1, "babies": 4, "live_births": 3, "fresh_stillbirths": 1,
        "live_girls": 1, "live_boys": 2, "weighed": 3,
    }  # fmt: skip

    assert doubts(good, []) == []
    assert doubts(good | {"births_home": 0}, []) == [("births_by_place", "births")]
    assert doubts(good | {"births_nobody": 0}, []) == [("births_by_attendant", "births")]
    assert doubts(good | {"babies": 5}, []) == [("babies_by_outcome", "babies")]
    assert doubts(good | {"live_boys": 1}, []) == [("births_by_sex", "live_births")]
    assert doubts(good | {"weighed": 2}, []) == [("not_weighed", "weighed")]
