"""A contact completed in care is confirmed for the grant, once, by the rules of its day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.maternal_child import actions as care
from spean.maternal_child.models import Pregnancy
from spean.programmes import actions
from spean.programmes.models import Confirmation, Enrolment
from spean.programmes.rules import Happened
from spean.registry.models import Household, Person
from spean.targeting.models import PovertyStatus

TODAY = date(2026, 11, 10)


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def mother(family: Household) -> Person:
    return family.memberships.get(relation="head").person


@pytest.fixture
def pregnancy(mother: Person, midwife: Actor) -> Pregnancy:
    return care.record_pregnancy(
        person_id=mother.pk, dating=care.Dating(TODAY - timedelta(weeks=38)), by=midwife, on=TODAY
    )


def meet(person: Any, kind: str, by: Actor, **changes: Any) -> Any:
    given = {"day": TODAY, "place": "facility", "measured": care.Measured()} | changes
    return care.record_contact(person_id=person.pk, kind=kind, by=by, on=TODAY, **given)


def bear(pregnancy: Pregnancy, by: Actor, babies: int = 1, place: str = "health_centre") -> None:
    care.record_birth(
        pregnancy_id=pregnancy.pk, by=by, on=TODAY,
        birth=care.Birth(TODAY - timedelta(days=3), place, "midwife", "normal"),
        babies=[care.NewBaby("live", "female", given_name_km=name) for name in "កខ"[:babies]],
    )  # fmt: skip


def confirmed() -> list[tuple[str, int | None]]:
    return list(Confirmation.objects.order_by("id").values_list("kind", "amount"))


def test_an_antenatal_contact_is_confirmed_and_the_family_comes_on_the_list(
    mother: Person, pregnancy: Pregnancy, midwife: Actor
) -> None:
    meet(mother, "antenatal", midwife)

    assert confirmed() == [("antenatal_visit", 80_000)]
    assert Enrolment.objects.get(programme="maternal_grant").state == "candidate"
    assert Confirmation.objects.get().by == "system:care"


def test_what_was_typed_by_hand_is_not_confirmed_twice(
    mother: Person, pregnancy: Pregnancy, midwife: Actor, actor: Callable[..., Actor]
) -> None:
    by_hand = actor("health_worker", "1601", Purpose.PAYMENT)
    report = actions.Report(Happened("antenatal_visit", TODAY), mother.pk)
    actions.confirm(programme="maternal_grant", report=report, by=by_hand, on=TODAY)

    meet(mother, "antenatal", midwife)

    assert confirmed() == [("antenatal_visit", 80_000)]
    assert Confirmation.objects.get().by == by_hand.name


def test_a_fifth_antenatal_contact_is_on_record_and_worth_nothing(
    mother: Person, pregnancy: Pregnancy, midwife: Actor
) -> None:
    for weeks in range(5):
        meet(mother, "antenatal", midwife, day=TODAY - timedelta(weeks=weeks))

    assert [amount for _, amount in confirmed()] == [80_000] * 4 + [None]


def test_a_delivery_in_a_facility_is_paid_for_each_baby(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, babies=2)

    assert confirmed() == [("delivery", 800_000)]


def test_a_birth_at_home_earns_nothing(pregnancy: Pregnancy, midwife: Actor) -> None:
    bear(pregnancy, midwife, place="home")

    assert confirmed() == []


def test_a_newborns_contact_and_a_vaccination_are_confirmed_for_the_child(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, place="home")
    child = Person.objects.get(birth_date=TODAY - timedelta(days=3))

    meet(child, "newborn", midwife)
    meet(child, "child", midwife, day=TODAY - timedelta(days=1))
    dose = care.NewDose("bcg", TODAY - timedelta(days=2))
    meet(child, "child", midwife, day=TODAY - timedelta(days=2), doses=[dose])

    assert confirmed() == [("after_birth", 80_000)] * 2


@pytest.mark.parametrize(("kind", "place"), [("antenatal", "home"), ("postnatal", "facility")])
def test_other_contacts_earn_nothing(
    kind: str, place: str, mother: Person, pregnancy: Pregnancy, midwife: Actor
) -> None:
    if kind == "postnatal":
        bear(pregnancy, midwife, place="home")

    meet(mother, kind, midwife, place=place)

    assert confirmed() == []


def test_a_family_without_a_level_is_not_listed_anywhere(
    mother: Person, pregnancy: Pregnancy, midwife: Actor
) -> None:
    PovertyStatus.objects.all().delete()

    meet(mother, "antenatal", midwife)

    assert confirmed() == []


def standing() -> list[str]:
    rows = Confirmation.objects.filter(withdrawn_on=None).order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_what_a_withdrawn_contact_earned_is_taken_back_with_its_reason(
    mother: Person, pregnancy: Pregnancy, midwife: Actor
) -> None:
    wrong = meet(mother, "antenatal", midwife)
    meet(mother, "antenatal", midwife, day=TODAY - timedelta(days=30))

    care.withdraw_contact(contact_id=wrong.pk, reason="x", by=midwife, on=TODAY)

    assert standing() == ["antenatal_visit"]
    taken = Confirmation.objects.get(on=TODAY)
    assert (taken.withdrawn_on, taken.withdrawn_by, taken.reason) == (
        TODAY, "system:care", "Withdrawn from the care record",
    )  # fmt: skip


def test_what_a_facility_confirmed_by_hand_stays(
    mother: Person, pregnancy: Pregnancy, midwife: Actor, actor: Callable[..., Actor]
) -> None:
    by_hand = actor("health_worker", "1601", Purpose.PAYMENT)
    report = actions.Report(Happened("antenatal_visit", TODAY), mother.pk)
    actions.confirm(programme="maternal_grant", report=report, by=by_hand, on=TODAY)
    wrong = meet(mother, "antenatal", midwife)

    care.withdraw_contact(contact_id=wrong.pk, reason="x", by=midwife, on=TODAY)

    assert standing() == ["antenatal_visit"]


def test_a_second_contact_of_the_day_earns_once_the_first_is_withdrawn(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, place="home")
    child = Person.objects.get(birth_date=TODAY - timedelta(days=3))
    first = meet(child, "newborn", midwife)
    meet(child, "child", midwife, doses=[care.NewDose("bcg", TODAY)])

    care.withdraw_contact(contact_id=first.pk, reason="x", by=midwife, on=TODAY)

    assert standing() == ["after_birth"]


def test_a_vaccination_withdrawn_earns_no_more_and_one_added_earns(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, place="home")
    child = Person.objects.get(birth_date=TODAY - timedelta(days=3))
    contact = meet(child, "child", midwife, doses=[care.NewDose("bcg", TODAY)])
    assert standing() == ["after_birth"]

    care.withdraw_dose(dose_id=contact.doses.get().pk, reason="x", by=midwife, on=TODAY)
    assert standing() == []

    care.add_doses(contact_id=contact.pk, doses=[care.NewDose("hepb", TODAY)], by=midwife, on=TODAY)
    assert standing() == ["after_birth"]
