"""Step by step: in order of time, by who may, with a reason; a boat is never sent twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from spean.kernel import outbox
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.kernel.models import AuditEntry
from spean.locations.models import VillagePoint
from spean.referrals import actions, queries
from spean.referrals.events import TripCompleted
from spean.referrals.models import Referral, ReferralStep, Trip, Vehicle
from spean.registry.models import Person
from tests.referrals.conftest import NOW, ago

Ask = Callable[..., Referral]


def send(referral: Referral, vehicle: Vehicle, by: Actor, at: datetime | None = None) -> Trip:
    return actions.dispatch(
        referral_id=referral.pk, vehicle_id=vehicle.pk, at=at or ago(50), by=by, now=NOW
    )


def step(referral: Referral, kind: str, at: datetime, by: Actor, **more: Any) -> Referral:
    return actions.take_step(referral_id=referral.pk, step=kind, at=at, by=by, now=NOW, **more)


def test_a_trip_keeps_who_was_on_it_how_far_it_was_and_what_it_cost(arrived: Referral) -> None:
    trip = arrived.trips.get()

    # From the health centre 6 km to the village and back, by water 1.6 times as far.
    assert (trip.km, trip.measured, trip.outcome) == (20, False, "arrived")
    assert trip.cost == Decimal(15000 + 20 * 2500)
    assert trip.crew == "Bun Thoeun 012345678"
    assert trip.decision is not None
    assert trip.decision.body["policies"][0]["reference"].startswith("ASSUMED")


def test_the_crews_own_km_count_before_the_map(
    referral: Referral, boat: Vehicle, dispatcher: Actor, midwife: Actor
) -> None:
    send(referral, boat, dispatcher)
    step(referral, "arrived", ago(5), midwife, km=31)

    trip = referral.trips.get()
    assert (trip.km, trip.measured) == (31, True)


@pytest.mark.parametrize("km", [0, 2001])
def test_km_that_no_trip_has_are_refused_and_nothing_is_lost(
    km: int, referral: Referral, boat: Vehicle, dispatcher: Actor
) -> None:
    send(referral, boat, dispatcher)

    with pytest.raises(actions.KmImpossible):
        step(referral, "arrived", ago(5), dispatcher, km=km)

    referral.refresh_from_db()
    assert referral.state == "dispatched"
    assert referral.trips.get().ended_at is None


def test_where_a_place_is_not_on_the_map_the_crew_says_the_km_later_and_once(
    referral: Referral, boat: Vehicle, dispatcher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(outbox, "announce", told.append)
    VillagePoint.objects.all().delete()
    send(referral, boat, dispatcher)
    step(referral, "arrived", ago(5), dispatcher)
    trip = referral.trips.get()
    assert (trip.km, trip.cost, told) == (None, None, [])

    actions.measure_trip(trip_id=trip.pk, km=20, by=dispatcher)

    trip.refresh_from_db()
    assert trip.cost == Decimal(65000)
    assert [(type(one), one.km, one.facility) for one in told] == [(TripCompleted, 20, "HC1")]
    with pytest.raises(actions.CostedAlready):
        actions.measure_trip(trip_id=trip.pk, km=21, by=dispatcher)


def test_a_trip_home_goes_to_the_village_and_is_told_for_who_treated_the_patient(
    arrived: Referral, boat: Vehicle, dispatcher: Actor, midwife: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told: list[Any] = []
    monkeypatch.setattr(outbox, "announce", told.append)
    need = actions.Need("urgent", ["bleeding"], transport=False, ways=[])
    on = actions.send_on(
        referral_id=arrived.pk, direction="onward", to_facility="H1", need=need, at=ago(9),
        by=midwife, now=NOW,
    )  # fmt: skip
    for kind in ("arrived", "handed_over"):
        step(on, kind, ago(8), Actor.system("test"))
    home = actions.send_on(
        referral_id=on.pk, direction="back", need=actions.Need("planned", ways=["water"]),
        at=ago(7), by=Actor.system("test"), now=NOW,
    )  # fmt: skip

    send(home, boat, dispatcher, ago(6))
    step(home, "arrived", ago(5), dispatcher)

    # From the health centre 40 km to the hospital and 38 km to the village, 1.6 times by water.
    assert home.trips.get().km == 125
    assert told[0].facility == "H1"


def test_a_boat_is_not_sent_twice_and_the_second_is_told_where_it_is(
    referral: Referral, ask: Ask, child: Person, boat: Vehicle, dispatcher: Actor
) -> None:
    send(referral, boat, dispatcher)
    other = ask(person_id=child.pk)

    with pytest.raises(actions.VehicleOut) as refused:
        send(other, boat, dispatcher)

    assert referral.number in str(refused.value)
    assert "SESAN-1" in str(refused.value)
    other.refresh_from_db()
    assert other.state == "requested"


def test_a_patient_is_sent_one_vehicle(
    referral: Referral, boat: Vehicle, vehicle_of: Callable[..., Vehicle], dispatcher: Actor
) -> None:
    second = vehicle_of("SESAN-2")
    send(referral, boat, dispatcher)

    with pytest.raises(actions.VehicleSentAlready):
        send(referral, second, dispatcher)


def test_the_database_itself_keeps_a_vehicle_in_one_place(
    arrived: Referral, boat: Vehicle, dispatcher: Actor
) -> None:
    def trip(**given: Any) -> None:
        with transaction.atomic():
            Trip.objects.create(referral=arrived, vehicle=boat, sent_by="t", **given)

    over = {"ended_by": "t", "outcome": "called_back"}
    with pytest.raises(IntegrityError, match="is_in_one_place"):
        trip(started_at=ago(45), ended_at=ago(40), **over)
    trip(started_at=ago(60), ended_at=ago(50), **over)
    trip(started_at=ago(5))
    with pytest.raises(IntegrityError, match=r"one_open|one_place"):
        trip(started_at=ago(4))


@pytest.mark.django_db(transaction=True)
def test_of_two_dispatchers_at_once_one_sends_the_boat(
    ask: Ask, mother: Person, child: Person, boat: Vehicle, dispatcher: Actor
) -> None:
    wanted = [ask().pk, ask(person_id=child.pk).pk]
    start = Barrier(2)

    def sent(referral_id: UUID) -> str:
        start.wait()
        try:
            actions.dispatch(
                referral_id=referral_id, vehicle_id=boat.pk, at=ago(30), by=dispatcher, now=NOW
            )
        except actions.VehicleOut as error:
            return error.code
        else:
            return "sent"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(sent, wanted))

    assert answers == ["referrals.vehicle_out", "sent"]
    assert Trip.objects.filter(ended_at=None).count() == 1
    assert sorted(Referral.objects.values_list("state", flat=True)) == ["dispatched", "requested"]


@pytest.mark.parametrize(("state", "reason"), [("under_repair", "engine"), ("withdrawn", "sold")])
def test_a_vehicle_out_of_use_is_not_sent(
    state: str, reason: str, referral: Referral, boat: Vehicle, dispatcher: Actor, officer: Actor
) -> None:
    actions.report_vehicle(
        vehicle_id=boat.pk, state=state, reason=reason, at=ago(100), by=officer, now=NOW
    )

    with pytest.raises(actions.VehicleNotReady):
        send(referral, boat, dispatcher)


def test_no_vehicle_goes_where_none_was_asked_for(
    ask: Ask, boat: Vehicle, dispatcher: Actor
) -> None:
    made = ask(need={"transport": False, "ways": []})

    with pytest.raises(actions.NoVehicleAsked):
        send(made, boat, dispatcher)


def test_a_vehicle_was_not_sent_while_it_was_elsewhere(
    arrived: Referral, ask: Ask, child: Person, boat: Vehicle, dispatcher: Actor
) -> None:
    other = ask(person_id=child.pk)

    with pytest.raises(actions.VehicleOutThen):
        send(other, boat, dispatcher, ago(20))
    assert send(other, boat, dispatcher, ago(10)).ended_at is None


def test_a_boat_called_back_frees_itself_and_the_patient_waits_again(
    referral: Referral, ask: Ask, child: Person, boat: Vehicle, dispatcher: Actor
) -> None:
    send(referral, boat, dispatcher)
    with pytest.raises(actions.ReasonNeeded):
        step(referral, "called_back", ago(40), dispatcher)

    step(referral, "called_back", ago(40), dispatcher, reason="engine")

    referral.refresh_from_db()
    assert referral.state == "requested"
    assert referral.trips.get().outcome == "called_back"
    assert send(ask(person_id=child.pk), boat, dispatcher, ago(30)).ended_at is None


@pytest.mark.parametrize(
    ("at", "refusal"),
    [(ago(61), actions.BeforeTheLastStep), (ago(-1), actions.MomentToCome)],
)
def test_a_step_is_neither_before_the_last_nor_to_come(
    at: datetime, refusal: type[SpeanError], referral: Referral, midwife: Actor
) -> None:
    with pytest.raises(refusal):
        step(referral, "accepted", at, midwife)


def test_a_step_in_the_same_minute_is_in_order(referral: Referral, midwife: Actor) -> None:
    assert step(referral, "accepted", ago(60), midwife).state == "accepted"


@pytest.mark.parametrize("kind", ["requested", "dispatched", "flown"])
def test_a_step_that_is_none_of_these_is_refused(
    kind: str, referral: Referral, dispatcher: Actor
) -> None:
    with pytest.raises(actions.StepNotPossible):
        step(referral, kind, ago(5), dispatcher)


@pytest.mark.parametrize("kind", ["declined", "cancelled", "did_not_come"])
def test_what_ends_a_referral_early_says_why(kind: str, referral: Referral, midwife: Actor) -> None:
    with pytest.raises(actions.ReasonNeeded):
        step(referral, kind, ago(5), midwife, reason=" ")

    assert step(referral, kind, ago(5), midwife, reason="no bed").state == kind


def test_the_database_lets_steps_only_be_added_in_order(referral: Referral) -> None:
    row = referral.steps.get()
    for change in (lambda: row.delete(), lambda: row.save()):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="before the one"), transaction.atomic():
        ReferralStep.objects.create(referral=referral, kind="accepted", at=ago(100), written_by="t")


def test_only_the_receiving_facility_accepts(
    ask: Ask, volunteer: Actor, midwife: Actor, doctor: Actor
) -> None:
    made = ask(to_facility="H1")
    for by in (volunteer, midwife):
        with pytest.raises(NotAllowed):
            step(made, "accepted", ago(5), by)

    assert step(made, "accepted", ago(5), doctor).state == "accepted"


def test_open_ones_are_listed_the_latest_first(ask: Ask, child: Person, midwife: Actor) -> None:
    planned = ask(person_id=child.pk, need={"urgency": "planned"}, at=ago(600))
    emergency = ask(at=ago(20))

    found = queries.open_by_lateness(by=midwife, now=NOW)

    assert [one.referral.pk for one in found] == [emergency.pk, planned.pk]
    assert [one.waits.late for one in found if one.waits] == [True, False]


def test_feedback_is_read_by_who_sent_and_what_was_told_before_stays(
    arrived: Referral, midwife: Actor, volunteer: Actor
) -> None:
    for diagnosis in ("malaria", "severe malaria"):
        told = actions.Told(diagnosis, "treated", "volunteer", "visit at home")
        last = actions.give_feedback(referral_id=arrived.pk, told=told, by=midwife, now=NOW)

    shown = queries.referral(arrived.pk, by=volunteer, now=NOW).referral
    assert [one.diagnosis for one in shown.feedback.all()] == ["severe malaria", "malaria"]
    assert queries.unread_feedback(by=volunteer).count() == 2
    actions.note_read(feedback_id=last.pk, by=volunteer, now=NOW)
    actions.note_read(feedback_id=last.pk, by=midwife, now=NOW)
    last.refresh_from_db()
    assert last.read_by == volunteer.name


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (("", "treated", "nobody"), actions.FoundAndDoneNeeded),
        (("malaria", "treated", "volunteer"), actions.FollowUpUnclear),
        (("malaria", "treated", "nobody", "visit"), actions.FollowUpUnclear),
        (("malaria", "treated", "anybody", "visit"), actions.FollowUpUnclear),
        (("malaria", "treated", "volunteer", "visit", ago(60 * 48).date()), actions.FollowUpPast),
    ],
)
def test_feedback_that_nobody_could_follow_is_refused(
    told: tuple[Any, ...], refusal: type[SpeanError], arrived: Referral, midwife: Actor
) -> None:
    with pytest.raises(refusal):
        actions.give_feedback(referral_id=arrived.pk, told=actions.Told(*told), by=midwife, now=NOW)


def test_there_is_no_feedback_on_who_has_not_arrived(referral: Referral, midwife: Actor) -> None:
    with pytest.raises(actions.NothingToTellYet):
        actions.give_feedback(
            referral_id=referral.pk, told=actions.Told("x", "y", "nobody"), by=midwife, now=NOW
        )


def test_reading_a_referral_leaves_an_audit_line(referral: Referral, midwife: Actor) -> None:
    queries.referral(referral.pk, by=midwife, now=NOW)

    line = AuditEntry.objects.get(kind="read", subject_id=str(referral.pk))
    assert (line.actor, line.action) == (midwife.name, "referrals.read")
