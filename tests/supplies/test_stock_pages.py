"""The pages and the API of stock answer each role, and lead from the list to the box."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.locations.models import Facility
from spean.supplies import actions
from spean.supplies.models import Movement, Order, Shipment, Waiting
from tests.calls import post
from tests.supplies.conftest import entry, put

VIEW = {"health_worker", "facility_chief", "health_district_officer", "auditor"}
RECORD = {"health_worker", "facility_chief"}
MANAGE = {"facility_chief"}
APPROVE = {"health_district_officer"}
AT = "/supplies/at/HC1"
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def stocked(centre: Facility) -> Facility:
    """Give a health centre with paracetamol for some days."""
    put(centre, "PARA500", [
        ("receipt", 400, YESTERDAY - timedelta(days=60)), ("issue", -61, YESTERDAY),
    ])  # fmt: skip
    return centre


@pytest.fixture
def order(stocked: Facility, keeper: Actor) -> Order:
    """Propose an order."""
    return actions.propose_order(
        facility="HC1", quantities={"PARA500": 1000}, by=keeper, on=timezone.localdate()
    )


@pytest.fixture
def shipment(stocked: Facility, system: Actor) -> Shipment:
    """Send a box to the health centre."""
    line = actions.Sent("ORS", 100, "O1", timezone.localdate() + timedelta(days=400))
    return actions.send_shipment(
        to="HC1", sender="", lines=[line], day=YESTERDAY, by=system, on=timezone.localdate()
    )


@pytest.fixture
def waiting(stocked: Facility, keeper: Actor) -> Waiting:
    """Let an entry wait."""
    late = entry("issue", 5, YESTERDAY, batch="NONE", source_key="w")
    actions.take_in(facility="HC1", entries=[late], by=keeper, on=timezone.localdate())
    return Waiting.objects.get()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_and_writes_what_it_may(
    order: Order, shipment: Shipment, waiting: Waiting, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    moved = Movement.objects.filter(kind="receipt").latest("id")
    pages = {
        **dict.fromkeys(
            ("/supplies", "/supplies/waiting", "/supplies/orders", AT, f"{AT}/items/PARA500",
             f"/supplies/orders/{order.pk}", f"/supplies/shipments/{shipment.pk}"), VIEW
        ),
        **dict.fromkeys(
            (f"{AT}/items/PARA500/issue", f"{AT}/items/ORS/receipt", f"{AT}/order", f"{AT}/give",
             f"/supplies/movements/{moved.pk}/undo", f"/supplies/shipments/{shipment.pk}/receive"),
            RECORD,
        ),
        f"/supplies/waiting/{waiting.pk}/set-aside": MANAGE,
        f"/supplies/orders/{order.pk}/approve": APPROVE,
        f"/supplies/orders/{order.pk}/refuse": APPROVE,
        **dict.fromkeys(
            ("/api/v1/supplies/items", "/api/v1/supplies/stock?facility=HC1",
             "/api/v1/supplies/movements?facility=HC1&item=PARA500", "/api/v1/supplies/waiting",
             "/api/v1/supplies/orders", f"/api/v1/supplies/orders/{order.pk}",
             "/api/v1/supplies/shipments"), VIEW
        ),
    }  # fmt: skip

    for address, may in pages.items():
        assert client.get(address).status_code == (200 if role in may else 403), address


def _entry(kind: str = "issue", **more: Any) -> dict[str, Any]:
    told = {"kind": kind, "item": "PARA500", "quantity": 5, "day": YESTERDAY.isoformat()}
    return {"facility": "HC1", "entry": told | ({"to": "ward"} if kind == "issue" else {}) | more}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_writes_over_the_api_what_it_may(
    order: Order, shipment: Shipment, waiting: Waiting, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    moved = Movement.objects.filter(kind="issue").latest("id")
    day = timezone.localdate().isoformat()
    ors = {"item": "ORS", "quantity": 1, "batch": "O2", "expiry": "2031-01-01"}
    calls: list[tuple[str, dict[str, Any], set[str], int]] = [
        ("movements", _entry(), RECORD, 201),
        ("entries", {"facility": "HC1", "entries": []}, RECORD, 200),
        (f"movements/{moved.pk}/undo", {"reason": "Wrong item"}, RECORD, 201),
        (f"waiting/{waiting.pk}/set-aside", {"reason": "Twice"}, MANAGE, 200),
        ("orders", {"facility": "HC1", "quantities": {"ORS": 1}}, RECORD, 409),
        (f"orders/{order.pk}/approve", {}, APPROVE, 200),
        (f"orders/{order.pk}/refuse", {"reason": "Too late"}, APPROVE, 409),
        ("shipments", {"to": "HC1", "day": day, "lines": [ors]}, APPROVE, 201),
        (f"shipments/{shipment.pk}/receive", {"day": day}, RECORD, 200),
    ]

    for address, body, may, status in calls:
        answer = post(client, f"supplies/{address}", body)
        assert answer.status_code == (status if role in may else 403), (address, answer.content)


def test_a_storekeeper_issues_and_sees_from_which_boxes(
    stocked: Facility, client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "1601")
    told = {"quantity": "២០", "to": "ward", "day": YESTERDAY.isoformat(), "batch": ""}

    page = client.post(f"{AT}/items/PARA500/issue", told, follow=True).content.decode()

    assert "It is on record. P1, expires 31 January 2028: 20" in page
    assert "319" in page


def test_more_than_is_there_is_answered_beside_the_field(
    stocked: Facility, client_of: Callable[..., Client]
) -> None:
    told = {"quantity": "1000", "to": "ward", "day": YESTERDAY.isoformat(), "batch": ""}

    answer = client_of("health_worker", "1601").post(f"{AT}/items/PARA500/issue", told)

    assert answer.status_code == 422
    assert "only 339 can be taken" in answer.content.decode()


def test_a_box_is_received_by_form_and_its_error_undone(
    stocked: Facility, client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "1601")
    told = {"quantity": "100", "new_batch": "B9", "expiry": "2030-05-31", "maker": "A maker",
            "day": YESTERDAY.isoformat(), "note": ""}  # fmt: skip
    client.post(f"{AT}/items/ORS/receipt", told)
    made = Movement.objects.latest("id")
    assert (made.batch.number, made.batch.maker, made.quantity) == ("B9", "A maker", 100)

    client.post(f"/supplies/movements/{made.pk}/undo", {"reason": "Another clinic's box"})

    assert Movement.objects.get(reverses=made).quantity == -100
    assert "Undoes an error" in client.get(f"{AT}/items/ORS").content.decode()


def test_the_card_says_why_its_numbers_are_what_they_are(
    stocked: Facility, client_of: Callable[..., Client]
) -> None:
    page = client_of("auditor").get(f"{AT}/items/PARA500").content.decode()

    assert "In 183 days 61 were issued; there was stock on 62 of them." in page
    assert "61 ÷ 62 × 30.5 = 30.0" in page
    assert "1 to 3 months" in page
    assert "Days without stock:" in page
    assert "ASSUMED" in page


def test_an_order_walks_from_its_proposal_to_the_shelf(
    stocked: Facility, client_of: Callable[..., Client]
) -> None:
    keeper, officer = client_of("health_worker", "1601"), client_of("health_district_officer", "16")
    form = keeper.get(f"{AT}/order").content.decode()
    assert "30.0 a month × 3 months − 339 here − 0 on the way, in packs of 1,000" in form
    keeper.post(f"{AT}/order", {"quantity_PARA500": "2000"})
    made = Order.objects.get()
    page = officer.get(f"/supplies/orders/{made.pk}").content.decode()
    assert "61 issued on 62 days with stock: 30.01 a month" in page
    assert "The numbers proposed 0." in page
    officer.post(f"/supplies/orders/{made.pk}/approve", {"quantity_PARA500": "1000"})
    assert "From a central store" in officer.get(f"/supplies/orders/{made.pk}").content.decode()

    officer.post(f"/supplies/orders/{made.pk}/send", {
        "day": YESTERDAY.isoformat(), "quantity_PARA500": "1000", "batch_PARA500": "C1",
        "expiry_PARA500": "2030-01-31",
    })  # fmt: skip
    sent = Shipment.objects.get()
    line = sent.lines.get()
    refused = keeper.post(f"/supplies/shipments/{sent.pk}/receive", {
        "day": YESTERDAY.isoformat(), f"quantity_{line.pk}": "990", f"reason_{line.pk}": "",
    })  # fmt: skip
    assert "990 came. Write why." in refused.content.decode()
    keeper.post(f"/supplies/shipments/{sent.pk}/receive", {
        "day": YESTERDAY.isoformat(), f"quantity_{line.pk}": "990", f"reason_{line.pk}": "Wet",
    })  # fmt: skip

    made.refresh_from_db()
    assert made.state == "received"
    assert "Wet" in officer.get(f"/supplies/shipments/{sent.pk}").content.decode()


def test_an_order_is_refused_with_a_reason_by_form(
    order: Order, client_of: Callable[..., Client]
) -> None:
    officer = client_of("health_district_officer", "16")

    officer.post(f"/supplies/orders/{order.pk}/refuse", {"reason": "Enough for a year"})

    assert "Enough for a year" in officer.get(f"/supplies/orders/{order.pk}").content.decode()


def test_an_item_is_given_to_another_facility_by_form(
    stocked: Facility, facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of("HC2", "health_centre", "16010201")
    told = {"item": "PARA500", "quantity": "39", "to": "HC2", "day": YESTERDAY.isoformat()}

    client_of("health_worker", "1601").post(f"{AT}/give", told)

    assert Shipment.objects.get().lines.get().sent == 39


def test_what_waits_is_listed_and_set_aside_by_form(
    waiting: Waiting, client_of: Callable[..., Client]
) -> None:
    chief = client_of("facility_chief", "16")
    assert "No batch “NONE” has come here." in chief.get("/supplies/waiting").content.decode()
    assert "Entries of stock that wait" in chief.get("/").content.decode()

    chief.post(f"/supplies/waiting/{waiting.pk}/set-aside", {"reason": "Typed twice"})

    assert "Nothing waits." in chief.get("/supplies/waiting").content.decode()


def test_a_facility_of_another_area_is_not_shown(
    stocked: Facility, order: Order, client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "1602")

    assert client.get(AT).status_code == 403
    assert client.get(f"/supplies/orders/{order.pk}").status_code == 403
    assert "HC1" not in client.get("/supplies").content.decode()
    assert client.get(f"/supplies/orders/{uuid4()}").status_code == 404
    assert client.get("/supplies/at/NONE").status_code == 404


def test_the_pages_ask_the_database_as_often_for_many_facilities_as_for_one(
    stocked: Facility, facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    client = client_of("health_worker", "16")

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    before = asked("/supplies"), asked(AT)
    for number in range(2, 6):
        made = facility_of(f"HC{number}", "health_centre", "16010201")
        for item in ("PARA500", "AMOX500", "ORS"):
            put(made, item, [("receipt", 5, YESTERDAY)], number=f"{item}{number}")
            if number == 2:
                put(stocked, item, [("receipt", 5, YESTERDAY)], number=f"{item}-here")

    assert (asked("/supplies"), asked(AT)) == before
