"""The pure rules: which step may follow, how late it is, which vehicle goes, what it costs."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spean.referrals.rules import (
    MAY,
    MOVING,
    OPEN,
    Candidate,
    Leg,
    State,
    Step,
    StepNotPossible,
    Urgency,
    VehicleKind,
    VehicleState,
    following,
    moments_of,
    proposals,
    steps_from,
    taken,
    trip_cost,
    waits,
    way_km,
)

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 8, 0)


def at(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def way(*steps: str) -> State:
    """Walk from the request through some steps; give where that leads."""
    state, done = State.REQUESTED, ["requested"]
    for step in steps:
        state = following(state, Step(step), done)
        done.append(step)
    return state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("accepted", "dispatched", "picked_up", "arrived", "handed_over"), "handed_over"),
        (("dispatched", "accepted", "picked_up"), "picked_up"),  # accepted while on the way
        (("dispatched", "accepted", "called_back"), "accepted"),
        (("dispatched", "called_back"), "requested"),
        (("dispatched", "called_back", "dispatched", "arrived"), "arrived"),
        (("accepted", "declined"), "declined"),
        (("arrived", "handed_over"), "handed_over"),  # who came on their own
        (("accepted", "did_not_come"), "did_not_come"),
    ],
)
def test_steps_lead_where_they_should(steps: tuple[str, ...], state: str) -> None:
    assert way(*steps) == state


@pytest.mark.parametrize(
    "steps",
    [
        ("picked_up",),
        ("handed_over",),
        ("dispatched", "dispatched"),
        ("dispatched", "cancelled"),  # call the vehicle back first
        ("dispatched", "declined"),
        ("accepted", "accepted"),
        ("declined", "accepted"),
        ("arrived", "did_not_come"),
        ("arrived", "handed_over", "handed_over"),
    ],
)
def test_a_step_that_cannot_follow_is_refused(steps: tuple[str, ...]) -> None:
    with pytest.raises(StepNotPossible):
        way(*steps)


def test_what_is_over_stays_over() -> None:
    over = set(State) - set(OPEN)

    assert not [step for state in over for step in steps_from(state, [])]


@given(st.lists(st.sampled_from(sorted(set(Step) - {Step.REQUESTED})), max_size=12))
def test_whatever_is_tried_a_vehicle_on_its_way_is_one_sent_and_not_called_back(
    tried: list[Step],
) -> None:
    state, done = State.REQUESTED, ["requested"]
    for step in tried:
        if step in steps_from(state, done):
            state = following(state, step, done)
            done.append(step)

    sent = done.count("dispatched") - done.count("called_back") - done.count("arrived")
    assert (state in MOVING) == (sent == 1 and state not in {"arrived", "handed_over"})


def test_every_step_but_the_first_has_its_states() -> None:
    assert set(MAY) == set(Step) - {Step.REQUESTED}


def test_a_vehicle_called_back_never_set_out() -> None:
    found = moments_of([
        ("requested", at(0)), ("dispatched", at(5)), ("picked_up", at(9)), ("called_back", at(20)),
        ("dispatched", at(30)),
    ])  # fmt: skip

    assert found[Step.DISPATCHED] == at(30)
    assert Step.PICKED_UP not in found


@pytest.mark.parametrize(
    ("moments", "transport", "now", "leg", "minutes"),
    [
        ({Step.REQUESTED: at(0)}, True, at(15), Leg.DISPATCH, 0),
        ({Step.REQUESTED: at(0)}, True, at(16), Leg.DISPATCH, 1),
        ({Step.REQUESTED: at(0)}, False, at(16), Leg.REACH, -104),
        ({Step.REQUESTED: at(0), Step.DISPATCHED: at(5)}, True, at(130), Leg.REACH, 10),
        ({Step.REQUESTED: at(0), Step.ARRIVED: at(60)}, True, at(80), Leg.RECEIVE, 5),
    ],
)
def test_an_emergency_is_late_by_the_target_of_what_it_waits_for(
    moments: dict[Step, datetime], transport: bool, now: datetime, leg: Leg, minutes: int
) -> None:
    found = waits(Urgency.EMERGENCY, moments, transport=transport, now=now, on=ON)

    assert (found.leg, found.minutes, found.late) == (leg, minutes, minutes > 0)


def test_the_three_delays_are_told_beside_the_legs_between() -> None:
    moments = {Step.REQUESTED: at(0), Step.DISPATCHED: at(20), Step.PICKED_UP: at(50),
               Step.ARRIVED: at(110), Step.HANDED_OVER: at(115)}  # fmt: skip

    found = taken(Urgency.EMERGENCY, moments, noticed_at=at(-90), on=ON)

    assert {one.leg: (one.minutes, one.target) for one in found} == {
        Leg.DECIDE: (90, None), Leg.DISPATCH: (20, 15), Leg.FETCH: (30, None),
        Leg.TRAVEL: (60, None), Leg.REACH: (110, 120), Leg.RECEIVE: (5, 15),
    }  # fmt: skip


def candidate(n: int, **given: Any) -> Candidate:
    usual = {"kind": VehicleKind.AMBULANCE, "state": VehicleState.READY, "lying": 1, "crew": 1,
             "crow_km": 10.0}  # fmt: skip
    return Candidate(UUID(int=n), **usual | given)


def order(*candidates: Candidate, ways: tuple[str, ...] = ("road", "water")) -> list[int]:
    found = proposals(candidates, urgency=Urgency.EMERGENCY, ways=ways, on=ON)
    return [one.candidate.vehicle.int for one in found if one.fits]


def test_the_soonest_there_is_proposed_first_and_the_unknown_last() -> None:
    boat = {"kind": VehicleKind.MOTOR_BOAT}

    assert order(
        candidate(1, crow_km=None), candidate(2, crow_km=30.0), candidate(3, crow_km=10.0, **boat),
        candidate(4, crow_km=20.0),
    ) == [4, 3, 2, 1]  # fmt: skip


@pytest.mark.parametrize(
    ("against", "given"),
    [
        ("ready", {"state": VehicleState.UNDER_REPAIR}),
        ("free", {"trip": "R26-00000001"}),
        ("way", {"kind": VehicleKind.MOTOR_BOAT}),
        ("crew", {"crew": 0}),
        ("lying", {"lying": 0}),
    ],
)
def test_a_vehicle_that_cannot_go_says_why(against: str, given: dict[str, Any]) -> None:
    (found,) = proposals([candidate(1, **given)], urgency=Urgency.EMERGENCY, ways=["road"], on=ON)

    assert [one.name for one in found.criteria if not one.held] == [against]


def test_who_can_sit_may_be_fetched_by_a_vehicle_without_a_bed() -> None:
    (found,) = proposals([candidate(1, lying=0)], urgency=Urgency.URGENT, ways=["road"], on=ON)

    assert found.fits


def test_a_way_is_longer_than_the_crow_flies() -> None:
    assert {way: way_km(10.0, way, ON) for way in ("road", "water")} == {"road": 14, "water": 16}


@pytest.mark.parametrize(
    ("kind", "km", "cost"),
    [("ambulance", 0, 20000), ("ambulance", 50, 95000), ("motor_boat", 12, 45000)],
)
def test_a_trip_costs_its_start_and_its_km(kind: str, km: int, cost: int) -> None:
    amount, why = trip_cost(VehicleKind(kind), km, on=ON)

    assert amount == Decimal(cost)
    assert why.facts["km"] == km
    assert why.policies[0].key == "referrals.trip_cost"


def test_every_kind_of_vehicle_has_a_speed_and_a_cost_and_every_urgency_its_targets() -> None:
    for kind in VehicleKind:
        assert trip_cost(kind, 1, on=ON)[0] > 0
        assert proposals([candidate(1, kind=kind)], urgency=Urgency.PLANNED, ways=(), on=ON)
    for urgency, leg in product(Urgency, (Leg.DISPATCH, Leg.REACH, Leg.RECEIVE)):
        starts = {Step.REQUESTED: at(0)}
        if leg is Leg.RECEIVE:
            starts[Step.ARRIVED] = at(0)
        found = waits(urgency, starts, transport=leg is Leg.DISPATCH, now=at(0), on=ON)
        assert found.leg is leg
        assert found.minutes < 0
