"""Somebody is referred; what can't be is refused with its reason; onward and back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, SpeanError
from spean.locations.queries import UnknownFacility
from spean.maternal_child.models import Sign
from spean.referrals import actions, queries
from spean.referrals.models import Reason, Referral
from spean.registry.models import Household, Person
from tests.referrals.conftest import NOW, ago

Ask = Callable[..., Referral]


def test_who_names_no_facility_goes_to_the_one_that_serves_the_village(referral: Referral) -> None:
    assert (referral.to_facility.code, referral.state) == ("HC1", "requested")
    assert (referral.from_area, referral.to_area) == ("16010101", "16010102")
    assert referral.number.startswith("R26-")
    assert [step.kind for step in referral.steps.all()] == ["requested"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"need": {"urgency": "soon"}}, actions.ChoiceUnknown),
        ({"need": {"reasons": ["luck"]}}, actions.ChoiceUnknown),
        ({"need": {"reasons": []}}, actions.WhyNeeded),
        ({"need": {"ways": []}}, actions.WayNeeded),
        ({"need": {"noticed_at": ago(30)}}, actions.NoticedLater),
        ({"at": ago(-1)}, actions.MomentToCome),
        ({"at": ago(121 * 24 * 60)}, actions.MomentTooOld),
        ({"to_facility": "NONE"}, UnknownFacility),
        ({"to_facility": "H1", "from_facility": "H1"}, NotAllowed),
    ],
)
def test_what_cannot_be_is_refused(
    ask: Ask, given: dict[str, Any], refusal: type[SpeanError]
) -> None:
    with pytest.raises(refusal):
        ask(**given)
    assert not Referral.objects.exists()


def test_a_facility_refers_to_another_and_not_to_itself(ask: Ask, midwife: Actor) -> None:
    with pytest.raises(actions.GoesNowhere):
        ask(from_facility="HC1", to_facility="HC1", by=midwife)

    made = ask(from_facility="HC1", to_facility="H1", by=midwife)

    assert (made.from_area, made.to_area) == ("16010102", "16020101")


def test_where_nothing_serves_the_village_somebody_has_to_say_where_to(
    ask: Ask, facilities: dict[str, Any]
) -> None:
    facilities["HC1"].catchments.all().delete()

    with pytest.raises(actions.NowhereToGo):
        ask()

    assert ask(to_facility="H1").to_facility.code == "H1"


def test_nobody_is_sent_for_who_has_died(ask: Ask, mother: Person) -> None:
    Person.objects.filter(pk=mother.pk).update(death_date=NOW.date())

    with pytest.raises(actions.NotAlive):
        ask()


def test_a_second_request_of_a_patient_is_refused_with_the_first(ask: Ask, child: Person) -> None:
    first = ask()

    with pytest.raises(actions.UnderWayAlready) as refused:
        ask()

    assert first.number in str(refused.value)
    assert ask(person_id=child.pk).pk != first.pk


def test_the_same_record_asks_once_for_its_own_patient_only(ask: Ask, child: Person) -> None:
    first = ask(source_key="maternal_child.contact:7")

    assert ask(source_key="maternal_child.contact:7").pk == first.pk
    other = ask(source_key="maternal_child.contact:7", person_id=child.pk)
    assert other.pk != first.pk


def test_another_areas_volunteer_asks_for_nobody_here(
    ask: Ask, actor: Callable[..., Actor]
) -> None:
    from spean.kernel.access import Purpose

    stranger = actor("village_health_volunteer", "16010102", Purpose.CARE)

    with pytest.raises(NotAllowed):
        ask(by=stranger)


def test_the_database_holds_one_open_referral_a_patient(ask: Ask) -> None:
    first = ask()
    with pytest.raises(IntegrityError, match="one_open_a_person"), transaction.atomic():
        first.pk, first.number = None, "R26-X"
        first._state.adding = True
        first.save(force_insert=True)


def test_who_arrived_is_sent_on_and_the_first_referral_is_closed_by_it(
    arrived: Referral, midwife: Actor
) -> None:
    need = actions.Need("emergency", ["bleeding"], ways=["road"])

    on = actions.send_on(
        direction="onward",
        referral_id=arrived.pk,
        to_facility="H1",
        need=need,
        at=ago(5),
        by=midwife,
        now=NOW,
    )

    arrived.refresh_from_db()
    assert arrived.state == "handed_over"
    assert (on.follows_id, on.from_facility.code, on.to_facility.code) == (arrived.pk, "HC1", "H1")


def test_who_has_not_arrived_is_not_sent_on(referral: Referral, midwife: Actor) -> None:
    with pytest.raises(actions.NotThereYet):
        actions.send_on(
            direction="onward", referral_id=referral.pk, to_facility="H1",
            need=actions.Need("urgent", ["fever"]), at=ago(5), by=midwife, now=NOW,
        )  # fmt: skip


def test_the_hospital_sends_back_home_and_the_health_centre_follows_up(
    arrived: Referral, midwife: Actor, doctor: Actor
) -> None:
    need = actions.Need("urgent", ["bleeding"], transport=False, ways=[])
    on = actions.send_on(
        direction="onward",
        referral_id=arrived.pk,
        to_facility="H1",
        need=need,
        at=ago(9),
        by=midwife,
        now=NOW,
    )
    actions.take_step(referral_id=on.pk, step="arrived", at=ago(5), by=doctor, now=NOW)

    home = actions.send_on(
        direction="back",
        referral_id=on.pk,
        need=actions.Need("planned"),
        at=ago(2),
        by=doctor,
        now=NOW,
    )

    assert (home.direction, home.to_facility.code, home.village.code) == ("back", "HC1", "16010101")
    assert home.from_facility.code == "H1"


def test_every_danger_sign_of_care_is_a_reason_to_refer() -> None:
    assert set(Sign.values) <= set(Reason.values)


def test_records_for_others_hold_everything_and_stay_within_the_area(
    arrived: Referral, midwife: Actor, volunteer: Actor, doctor: Actor, mother: Person
) -> None:
    (record,) = queries.referrals_of(by=midwife, person_ids=[mother.pk])

    assert [step.kind for step in record.steps] == [
        "requested", "dispatched", "picked_up", "arrived",
    ]  # fmt: skip
    assert (record.village, record.to_facility, record.reasons) == (
        "16010101", "HC1", ("bleeding",),
    )  # fmt: skip
    assert record.trips[0].vehicle == "SESAN-1"
    assert queries.referrals_of(by=volunteer, ids=[arrived.pk]) == [record]
    assert queries.referrals_of(by=doctor) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_told_of_the_other(
    family: Household, ask: Ask, volunteer: Actor
) -> None:
    start = Barrier(2)

    def asked(_: int) -> str:
        start.wait()
        try:
            return ask().state
        except actions.UnderWayAlready as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(asked, range(2)))

    assert answers == ["referrals.under_way_already", "requested"]
    assert Referral.objects.count() == 1
