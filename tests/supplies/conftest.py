"""A health centre with a store, a hospital, and who keeps and sees their stock."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.locations.models import Catchment, Facility, FacilityLevel, OperationalDistrict, Place
from spean.supplies import actions
from spean.supplies.models import Balance, Batch, Item, Movement

LONG_AGO = date(2015, 1, 1)
DAY = date(2026, 6, 1)
TODAY = date(2026, 6, 30)
FAR, NEAR = date(2028, 1, 31), date(2026, 12, 31)


@pytest.fixture
def facility_of(places: dict[str, Place]) -> Callable[..., Facility]:
    """Make (once) a facility: `facility_of("HC1", "health_centre", "16010101")`."""

    def make(code: str = "HC1", kind: str = "health_centre", place: str = "16010101") -> Facility:
        district, _ = OperationalDistrict.objects.get_or_create(
            code="1601", defaults={"name_km": "បានលុង", "name_en": "Ban Lung",
                                   "province": places["16"], "start": LONG_AGO},
        )  # fmt: skip
        made, new = Facility.objects.get_or_create(
            code=code, defaults={"name_km": f"មណ្ឌល {code}", "name_en": f"Facility {code}",
                                 "operational_district": district, "place": places[place],
                                 "start": LONG_AGO},
        )  # fmt: skip
        if new:
            FacilityLevel.objects.create(facility=made, kind=kind, act="test", start=LONG_AGO)
            Catchment.objects.create(facility=made, place=places[place], start=LONG_AGO)
        return made

    return make


@pytest.fixture
def centre(facility_of: Callable[..., Facility], items: None) -> Facility:
    """Give the health centre of Nhang."""
    return facility_of()


@pytest.fixture
def items(db: None) -> None:
    """Load the list of items."""
    actions.load_items(by=Actor.system("test"))


@pytest.fixture
def keeper(actor: Callable[..., Actor]) -> Actor:
    """Give who keeps the stock."""
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def chief(actor: Callable[..., Actor]) -> Actor:
    """Give who answers for the stock."""
    return actor("facility_chief", "1601", Purpose.CARE)


@pytest.fixture
def officer(actor: Callable[..., Actor]) -> Actor:
    """Give the officer of the health district."""
    return actor("health_district_officer", "16", Purpose.CARE)


def entry(kind: str, quantity: int, day: date = DAY, **more: Any) -> actions.Entry:
    """Write an entry of paracetamol as it is mostly written."""
    usual: dict[str, Any] = {"item": "PARA500"}
    if kind == "receipt":
        usual |= {"batch": "A1", "expiry": FAR}
    elif kind == "issue":
        usual |= {"to": "patient"}
    elif kind == "loss":
        usual |= {"batch": "A1", "reason": "broken"}
    else:
        usual |= {"batch": "A1"}
    return actions.Entry(kind=kind, quantity=quantity, day=day, **usual | more)


@pytest.fixture
def record(centre: Facility, keeper: Actor) -> Callable[..., list[Movement]]:
    """Record an entry at the health centre: `record("issue", 10, batch="A1")`."""

    def make(kind: str, quantity: int, day: date = DAY, **more: Any) -> list[Movement]:
        facility = more.pop("facility", centre.code)
        told = entry(kind, quantity, day, **more)
        return actions.record_movement(facility=facility, entry=told, by=keeper, on=TODAY)

    return make


def here(facility: Facility, item: str = "PARA500") -> dict[str, int]:
    """Give what a facility holds of each batch of an item."""
    rows = Balance.objects.filter(facility=facility, batch__item__code=item)
    return dict(rows.values_list("batch__number", "quantity"))


def put(facility: Facility, item: str, rows: list[tuple[str, int, date]], **batch: Any) -> Batch:
    """Write movements of one batch straight into the ledger: (kind, quantity, day)."""
    of = Item.objects.get(code=item)
    held, _ = Batch.objects.get_or_create(
        item=of, number=batch.get("number", "P1"), defaults={"expiry": batch.get("expiry", FAR)}
    )
    Movement.objects.bulk_create(
        Movement(facility=facility, batch=held, kind=kind, quantity=quantity, day=day,
                 to="patient" if kind == "issue" else "",
                 reason="broken" if kind == "loss" else "", recorded_by="test")
        for kind, quantity, day in rows
    )  # fmt: skip
    return held
