"""A midwife writes down a dose with its batch; the box in the store has one less."""

from datetime import date, timedelta

import pytest

from spean.kernel.access import Actor
from spean.locations.models import Catchment, Facility, OperationalDistrict, Place
from spean.maternal_child import actions as care
from spean.maternal_child.models import Dose
from spean.registry import actions as registry
from spean.registry.models import Person
from spean.supplies import actions
from spean.supplies.models import Balance, Waiting

BORN, DAY = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def child(village: Place, system: Actor) -> Person:
    """Register a mother and her child."""
    names = {"family_name_km": "សុខ", "family_name_latin": "Sok", "given_name_latin": ""}
    registry.register_household(
        village=village, address="", phone="", by=system, on=DAY, not_duplicates=True,
        members=[
            registry.NewMember(given_name_km="បុប្ផា", sex="female", relation="head",
                               birth_date=date(1996, 1, 1), **names),
            registry.NewMember(given_name_km="ដារ៉ា", sex="male", relation="child",
                               birth_date=BORN, **names),
        ],
    )  # fmt: skip
    return Person.objects.get(given_name_km="ដារ៉ា")


@pytest.fixture
def store(places: dict[str, Place], system: Actor) -> Facility:
    """Give the health centre that serves the village ten doses of penta."""
    actions.load_items(by=system)
    long_ago = date(2015, 1, 1)
    district = OperationalDistrict.objects.create(
        code="OD", name_km="-", name_en="-", province=places["16"], start=long_ago
    )
    made = Facility.objects.create(
        code="HC1", name_km="-", name_en="-", operational_district=district,
        place=places["160101"], start=long_ago,
    )  # fmt: skip
    Catchment.objects.create(facility=made, place=places["160101"], start=long_ago)
    came = actions.Entry(kind="receipt", item="PENTA", quantity=10, day=BORN, batch="V1",
                         expiry=date(2028, 1, 1))  # fmt: skip
    actions.record_movement(facility="HC1", entry=came, by=system, on=DAY)
    return made


def left() -> int:
    return Balance.objects.get(batch__number="V1").quantity


def give(child: Person, system: Actor, batch: str, day: date = DAY) -> Dose:
    [made] = care.record_doses(
        person_id=child.pk, doses=[care.NewDose("penta", day, batch)], by=system, on=DAY
    )
    return made


def test_a_dose_takes_one_from_its_batch_and_a_withdrawn_one_puts_it_back(
    child: Person, store: Facility, system: Actor
) -> None:
    dose = give(child, system, "V1")
    assert left() == 9

    care.withdraw_dose(dose_id=dose.pk, reason="Another child", by=system, on=DAY)
    assert left() == 10


def test_a_dose_of_a_batch_that_nobody_received_is_given_and_told(
    child: Person, store: Facility, system: Actor
) -> None:
    give(child, system, "V9")
    give(child, system, "", DAY - timedelta(days=9))

    assert left() == 10
    assert child.doses.count() == 2
    assert [one.entry["batch"] for one in Waiting.objects.all()] == ["V9"]
