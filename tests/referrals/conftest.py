"""A village on a river, a health centre, a hospital, boats and ambulances, and who works there."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.locations.models import (
    Catchment,
    Facility,
    FacilityLevel,
    OperationalDistrict,
    Place,
    VillagePoint,
)
from spean.referrals import actions
from spean.referrals.models import Referral, Vehicle
from spean.registry import actions as registry
from spean.registry.models import Household, Person
from tests.maternal_child.conftest import person

LONG_AGO = date(2015, 1, 1)
NOW = timezone.make_aware(datetime(2026, 11, 23, 14, 0))
# Some 6 km apart, and the hospital some 38 km from the village.
POINTS = {"16010101": (13.70, 107.00), "16010102": (13.75, 107.02), "16020101": (13.74, 106.65)}
FACILITIES = (("HC1", "health_centre", "16010102"), ("H1", "cpa2", "16020101"))


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.fixture
def facilities(places: dict[str, Place]) -> dict[str, Facility]:
    """Give a health centre that serves the village of Nhang, and a hospital, and the points."""
    district = OperationalDistrict.objects.create(
        code="1601", name_km="បានលុង", name_en="Ban Lung", province=places["16"], start=LONG_AGO
    )
    made = {}
    for code, kind, place in FACILITIES:
        made[code] = Facility.objects.create(
            code=code, name_km=f"មណ្ឌល {code}", name_en=f"Facility {code}", start=LONG_AGO,
            operational_district=district, place=places[place],
        )  # fmt: skip
        FacilityLevel.objects.create(facility=made[code], kind=kind, act="test", start=LONG_AGO)
    Catchment.objects.create(facility=made["HC1"], place=places["160101"], start=LONG_AGO)
    for code, (latitude, longitude) in POINTS.items():
        VillagePoint.objects.create(
            place=places[code], latitude=latitude, longitude=longitude, source="test"
        )
    return made


@pytest.fixture
def family(village: Place, system: Actor, facilities: dict[str, Facility]) -> Household:
    """Register a woman and her child."""
    return registry.register_household(
        village=village, address="", phone="", by=system, on=date(2025, 1, 1),
        not_duplicates=True,
        members=[
            person("ស្រីមុំ", "female", date(1996, 5, 1), "head"),
            person("ដារ៉ា", "male", date(2024, 1, 1), "child"),
        ],
    )  # fmt: skip


@pytest.fixture
def mother(family: Household) -> Person:
    return family.memberships.get(relation="head").person


@pytest.fixture
def child(family: Household) -> Person:
    return family.memberships.get(relation="child").person


@pytest.fixture
def volunteer(actor: Callable[..., Actor]) -> Actor:
    return actor("village_health_volunteer", "16010101", Purpose.CARE)


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    """Give a midwife of the health centre's district."""
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def doctor(actor: Callable[..., Actor]) -> Actor:
    """Give a health worker of the hospital's district."""
    return actor("health_worker", "1602", Purpose.CARE)


@pytest.fixture
def dispatcher(actor: Callable[..., Actor]) -> Actor:
    return actor("transport_dispatcher", "16", Purpose.CARE)


@pytest.fixture
def officer(actor: Callable[..., Actor]) -> Actor:
    return actor("health_district_officer", "16", Purpose.CARE)


@pytest.fixture
def vehicle_of(facilities: object, officer: Actor) -> Callable[..., Vehicle]:
    """Make a vehicle with somebody on it: `vehicle_of("SESAN-1", "motor_boat", "HC1")`."""

    def make(
        number: str = "SESAN-1", kind: str = "motor_boat", facility: str = "HC1", *,
        lying: int = 1, crew: bool = True,
    ) -> Vehicle:  # fmt: skip
        made = actions.register_vehicle(
            number=number, kind=kind, facility=facility, lying=lying, seats=3, by=officer,
            now=NOW - timedelta(days=30),
        )  # fmt: skip
        if crew:
            actions.add_crew(
                vehicle_id=made.pk, name="Bun Thoeun", job="driver", phone="012345678",
                by=officer, on=date(2026, 11, 1),
            )  # fmt: skip
        return made

    return make


@pytest.fixture
def boat(vehicle_of: Callable[..., Vehicle]) -> Vehicle:
    return vehicle_of()


@pytest.fixture
def ask(mother: Person, volunteer: Actor) -> Callable[..., Referral]:
    """Ask for transport of the mother an hour ago; say what differs."""

    def made(**given: Any) -> Referral:
        need = {"urgency": "emergency", "reasons": ["bleeding"], "ways": ["water"]}
        need |= given.pop("need", {})
        asked: dict[str, Any] = {
            "person_id": mother.pk, "at": ago(60), "by": volunteer, "now": NOW,
        }  # fmt: skip
        return actions.request_referral(need=actions.Need(**need), **asked | given)

    return made


@pytest.fixture
def referral(ask: Callable[..., Referral]) -> Referral:
    return ask()


@pytest.fixture
def arrived(referral: Referral, boat: Vehicle, dispatcher: Actor, midwife: Actor) -> Referral:
    """Bring the mother to the health centre by boat: sent, picked up and there."""
    actions.dispatch(
        referral_id=referral.pk, vehicle_id=boat.pk, at=ago(50), by=dispatcher, now=NOW
    )
    for step, at in (("picked_up", ago(30)), ("arrived", ago(10))):
        actions.take_step(referral_id=referral.pk, step=step, at=at, by=dispatcher, now=NOW)
    referral.refresh_from_db()
    return referral
