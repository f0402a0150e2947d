"""How much a facility needs: the average that no stock-out fools, and what follows from it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from spean.kernel.access import Actor
from spean.locations import queries as locations
from spean.locations.models import Facility
from spean.supplies import actions, queries
from spean.supplies.models import Movement
from spean.supplies.rules import Bounds, Numbers, Status, days_without, judge, monthly, proposal
from tests.supplies.conftest import FAR, put

BOUNDS = Bounds(Decimal(1), Decimal(3), 30)
KNOWN = Numbers(on_hand=120, issued=183, days_in_stock=183, days=183)
END = date(2026, 6, 30)
START = END - timedelta(days=182)


def test_the_average_is_what_was_issued_by_days_in_stock() -> None:
    assert monthly(KNOWN, least_days=30) == Decimal("30.50")
    assert monthly(replace(KNOWN, issued=100, days_in_stock=70), least_days=30) == Decimal("43.57")


def test_a_stock_out_does_not_make_the_need_smaller() -> None:
    half = replace(KNOWN, issued=90, days_in_stock=90)

    assert monthly(half, least_days=30) == monthly(KNOWN, least_days=30)
    assert proposal(replace(half, on_hand=0), BOUNDS, pack=1) == 92


@pytest.mark.parametrize(
    ("change", "status", "months"),
    [
        ({"on_hand": 0}, Status.STOCKED_OUT, "0.00"),
        ({"on_hand": 30}, Status.BELOW_MIN, "0.98"),
        ({"on_hand": 31}, Status.ADEQUATE, "1.02"),
        ({"on_hand": 91}, Status.ADEQUATE, "2.98"),
        ({"on_hand": 92}, Status.OVERSTOCK, "3.02"),
        ({"issued": 0}, Status.UNUSED, None),
        ({"issued": 0, "on_hand": 0}, Status.UNUSED, None),
        ({"days_in_stock": 29}, Status.UNKNOWN, None),
        ({"days_in_stock": 29, "on_hand": 0}, Status.STOCKED_OUT, None),
        ({"days_in_stock": 0, "issued": 0, "on_hand": 0}, Status.STOCKED_OUT, None),
    ],
)
def test_a_facility_is_supplied_between_its_least_and_its_most(
    change: dict[str, int], status: Status, months: str | None
) -> None:
    found = judge(replace(KNOWN, **change), BOUNDS)

    assert (found.status, found.months) == (status, months and Decimal(months))


@pytest.mark.parametrize(
    ("change", "pack", "gives"),
    [
        ({"on_hand": 0}, 1, 92),
        ({"on_hand": 0}, 100, 100),
        ({"on_hand": 50}, 1, 42),
        ({"on_hand": 50, "on_the_way": 40}, 1, 2),
        ({"on_hand": 50, "on_the_way": 42}, 1, 0),
        ({"on_hand": 500}, 100, 0),
        ({"days_in_stock": 29}, 1, None),
        ({"issued": 0}, 1, 0),
    ],
)
def test_an_order_fills_up_to_the_most_in_whole_packs(
    change: dict[str, int], pack: int, gives: int | None
) -> None:
    assert proposal(replace(KNOWN, **change), BOUNDS, pack=pack) == gives


def test_days_without_stock_are_whole_days_that_began_and_ended_with_nothing() -> None:
    day = START
    changes = {day + timedelta(days=2): -10, day + timedelta(days=5): 8, day + timedelta(9): -8}

    spans = days_without(changes, opening=10, since=day, until=day + timedelta(days=12))

    assert spans == [
        (day + timedelta(days=3), day + timedelta(days=4)),
        (day + timedelta(days=10), day + timedelta(days=12)),
    ]
    assert days_without({}, opening=0, since=day, until=day) == [(day, day)]
    assert days_without({}, opening=1, since=day, until=day) == []


def numbers(centre: Facility, item: str = "PARA500", on: date = END) -> Numbers:
    rows = queries.supplied(facilities=[centre], on=on)
    return next(one.numbers for one in rows if one.item.code == item)


def test_losses_and_expiries_are_not_consumption(centre: Facility) -> None:
    put(centre, "PARA500", [
        ("receipt", 100, START), ("issue", -20, START + timedelta(9)), ("loss", -5, END),
        ("count", -5, END),
    ])  # fmt: skip
    put(centre, "PARA500", [("receipt", 50, START), ("expired", -50, END)],
        number="OLD", expiry=END - timedelta(days=1))  # fmt: skip

    assert numbers(centre) == Numbers(on_hand=70, issued=20, days_in_stock=183, days=183)


def test_what_was_undone_was_not_consumed(
    centre: Facility, record: Callable[..., list[Movement]], keeper: Actor
) -> None:
    record("receipt", 100, START)
    [wrong] = record("issue", 60)
    record("issue", 10)
    actions.undo_movement(movement_id=wrong.pk, reason="x", by=keeper, on=END)

    assert numbers(centre).issued == 10


def test_days_before_the_first_receipt_and_after_the_last_issue_are_without_stock(
    centre: Facility,
) -> None:
    put(centre, "PARA500", [
        ("receipt", 60, END - timedelta(days=99)), ("issue", -60, END - timedelta(days=40)),
    ])  # fmt: skip

    assert numbers(centre) == Numbers(on_hand=0, issued=60, days_in_stock=60, days=183)
    spans = queries.stock_outs(facility=centre, item=queries.item("PARA500"), on=END)
    assert spans == [
        (START, END - timedelta(days=100)), (END - timedelta(days=39), END),
    ]  # fmt: skip


def test_stock_that_has_expired_is_no_stock(centre: Facility) -> None:
    put(centre, "PARA500", [("receipt", 60, START)], expiry=START + timedelta(days=9))

    assert numbers(centre) == Numbers(on_hand=0, issued=0, days_in_stock=10, days=183)
    [one] = queries.supplied(facilities=[centre], on=END)
    assert (one.expired, one.first_expiry, one.judged.status) == (60, None, Status.STOCKED_OUT)


def test_stock_from_before_the_days_counts_from_their_first(centre: Facility) -> None:
    put(centre, "PARA500", [
        ("receipt", 500, START - timedelta(days=300)), ("issue", -100, START - timedelta(days=1)),
        ("issue", -100, START),
    ])  # fmt: skip

    assert numbers(centre) == Numbers(on_hand=300, issued=100, days_in_stock=183, days=183)
    before = START - timedelta(days=1)
    assert numbers(centre, on=before).on_hand == 400


def test_the_state_of_a_past_day_is_worked_out_without_what_came_later(centre: Facility) -> None:
    day = END - timedelta(days=50)
    put(centre, "PARA500", [("receipt", 40, START), ("issue", -40, day), ("receipt", 90, END)])

    assert numbers(centre, on=day - timedelta(days=1)).on_hand == 40
    assert numbers(centre, on=day).on_hand == 0
    assert numbers(centre).days_in_stock == 134


def test_what_expires_within_three_months_is_told(centre: Facility) -> None:
    put(centre, "PARA500", [("receipt", 5, START)], expiry=END + timedelta(days=90))
    put(centre, "AMOX500", [("receipt", 5, START)], expiry=END + timedelta(days=91))
    put(centre, "ORS", [("receipt", 5, START)], expiry=FAR)

    told = {one.item.code: one.expires_soon
            for one in queries.supplied(facilities=[centre], on=END)}  # fmt: skip
    assert told == {"PARA500": True, "AMOX500": False, "ORS": False}


def test_a_hospital_keeps_more_than_a_health_centre(
    facility_of: Callable[..., Facility], items: None
) -> None:
    facility_of("H1", "cpa1", "16020101")
    facility_of("HC1")

    most = [queries.bounds_of(locations.facility(code, END), on=END).most_months
            for code in ("HC1", "H1")]  # fmt: skip
    assert most == [3, 4]
