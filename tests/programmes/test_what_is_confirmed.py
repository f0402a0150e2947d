"""What a midwife or a school confirms is worth what the rules of its day say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from spean.kernel.policy import NotInForce
from spean.programmes.rules import CONFIRMED, Happened, Whom, decide

MOTHER = Whom("female", date(1998, 5, 1))
BABY = Whom("male", date(2023, 1, 10))
LAST_OLD, FIRST_NEW = date(2023, 7, 31), date(2023, 8, 1)
MAY = date(2025, 5, 1)


def _worth(
    kind: str, on: date, *, whom: Whom | None = MOTHER, level: str | None = "poor_2",
    others: tuple[Happened, ...] = (), babies: int = 1, attendance: int | str | None = None,
) -> int | None:  # fmt: skip
    programme = next(code for code, kinds in CONFIRMED.items() if kind in kinds)
    share = None if attendance is None else Decimal(attendance)
    found = decide(
        programme, Happened(kind, on, babies, share), whom=whom, level=level, others=others
    )
    failed = [test.name for test in found.criteria if not test.held]
    assert bool(failed) == (found.facts["amount"] is None)
    amount: int | None = found.facts["amount"]
    return amount


def _every(days: int, kind: str, first: date, times: int) -> tuple[Happened, ...]:
    return tuple(Happened(kind, first + timedelta(days=days * n)) for n in range(times))


@pytest.mark.parametrize(
    ("kind", "on", "babies", "amount"),
    [
        ("antenatal_visit", LAST_OLD, 1, 40_000),
        ("antenatal_visit", FIRST_NEW, 1, 80_000),
        ("delivery", LAST_OLD, 1, 200_000),
        ("delivery", LAST_OLD, 2, 200_000),  # once, however many babies
        ("delivery", FIRST_NEW, 1, 400_000),
        ("delivery", FIRST_NEW, 3, 1_200_000),
    ],
)
def test_a_contact_is_worth_what_its_own_day_says(
    kind: str, on: date, babies: int, amount: int
) -> None:
    assert _worth(kind, on, babies=babies) == amount


def test_a_pregnancy_across_the_change_adds_up_as_the_acts_say() -> None:
    visits = _every(30, "antenatal_visit", date(2023, 5, 15), 4)
    contacts = _every(45, "after_birth", date(2023, 9, 20), 10)
    baby = Whom("female", date(2023, 9, 18))

    assert [_worth("antenatal_visit", one.on, others=visits[:n]) for n, one in enumerate(visits)] \
        == [40_000, 40_000, 40_000, 80_000]  # fmt: skip
    assert _worth("delivery", date(2023, 9, 18), others=visits) == 400_000
    after = [_worth("after_birth", one.on, whom=baby, others=contacts[:n])
             for n, one in enumerate(contacts)]  # fmt: skip
    assert after == [80_000] * 10


def test_no_more_than_four_visits_of_one_pregnancy_are_paid_in_whatever_order() -> None:
    visits = _every(30, "antenatal_visit", date(2024, 3, 1), 4)

    assert _worth("antenatal_visit", date(2024, 7, 15), others=visits) is None
    assert _worth("antenatal_visit", date(2024, 2, 1), others=visits) is None


def test_after_a_delivery_the_visits_of_the_next_pregnancy_are_paid() -> None:
    before = (
        *_every(30, "antenatal_visit", date(2024, 3, 1), 4),
        Happened("delivery", date(2024, 7, 1)),
    )

    assert _worth("antenatal_visit", date(2024, 10, 1), others=before) == 80_000


def test_a_second_delivery_within_nine_months_is_not_paid() -> None:
    before = (Happened("delivery", date(2024, 1, 10)),)

    assert _worth("delivery", date(2024, 10, 9), others=before) is None
    assert _worth("delivery", date(2024, 10, 10), others=before) == 400_000


def test_an_eleventh_contact_after_birth_is_not_paid() -> None:
    ten = _every(50, "after_birth", date(2023, 1, 12), 10)

    assert _worth("after_birth", date(2024, 12, 1), whom=BABY, others=ten[:9]) == 80_000
    assert _worth("after_birth", date(2024, 12, 1), whom=BABY, others=ten) is None


def test_a_child_is_paid_for_until_the_day_before_it_is_two() -> None:
    assert _worth("after_birth", date(2025, 1, 9), whom=BABY) == 80_000
    assert _worth("after_birth", date(2025, 1, 10), whom=BABY) is None
    assert _worth("after_birth", date(2023, 1, 9), whom=BABY) is None


@pytest.mark.parametrize("level", ["at_risk", None])
def test_who_has_no_level_that_takes_part_is_paid_nothing(level: str | None) -> None:
    assert _worth("antenatal_visit", FIRST_NEW, level=level) is None
    assert _worth("household", FIRST_NEW.replace(year=2024), whom=None, level=level) is None


def test_who_is_no_woman_or_has_died_is_paid_nothing() -> None:
    gone = Whom("female", date(1998, 5, 1), date(2024, 2, 1))

    assert _worth("delivery", FIRST_NEW, whom=Whom("male", date(1998, 5, 1))) is None
    assert _worth("delivery", date(2024, 2, 1), whom=gone) == 400_000
    assert _worth("delivery", date(2024, 2, 2), whom=gone) is None


@pytest.mark.parametrize(
    ("born", "worth"),
    [
        (date(2013, 8, 1), 80_000), (date(2013, 8, 2), None),  # ten on the day, or not yet
        (date(1968, 8, 2), 80_000), (date(1968, 8, 1), None),  # fifty-four on the day, or more
    ],
)  # fmt: skip
def test_a_daughter_or_a_grandmother_is_not_paid_for_the_mother(
    born: date, worth: int | None
) -> None:
    assert _worth("antenatal_visit", FIRST_NEW, whom=Whom("female", born)) == worth


@pytest.mark.parametrize(
    ("stage", "attendance", "amount"),
    [
        ("primary", 80, 20_000), ("primary", "79.99", None), ("lower_secondary", 100, 20_000),
        ("upper_secondary", 95, 30_000), ("upper_secondary", 0, None),
    ],
)  # fmt: skip
def test_a_month_of_school_is_paid_from_four_days_of_five(
    stage: str, attendance: int | str, amount: int | None
) -> None:
    assert _worth(stage, MAY, whom=BABY, attendance=attendance) == amount


def test_ten_months_of_school_are_paid_in_a_year_whatever_the_stage() -> None:
    year = tuple(Happened("primary", date(2024, 11, 1) + timedelta(days=31 * n)) for n in range(10))
    year = tuple(Happened(one.kind, one.on.replace(day=1)) for one in year)

    assert _worth("primary", date(2025, 9, 1), whom=BABY, attendance=90, others=year) is None
    assert (
        _worth("lower_secondary", date(2025, 9, 1), whom=BABY, attendance=90, others=year) is None
    )
    assert _worth("lower_secondary", date(2025, 11, 1), whom=BABY, attendance=90, others=year) \
        == 20_000  # fmt: skip


def test_before_a_programme_began_nothing_can_be_confirmed() -> None:
    with pytest.raises(NotInForce):
        _worth("primary", date(2024, 3, 31), attendance=90)
    with pytest.raises(NotInForce):
        _worth("antenatal_visit", date(2019, 5, 31))


def test_a_decision_names_the_acts_that_it_rests_on() -> None:
    found = decide(
        "scholarship", Happened("primary", MAY, attendance=Decimal(70)), whom=BABY, level="poor_1",
        others=(),
    )  # fmt: skip

    assert [(test.name, test.held) for test in found.criteria] == [
        ("level", True), ("living", True), ("attendance", False), ("not_too_often", True),
    ]  # fmt: skip
    assert [one.key.removeprefix("programmes.scholarship.") for one in found.policies] == [
        "rates", "levels", "limits", "attendance",
    ]  # fmt: skip
