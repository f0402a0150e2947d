"""Pages and API of referrals: every role has its answer, and a boat goes from page to page."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.maternal_child import actions as care
from spean.referrals import actions
from spean.referrals.models import Referral, Vehicle
from spean.registry.models import Household, Person
from tests.calls import post
from tests.referrals.conftest import NOW, ago

ClientOf = Callable[..., Client]
AREAS = {"village_health_volunteer": "16010101"}
REQUEST = {"village_health_volunteer", "health_worker"}
RECEIVE = {"health_worker", "facility_clerk"}
DISPATCH = {"transport_dispatcher", "health_district_officer"}
MANAGE = {"health_district_officer"}
VIEW = REQUEST | RECEIVE | DISPATCH | {"health_record_system"}
FIGURES = {"health_district_officer", "analyst"}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(timezone, "localdate", lambda *_: NOW.date())


@pytest.fixture
def record(
    arrived: Referral, boat: Vehicle, family: Household, child: Person, ask: Any, midwife: Actor
) -> dict[str, Any]:
    """Give the ids of one of everything; the child waits for a vehicle."""
    told = actions.Told("malaria", "treated", "volunteer", "visit")
    feedback = actions.give_feedback(referral_id=arrived.pk, told=told, by=midwife, now=NOW)
    return {
        "household": family.pk, "child": child.pk, "referral": arrived.pk, "vehicle": boat.pk,
        "waiting": ask(person_id=child.pk).pk, "trip": arrived.trips.get().pk,
        "feedback": feedback.pk, "member": boat.crew.get().pk,
    }  # fmt: skip


PAGES: list[tuple[str, tuple[str, ...], set[str]]] = [
    ("referrals", (), VIEW),
    ("referral", ("referral",), VIEW),
    ("delays", (), FIGURES),
    ("feedback_to_read", (), REQUEST),
    ("household", ("household",), REQUEST),
    ("ask", ("child",), REQUEST),
    ("dispatch", ("waiting",), DISPATCH),
    ("measure", ("referral", "trip"), DISPATCH),
    ("feedback", ("referral",), RECEIVE),
    ("onward", ("referral",), RECEIVE),
    ("back", ("referral",), RECEIVE),
    ("vehicles", (), DISPATCH),
    ("vehicle", ("vehicle",), DISPATCH),
    ("register_vehicle", (), MANAGE),
    ("report_vehicle", ("vehicle",), DISPATCH),
    ("add_crew", ("vehicle",), MANAGE),
]
STEPS = {
    "accepted": RECEIVE, "declined": RECEIVE, "handed_over": RECEIVE,
    "picked_up": DISPATCH | REQUEST, "called_back": DISPATCH,
    "arrived": DISPATCH | RECEIVE, "cancelled": DISPATCH | REQUEST,
    "did_not_come": DISPATCH | RECEIVE,
}  # fmt: skip
READS = [
    ("referrals", VIEW),
    ("referrals/{referral}", VIEW),
    ("referrals/{waiting}/vehicles", DISPATCH),
    ("vehicles", DISPATCH),
    ("vehicles/{vehicle}", DISPATCH),
    ("delays?month=2026-11-01&area=16", FIGURES),
]
WRITES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("referrals", {"person_id": "{child}", "urgency": "x"}, REQUEST),
    ("referrals/{waiting}/steps", {"kind": "declined"}, RECEIVE),
    ("referrals/{referral}/onward", {"urgency": "x", "to_facility": "H1"}, RECEIVE),
    ("referrals/{referral}/feedback",
     {"diagnosis": "", "done": "", "follow_up_by": "x"}, RECEIVE),
    ("feedback/{feedback}/read", {}, REQUEST),
    ("referrals/{waiting}/dispatch",
     {"vehicle_id": "{vehicle}", "at": "2026-11-20T08:00:00+07:00"}, DISPATCH),
    ("trips/{trip}/km", {"km": 5}, DISPATCH),
    ("vehicles", {"number": "N", "kind": "x", "facility": "HC1", "lying": 1, "seats": 1}, MANAGE),
    ("vehicles/{vehicle}/reports", {"state": "x"}, DISPATCH),
    ("vehicles/{vehicle}/crew", {"name": "x", "job": "x"}, MANAGE),
    ("crew/{member}/end", {}, MANAGE),
]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer_on_every_page(
    role: str, record: dict[str, Any], client_of: ClientOf
) -> None:
    client = client_of(role, AREAS.get(role, "16"))

    for name, parts, allowed in PAGES:
        address = reverse(f"referrals:{name}", args=[record[part] for part in parts])
        assert client.get(address).status_code == (200 if role in allowed else 403), address
    for kind, allowed in STEPS.items():
        address = reverse("referrals:step", args=[record["waiting"], kind])
        assert client.get(address).status_code == (200 if role in allowed else 403), address
    for name, parts, allowed in (("note_read", ("feedback",), REQUEST),
                                 ("end_crew", ("vehicle", "member"), MANAGE)):  # fmt: skip
        address = reverse(f"referrals:{name}", args=[record[part] for part in parts])
        assert client.post(address).status_code == (302 if role in allowed else 403), address


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer_on_every_operation(
    role: str, record: dict[str, Any], client_of: ClientOf
) -> None:
    client = client_of(role, AREAS.get(role, "16"))
    filled = {name: str(value) for name, value in record.items()}

    for path, allowed in READS:
        address = f"/api/v1/referrals/{path.format(**filled)}"
        assert client.get(address).status_code == (200 if role in allowed else 403), address
    for path, body, allowed in WRITES:
        said = {key: value.format(**filled) if isinstance(value, str) else value
                for key, value in body.items()}  # fmt: skip
        answer = post(client, f"referrals/{path.format(**filled)}", said)
        wanted = (201, 409, 422) if role in allowed else (403,)
        assert answer.status_code in wanted, (path, answer.content)


@pytest.mark.parametrize("role", sorted(VIEW - {"village_health_volunteer"}))
def test_who_works_elsewhere_sees_nothing_of_it(
    role: str, record: dict[str, Any], client_of: ClientOf
) -> None:
    client = client_of(role, "12")

    for name, parts, _ in PAGES:
        if parts:
            address = reverse(f"referrals:{name}", args=[record[part] for part in parts])
            assert client.get(address).status_code == 403, address
    for path, _ in READS[1:]:
        if "{" in path:
            address = f"/api/v1/referrals/{path.format(**record)}"
            assert client.get(address).status_code == 403, address


def moment(minutes: int) -> dict[str, Any]:
    here = timezone.localtime(ago(minutes))
    return {"day_day": here.day, "day_month": here.month, "day_year": here.year,
            "time": f"{here:%H:%M}"}  # fmt: skip


def test_a_boat_goes_from_page_to_page(mother: Person, boat: Vehicle, client_of: ClientOf) -> None:
    volunteer = client_of("village_health_volunteer", "16010101")
    asked = volunteer.post(
        reverse("referrals:ask", args=[mother.pk]),
        moment(50) | {"urgency": "emergency", "reasons": ["bleeding"], "transport": "yes",
                      "ways": ["water"], "phone": "០១២ ៣៤៥ ៦៧៨"}, follow=True,
    ).content.decode()  # fmt: skip
    assert "The referral is recorded." in asked
    made = Referral.objects.get()
    assert made.phone == "012 345 678"

    dispatcher = client_of("transport_dispatcher", "16")
    home = dispatcher.get(reverse("home")).content.decode()
    assert "Patients who wait for a vehicle" in home
    listed = dispatcher.get(reverse("referrals:referrals")).content.decode()
    assert "A vehicle is to be sent" in listed
    assert re.search(r"by 35 minutes", listed)
    to_send = reverse("referrals:dispatch", args=[made.pk])
    assert re.search(r"SESAN-1</strong>, Facility HC1: 10 km, about 30 minutes",
                     dispatcher.get(to_send).content.decode())  # fmt: skip
    sent = dispatcher.post(to_send, moment(40) | {"vehicle": str(boat.pk)}, follow=True)
    assert "The vehicle is sent." in sent.content.decode()
    again = dispatcher.post(to_send, moment(39) | {"vehicle": str(boat.pk)})
    assert again.status_code == 422
    assert "SESAN-1 is on its way to this patient already" in again.content.decode()

    midwife = client_of("health_worker", "1601")
    for kind, minutes in (("accepted", 35), ("picked_up", 20), ("arrived", 8), ("handed_over", 3)):
        page = midwife.post(
            reverse("referrals:step", args=[made.pk, kind]), moment(minutes), follow=True
        )
        assert "It is recorded." in page.content.decode(), kind
    told = {"diagnosis": "Haemorrhage", "done": "Oxytocin", "follow_up_by": "volunteer",
            "follow_up": "Visit at home"}  # fmt: skip
    midwife.post(reverse("referrals:feedback", args=[made.pk]), told)

    seen = volunteer.get(reverse("referrals:referral", args=[made.pk])).content.decode()
    for text in ("Haemorrhage", "I have read the feedback", "Second delay", "65,000 riel"):
        assert text in seen, text
    note = reverse("referrals:note_read", args=[made.feedback.get().pk])
    assert "I have read" not in volunteer.post(note, follow=True).content.decode()


def test_a_time_before_the_last_step_is_refused_beside_the_time(
    referral: Referral, client_of: ClientOf
) -> None:
    page = client_of("health_worker", "1601").post(
        reverse("referrals:step", args=[referral.pk, "accepted"]), moment(70)
    )

    assert page.status_code == 422
    assert "was at 13:00 on 23 November 2026" in page.content.decode()


def test_a_danger_sign_of_a_record_is_referred_by_one_button(
    mother: Person, family: Household, midwife: Actor, client_of: ClientOf
) -> None:
    visit = care.record_home_visit(
        household_id=family.pk, person_id=mother.pk, kind="after_birth",
        visited_on=NOW.date(), findings=care.Findings(danger_signs=["bleeding", "fever"]),
        by=midwife, on=NOW.date(),
    )  # fmt: skip
    client = client_of("health_worker", "1601")
    shown = client.get(reverse("maternal_child:visit", args=[visit.pk])).content.decode()
    (address,) = re.findall(r'href="(/referrals/people/[^"]+)"', shown)

    form = client.get(address.replace("&amp;", "&")).content.decode()

    assert len(re.findall(r'value="(?:bleeding|fever|emergency)"[^>]*checked', form)) == 3
    assert f"maternal_child.homevisit:{visit.pk}" in form


def test_lists_and_pages_ask_the_database_as_often_however_many_there_are(
    ask: Any, child: Person, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    ask()
    ask(person_id=child.pk)
    client = client_of("transport_dispatcher", "16")

    with django_assert_max_num_queries(12):
        client.get(reverse("referrals:referrals"))


def test_a_months_delays_are_drawn_and_told_in_a_table(
    arrived: Referral, client_of: ClientOf
) -> None:
    client = client_of("health_district_officer", "16")

    page = client.get(reverse("referrals:delays"), {"area": "1601", "month": "2026-11"})

    shown = page.content.decode()
    assert "First delay" in shown
    assert "held back" in shown
    assert client.get(reverse("referrals:delays"), {"month": "2026-13"}).status_code == 404
    assert client.get(reverse("referrals:delays"), {"area": "9"}).status_code == 404


def test_an_unknown_month_back_is_empty_and_not_an_error(client_of: ClientOf, places: Any) -> None:
    before = (NOW - timedelta(days=200)).strftime("%Y-%m")

    page = client_of("analyst", "16").get(reverse("referrals:delays"), {"month": before})

    assert page.status_code == 200


def test_a_referral_by_api_from_request_to_feedback(
    mother: Person, boat: Vehicle, client_of: ClientOf
) -> None:
    volunteer = client_of("village_health_volunteer", "16010101")
    dispatcher = client_of("transport_dispatcher", "16")
    midwife = client_of("health_worker", "1601")

    asked = post(
        volunteer, "referrals/referrals",
        {"person_id": str(mother.pk), "urgency": "emergency", "reasons": ["bleeding"],
         "ways": ["water"], "requested_at": ago(60).isoformat()},
    ).json()  # fmt: skip
    made = asked["referral"]["id"]
    (offered,) = dispatcher.get(f"/api/v1/referrals/referrals/{made}/vehicles").json()
    assert (offered["number"], offered["fits"], offered["against"]) == ("SESAN-1", True, [])
    sent = post(
        dispatcher, f"referrals/referrals/{made}/dispatch",
        {"vehicle_id": offered["vehicle_id"], "at": ago(50).isoformat()},
    )  # fmt: skip
    assert sent.status_code == 201
    assert sent.json()["referral"]["trips"][0]["vehicle"] == "SESAN-1"
    step = {"kind": "arrived", "at": ago(10).isoformat(), "km": 21}
    there = post(midwife, f"referrals/referrals/{made}/steps", step).json()
    told = {"diagnosis": "Haemorrhage", "done": "Oxytocin", "follow_up_by": "nobody"}
    assert post(midwife, f"referrals/referrals/{made}/feedback", told).status_code == 201

    assert (asked["waits"]["leg"], asked["waits"]["minutes"]) == ("dispatch", 45)
    assert there["referral"]["trips"][0]["km"] == 21
    whole = volunteer.get(f"/api/v1/referrals/referrals/{made}").json()
    assert [one["kind"] for one in whole["referral"]["steps"]] == [
        "requested", "dispatched", "arrived",
    ]  # fmt: skip
    assert {one["leg"]: one["minutes"] for one in whole["legs"]} == {"dispatch": 10, "reach": 50}
    assert whole["referral"]["feedback"]["diagnosis"] == "Haemorrhage"
    listed = volunteer.get("/api/v1/referrals/referrals?open_only=true").json()["items"]
    assert [one["state"] for one in listed] == ["arrived"]
    bad = post(volunteer, "referrals/referrals",
               {"person_id": str(mother.pk), "urgency": "emergency", "reasons": ["bleeding"],
                "requested_at": "2026-11-23T10:00:00"})  # fmt: skip
    assert bad.status_code == 422  # a time without its zone
