"""The pages and the API of equipment, the cold chain, units and staff answer each role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.locations.models import Facility
from spean.supplies import actions
from spean.supplies.models import Duty, Equipment, Movement, Quarantine, Staff, Unit
from tests.calls import post
from tests.supplies.conftest import put
from tests.supplies.test_stock_pages import MANAGE, RECORD, VIEW

TODAY = timezone.localdate()
BEFORE = TODAY - timedelta(days=40)
AT = "/supplies/at/HC1"


@pytest.fixture
def fridge(centre: Facility, system: Actor) -> Equipment:
    """Give a refrigerator with a batch of penta."""
    put(centre, "PENTA", [("receipt", 40, BEFORE)], number="V1")
    return actions.add_equipment(
        facility="HC1", kind="fridge", serial="TCW-1", day=BEFORE, by=system, on=TODAY
    )


@pytest.fixture
def held_back(fridge: Equipment, client_of: Callable[..., Client]) -> Quarantine:
    """Read eleven degrees."""
    client_of("health_worker", "1601").post(
        f"/supplies/equipment/{fridge.pk}/read", {"celsius": "១១.៥"}
    )
    return Quarantine.objects.get()


@pytest.fixture
def unit(centre: Facility, system: Actor) -> Unit:
    """Open a maternity."""
    return actions.open_unit(facility="HC1", kind="maternity", since=BEFORE, by=system, on=TODAY)


@pytest.fixture
def midwife(centre: Facility, system: Actor) -> Staff:
    """Employ a midwife."""
    return actions.enter_staff(
        facility="HC1", name="Sreypov", cadre="midwife", since=BEFORE, by=system, on=TODAY
    )


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_it_may(
    held_back: Quarantine, fridge: Equipment, unit: Unit, midwife: Staff,
    client_of: Callable[..., Client], role: str,
) -> None:  # fmt: skip
    client = client_of(role)
    of_fridge = f"/supplies/equipment/{fridge.pk}"
    pages = {
        **dict.fromkeys((f"{AT}/equipment", f"{AT}/units", of_fridge, "/supplies/held-back"), VIEW),
        **dict.fromkeys(
            (f"{of_fridge}/note", f"{of_fridge}/read", f"{of_fridge}/load",
             f"/supplies/units/{unit.pk}/census"), RECORD
        ),
        **dict.fromkeys(
            (f"{AT}/equipment/add", f"{AT}/units/open", f"{AT}/staff/add", f"{AT}/duty",
             f"/supplies/units/{unit.pk}/beds", f"/supplies/units/{unit.pk}/close",
             f"/supplies/staff/{midwife.pk}/leave", f"/supplies/held-back/{held_back.pk}"), MANAGE
        ),
        **dict.fromkeys(
            ("/api/v1/supplies/equipment?facility=HC1",
             f"/api/v1/supplies/equipment/{fridge.pk}/readings",
             "/api/v1/supplies/quarantines", "/api/v1/supplies/units?facility=HC1",
             f"/api/v1/supplies/duties?facility=HC1&since={TODAY}"), VIEW
        ),
    }  # fmt: skip

    for address, may in pages.items():
        assert client.get(address).status_code == (200 if role in may else 403), address


@pytest.mark.parametrize("role", ROLES)
def test_each_role_writes_over_the_api_what_it_may(
    held_back: Quarantine, fridge: Equipment, unit: Unit, midwife: Staff,
    client_of: Callable[..., Client], role: str,
) -> None:  # fmt: skip
    client = client_of(role)
    day = TODAY.isoformat()
    bed = {"facility": "HC1", "kind": "delivery_bed", "serial": "B1", "day": day}
    person = {"facility": "HC1", "name": "Bora", "cadre": "nurse", "since": day}
    duty = {"unit_id": unit.pk, "staff_id": midwife.pk, "day": day, "shift": "night"}
    calls: list[tuple[str, dict[str, Any], set[str], int]] = [
        ("equipment", bed, MANAGE, 201),
        (f"equipment/{fridge.pk}/events", {"kind": "serviced", "day": day}, RECORD, 200),
        (f"equipment/{fridge.pk}/readings", {"at": f"{BEFORE}T08:00", "celsius": 5}, RECORD, 201),
        (f"quarantines/{held_back.pk}/decide", {"decision": "released", "reason": "VVM"},
         MANAGE, 200),
        ("units", {"facility": "HC1", "kind": "pharmacy", "since": day}, MANAGE, 201),
        (f"units/{unit.pk}/beds", {"number": 4, "since": day}, MANAGE, 201),
        (f"units/{unit.pk}/census", {"patients": 4, "day": day}, RECORD, 201),
        ("staff", person, MANAGE, 201),
        ("duties", duty, MANAGE, 201),
    ]  # fmt: skip

    for address, body, may, status in calls:
        answer = post(client, f"supplies/{address}", body)
        assert answer.status_code == (status if role in may else 403), (address, answer.content)
    taken_off = Duty.objects.filter(unit=unit).first()
    if taken_off is None:
        taken_off = Duty.objects.create(
            unit=unit, staff=midwife, day=TODAY, shift="day", planned_by="t"
        )
    gone = client.post(f"/supplies/duties/{taken_off.pk}/take-off")
    assert gone.status_code == (302 if role in MANAGE else 403)


def test_a_warm_fridge_is_seen_on_every_page_that_it_concerns(
    held_back: Quarantine, fridge: Equipment, client_of: Callable[..., Client]
) -> None:
    chief = client_of("facility_chief", "16")

    assert "Batches held back, to be decided about" in chief.get("/").content.decode()
    assert "11.5 °C" in chief.get("/supplies/held-back").content.decode()
    page = chief.get(f"/supplies/equipment/{fridge.pk}").content.decode()
    assert "Allowed: 2 to 8 °C." in page
    assert "Not over" in page
    assert "Held back" in chief.get(AT).content.decode()
    assert "Here, held back" in chief.get(f"{AT}/items/PENTA").content.decode()

    chief.post(f"/supplies/held-back/{held_back.pk}",
               {"decision": "discarded", "reason": "Too warm for hours"})  # fmt: skip

    assert "No batch is held back." in chief.get("/supplies/held-back").content.decode()
    assert Movement.objects.get(kind="loss").quantity == -40


def test_a_loggers_file_is_loaded_and_its_bad_rows_are_shown(
    fridge: Equipment, client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "1601")
    content = f"at,celsius\n{BEFORE} 08:00,4.5\n{BEFORE} 09:00,hot\n".encode()

    def load(content: bytes) -> Any:
        file = SimpleUploadedFile("log.csv", content)
        return client.post(f"/supplies/equipment/{fridge.pk}/load", {"file": file}, follow=True)

    page = load(content).content.decode()
    assert "Temperatures taken: 1. Known already: 0." in page
    assert "Row 3" in page
    assert "“hot” is no temperature" in page
    assert load(b"x,y\n1,2\n").status_code == 422
    assert "By a logger" in load(f"at,celsius\n{BEFORE} 10:00,5\n".encode()).content.decode()


def test_a_chief_runs_a_maternity_by_form(
    centre: Facility, client_of: Callable[..., Client]
) -> None:
    client, day = client_of("facility_chief", "16"), TODAY.isoformat()
    client.post(f"{AT}/units/open", {"kind": "maternity", "since": day})
    unit = Unit.objects.get()
    client.post(f"/supplies/units/{unit.pk}/beds", {"number": "2", "since": day})
    client.post(f"/supplies/units/{unit.pk}/census", {"patients": "3", "day": day})
    client.post(f"{AT}/staff/add", {"name": "Sreypov", "cadre": "midwife", "since": day,
                                    "phone": "012 345 678"})  # fmt: skip
    who = Staff.objects.get()
    duty = {"unit_id": unit.pk, "staff_id": who.pk, "day": day, "shift": "night"}
    client.post(f"{AT}/duty", duty)
    again = client.post(f"{AT}/duty", duty)

    assert again.status_code == 422
    page = client.get(f"{AT}/units").content.decode()
    assert "More patients than beds" in page
    assert "(150%)" in page
    assert "Missing" in page
    assert "Sreypov (Midwife)" in page

    client.post(f"/supplies/duties/{Duty.objects.get().pk}/take-off")
    client.post(f"/supplies/staff/{who.pk}/leave", {"end": (TODAY + timedelta(1)).isoformat()})
    client.post(f"/supplies/units/{unit.pk}/close", {"end": (TODAY + timedelta(1)).isoformat()})
    assert not Duty.objects.exists()
    who.refresh_from_db()
    unit.refresh_from_db()
    assert who.end == unit.end == TODAY + timedelta(days=1)


def test_equipment_is_added_and_its_repair_noted_by_form(
    centre: Facility, client_of: Callable[..., Client]
) -> None:
    client, day = client_of("facility_chief", "16"), TODAY.isoformat()
    client.post(f"{AT}/equipment/add", {"kind": "scale", "serial": "S-9", "day": day,
                                        "model": "Seca", "unit_id": ""})  # fmt: skip
    made = Equipment.objects.get()

    client.post(f"/supplies/equipment/{made.pk}/note",
                {"kind": "broke", "day": day, "note": "Fell down", "unit_id": ""})  # fmt: skip

    page = client.get(f"/supplies/equipment/{made.pk}").content.decode()
    assert "Broken" in page
    assert "Fell down" in page
