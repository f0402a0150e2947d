"""The fleet: who may change what, where vehicles stand, who is on them, which could go."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, SpeanError
from spean.locations import queries as locations
from spean.referrals import actions, queries
from spean.referrals.models import Referral, Standing, Vehicle
from tests.referrals.conftest import NOW, POINTS, ago

TODAY = NOW.date()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"number": "SESAN-1"}, actions.NumberTaken),
        ({"number": " "}, actions.ChoiceUnknown),
        ({"kind": "balloon"}, actions.ChoiceUnknown),
        ({"lying": 0, "seats": 0}, actions.CarriesNobody),
        ({"lying": -1}, actions.CarriesNobody),
        ({"seats": 61}, actions.CarriesNobody),
    ],
)
def test_a_vehicle_that_cannot_be_is_refused(
    given: dict[str, Any], refusal: type[SpeanError], boat: Vehicle, officer: Actor
) -> None:
    usual = {"number": "NEW", "kind": "car", "facility": "HC1", "lying": 1, "seats": 1}

    with pytest.raises(refusal):
        actions.register_vehicle(**usual | given, by=officer, now=NOW)


def test_a_vehicle_moves_and_its_standings_stay(boat: Vehicle, officer: Actor) -> None:
    actions.report_vehicle(
        vehicle_id=boat.pk, state="ready", facility="H1", at=ago(60), by=officer, now=NOW
    )

    found = queries.vehicle(boat.pk, by=officer, on=TODAY)
    assert (found.facility.code, found.area) == ("H1", "16020101")
    assert {one.facility.code for one in found.standings.all()} == {"HC1", "H1"}
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        Standing.objects.all().delete()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"state": "flying"}, actions.ChoiceUnknown),
        ({"state": "under_repair"}, actions.ReasonNeeded),
        ({"at": ago(-5)}, actions.MomentToCome),
        ({"at": NOW - timedelta(days=60)}, actions.BeforeTheLastReport),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    given: dict[str, Any], refusal: type[SpeanError], boat: Vehicle, officer: Actor
) -> None:
    usual = {"state": "ready", "at": ago(10)}

    with pytest.raises(refusal):
        actions.report_vehicle(vehicle_id=boat.pk, **usual | given, by=officer, now=NOW)


def test_a_vehicle_on_its_way_is_not_reported_elsewhere(
    referral: Referral, boat: Vehicle, dispatcher: Actor
) -> None:
    actions.dispatch(
        referral_id=referral.pk, vehicle_id=boat.pk, at=ago(50), by=dispatcher, now=NOW
    )

    with pytest.raises(actions.VehicleOut):
        actions.report_vehicle(
            vehicle_id=boat.pk, state="under_repair", reason="engine", at=ago(5), by=dispatcher,
            now=NOW,
        )  # fmt: skip


def test_a_dispatcher_reports_repairs_but_neither_moves_nor_withdraws(
    boat: Vehicle, dispatcher: Actor
) -> None:
    def report(**given: Any) -> Vehicle:
        return actions.report_vehicle(
            vehicle_id=boat.pk, reason="engine", at=ago(5), by=dispatcher, now=NOW, **given
        )

    assert report(state="under_repair").state == "under_repair"
    for given in ({"state": "withdrawn"}, {"state": "ready", "facility": "H1"}):
        with pytest.raises(NotAllowed):
            report(**given)


def test_who_is_on_a_vehicle_is_dated(boat: Vehicle, officer: Actor) -> None:
    member = boat.crew.get()
    with pytest.raises(actions.OnIt):
        actions.add_crew(vehicle_id=boat.pk, name="Bun Thoeun", job="driver", by=officer, on=TODAY)
    with pytest.raises(actions.ChoiceUnknown):
        actions.add_crew(vehicle_id=boat.pk, name="Dara", job="captain", by=officer, on=TODAY)

    actions.end_crew(member_id=member.pk, by=officer, on=TODAY)

    with pytest.raises(actions.NotOnIt):
        actions.end_crew(member_id=member.pk, by=officer, on=TODAY)
    before = queries.vehicle(boat.pk, by=officer, on=TODAY - timedelta(days=1))
    now = queries.vehicle(boat.pk, by=officer, on=TODAY)
    assert [len(one.crew_now) for one in (before, now)] == [1, 0]
    again = actions.add_crew(
        vehicle_id=boat.pk, name="Bun Thoeun", job="driver", by=officer, on=TODAY
    )
    assert again.start == TODAY


def test_vehicles_are_judged_by_where_they_are_and_how(
    referral: Referral, vehicle_of: Callable[..., Vehicle], dispatcher: Actor,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    near, far = vehicle_of("NEAR"), vehicle_of("FAR", facility="H1")
    empty, road = vehicle_of("EMPTY", crew=False), vehicle_of("ROAD", "ambulance")

    with django_assert_num_queries(5):
        found = queries.could_go(referral.pk, by=dispatcher, on=TODAY)

    assert [one.vehicle for one in found if one.proposal.fits] == [near, far]
    km = {one.vehicle: one.proposal.km for one in found}
    crow = locations.km_between(POINTS["16010101"], POINTS["16010102"])
    assert km[near] == round(crow * 1.6)
    against = {
        one.vehicle: [test.name for test in one.proposal.criteria if not test.held] for one in found
    }
    assert against[empty] == ["crew"]
    assert against[road] == ["way"]


def test_a_dispatcher_sees_the_vehicles_of_their_area_only(
    boat: Vehicle, vehicle_of: Callable[..., Vehicle], actor: Callable[..., Actor]
) -> None:
    vehicle_of("FAR", facility="H1")
    here = actor("transport_dispatcher", "1601", Purpose.CARE)

    assert [one.number for one in queries.vehicles(by=here, on=TODAY)] == ["SESAN-1"]


def test_points_of_places_of_any_level(facilities: Any) -> None:
    found = locations.points(["16010101", "160101", "1602", "12"])

    assert found["16010101"] == POINTS["16010101"]
    assert found["160101"] == pytest.approx((13.725, 107.01))
    assert found["1602"] == POINTS["16020101"]
    assert "12" not in found


def test_a_degree_of_latitude_is_some_111_km() -> None:
    assert locations.km_between((13.0, 107.0), (14.0, 107.0)) == pytest.approx(111.2, abs=0.1)
    assert locations.km_between((13.0, 107.0), (13.0, 107.0)) == 0


def test_a_day_without_crew_is_a_day_without_crew(boat: Vehicle, officer: Actor) -> None:
    found = queries.vehicle(boat.pk, by=officer, on=date(2026, 10, 31))

    assert found.crew_now == []
