"""What a chart shows of one child."""

from datetime import date

import pytest

from spean.kernel.curves import Band, Curves, Line
from spean.maternal_child.rules.growth import Index, Measures, chart, cuts

BY = cuts(on=date(2026, 11, 27))


def girl(age: float | None, weight: float, lenhei: float, **more: float) -> Measures:
    position = None if age is None else "l" if age < 731 else "h"
    return Measures(
        sex="female", age_days=age, weight_kg=weight, lenhei_cm=lenhei, position=position, **more
    )  # type: ignore[arg-type]


BABY, INFANT, CHILD = girl(0, 3.1, 49), girl(370, 7.2, 70.6, muac_cm=12.1), girl(800, 9.4, 80)
PUPIL = girl(3000, 25, 128)


def of(index: Index, *measured: Measures, sex: str = "female") -> Curves:
    return chart(index, sex=sex, measured=measured, by=BY)


def line(drawing: Curves, name: str) -> Line:
    return next(one for one in drawing.lines if one.name == name)


def test_points_are_drawn_in_the_order_of_age_however_they_came() -> None:
    points = of(Index.WAZ, INFANT, BABY).points

    assert points == ((0, 3.1), (370, 7.2))
    assert of(Index.WAZ, BABY, INFANT).points == points
    assert of(Index.WLZ, INFANT, BABY).points == ((49, 3.1), (70.6, 7.2))


@pytest.mark.parametrize(
    ("index", "measured", "first", "last", "x_title"),
    [
        (Index.WAZ, (), 0, 730, "Age in months"),
        (Index.WAZ, (BABY, INFANT), 0, 730, "Age in months"),
        (Index.WAZ, (BABY, CHILD), 0, 1826, "Age in months"),
        (Index.WAZ, (BABY, PUPIL), 60, 120, "Age in years"),
        (Index.LAZ, (PUPIL,), 60, 228, "Age in years"),
        (Index.ACZ, (INFANT,), 91, 730, "Age in months"),
        (Index.HCZ, (PUPIL,), 0, 1826, "Age in months"),
        (Index.WLZ, (INFANT,), 45, 110, "Length or height (cm)"),
        (Index.WLZ, (CHILD,), 65, 120, "Length or height (cm)"),
    ],
)
def test_the_chart_is_that_of_the_last_measures(
    index: Index, measured: tuple[Measures, ...], first: float, last: float, x_title: str
) -> None:
    drawing = of(index, *measured)
    xs = [x for x, _ in drawing.lines[0].points]

    assert (xs[0], xs[-1], drawing.x_title) == (first, last, x_title)
    assert len(xs) <= 112


def test_what_has_no_z_score_or_lies_elsewhere_is_not_drawn() -> None:
    swollen = Measures(sex="female", age_days=100, weight_kg=5, oedema=True)

    assert of(Index.WAZ, swollen, INFANT).points == ((370, 7.2),)
    assert len(of(Index.WAZ, BABY, PUPIL).points) == 1
    assert of(Index.WLZ, INFANT, CHILD).points == ((80, 9.4),)
    assert of(Index.WAZ, BABY, sex="male").points == ()


def test_lines_are_where_who_has_them() -> None:
    drawing = of(Index.WAZ, sex="male")  # WHO, weight-for-age boys, birth to 5 years, z-scores

    ends = {one.name: (one.points[0][1], round(one.points[-1][1], 1)) for one in drawing.lines}
    assert {name: round(start, 1) for name, (start, _) in ends.items()} == {
        "+3": 5.0, "+2": 4.4, "+1": 3.9, "0": 3.3, "−1": 2.9, "−2": 2.5, "−3": 2.1,
    }  # fmt: skip
    assert [end for _, end in ends.values()] == [17.1, 15.3, 13.6, 12.1, 10.8, 9.7, 8.6]


def test_colours_lie_between_the_bounds_in_force() -> None:
    drawing = of(Index.LAZ, BABY)
    bad, watch, good = drawing.bands

    assert [band.tone for band in drawing.bands] == ["bad", "watch", "good"]
    assert _edge(watch, 1) == _edge(bad, 2) == line(drawing, "−3").points
    assert _edge(good, 1) == _edge(watch, 2) == line(drawing, "−2").points
    assert [band.tone for band in of(Index.WLZ, BABY).bands] == [
        "bad", "watch", "good", "watch", "bad",
    ]  # fmt: skip
    assert _edge(of(Index.BAZ, PUPIL).bands[2], 2) == line(of(Index.BAZ, PUPIL), "+1").points
    assert (of(Index.HCZ, BABY).bands, of(Index.HCZ, BABY).note) == ((), "")


def test_the_arm_is_coloured_by_its_own_bounds_from_six_months_on() -> None:
    bad, watch, _ = of(Index.ACZ, INFANT).bands

    assert watch.points[0][0] >= 182.6
    assert {(low, high) for _, low, high in watch.points} == {(11.5, 12.5)}
    assert {high for _, _, high in bad.points} == {11.5}


def _edge(band: Band, side: int) -> tuple[tuple[float, float], ...]:
    return tuple((point[0], point[side]) for point in band.points)
