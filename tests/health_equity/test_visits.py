"""A visit from the counter to its end, and everything that can be wrong with it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions, queries
from spean.health_equity.models import Visit
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed, SpeanError
from spean.locations.models import Facility
from spean.locations.queries import UnknownFacility
from spean.registry.models import Person
from tests.calls import post
from tests.health_equity.conftest import DAY

SEES = {"health_worker", "facility_clerk", "facility_chief", "auditor"}
RECORDS = {"health_worker", "facility_clerk"}
TODAY = DAY + timedelta(days=5)


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    """Give a midwife of the district."""
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def handle(mother: Person, midwife: Actor) -> str:
    """Look the mother up."""
    return queries.look_up("Sok Bopha", by=midwife, on=DAY).patients[0].handle


@pytest.fixture
def visit(handle: str, facility_of: Callable[..., Facility], midwife: Actor) -> Visit:
    """Begin the mother's visit to the health centre."""
    facility_of()
    return actions.open_visit(
        handle=handle, facility="HC1", came=actions.Came(DAY), by=midwife, on=TODAY
    )


def give(visit: Visit, by: Actor, **more: Any) -> None:
    given = actions.Given(**{"service": "outpatient", "on": DAY} | more)
    actions.give_service(visit_id=visit.pk, given=given, by=by, on=TODAY)


def end(visit: Visit, by: Actor, **more: Any) -> Visit:
    left = actions.Left(**{"left_on": DAY, "outcome": "cured", "diagnoses": ["a09"]} | more)
    return actions.close_visit(visit_id=visit.pk, left=left, by=by, on=TODAY, at=timezone.now())


def test_a_visit_keeps_who_pays_and_what_the_patient_was_spared(
    visit: Visit, midwife: Actor
) -> None:
    give(visit, midwife)
    give(visit, midwife, service="caretaker_food", quantity=2)

    done = end(visit, midwife)

    assert (done.scheme, done.group, done.fee) == ("hef", "poor_1", 2000)
    assert done.diagnoses == ["A09"]
    assert done.cover is not None
    assert done.number.startswith("V26-")


def test_a_service_of_several_days_is_asked_for_on_each(visit: Visit, midwife: Actor) -> None:
    give(visit, midwife)
    give(visit, midwife, on=DAY + timedelta(days=1))

    assert end(visit, midwife, left_on=DAY + timedelta(days=1)).fee == 2 * 2000


def test_a_patient_who_is_here_is_not_begun_a_second_time(
    visit: Visit, handle: str, midwife: Actor
) -> None:
    again = actions.open_visit(
        handle=handle, facility="HC1", came=actions.Came(DAY), by=midwife, on=TODAY
    )

    assert again.pk == visit.pk


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"service": "haircut"}, actions.ServiceUnknown),
        ({"on": DAY - timedelta(days=1)}, actions.DayImpossible),
        ({"on": TODAY + timedelta(days=1)}, actions.DayImpossible),
        ({"quantity": 0}, actions.QuantityImpossible),
        ({"service": "transport", "quantity": 1001}, actions.QuantityImpossible),
    ],
)
def test_a_service_that_cannot_be_is_refused(
    visit: Visit, midwife: Actor, given: dict[str, Any], refusal: type[SpeanError]
) -> None:
    with pytest.raises(refusal):
        give(visit, midwife, **given)


def test_the_same_service_is_given_once_a_day(visit: Visit, midwife: Actor) -> None:
    give(visit, midwife)

    with pytest.raises(actions.GivenAlready):
        give(visit, midwife)


@pytest.mark.parametrize(
    ("left", "refusal"),
    [
        ({"left_on": DAY - timedelta(days=1)}, actions.DayImpossible),
        ({"left_on": TODAY + timedelta(days=1)}, actions.DayImpossible),
        ({"outcome": "vanished"}, actions.OutcomeUnknown),
        ({"outcome": "referred"}, actions.ReferralNeeded),
        ({"outcome": "referred", "referred_to": "NONE"}, UnknownFacility),
        ({"diagnoses": ["fever"]}, actions.DiagnosisUnknown),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    visit: Visit, midwife: Actor, left: dict[str, Any], refusal: type[SpeanError]
) -> None:
    give(visit, midwife)

    with pytest.raises(refusal):
        end(visit, midwife, **left)


def test_a_visit_at_which_nothing_was_done_does_not_end(visit: Visit, midwife: Actor) -> None:
    with pytest.raises(actions.NothingDone):
        end(visit, midwife)


def test_a_visit_that_is_over_stands(visit: Visit, midwife: Actor) -> None:
    give(visit, midwife)
    end(visit, midwife)

    with pytest.raises(actions.VisitOver):
        give(visit, midwife, service="emergency")


def test_nobody_comes_before_their_birth_or_in_the_future(
    handle: str, facility_of: Callable[..., Facility], midwife: Actor
) -> None:
    facility_of()

    with pytest.raises(actions.DayImpossible):
        actions.open_visit(
            handle=handle, facility="HC1", came=actions.Came(TODAY + timedelta(days=1)),
            by=midwife, on=TODAY,
        )  # fmt: skip
    Person.objects.filter(given_name_latin="Bopha").update(death_date=date(2026, 1, 1))
    with pytest.raises(actions.BeforeBirth):
        actions.open_visit(
            handle=handle, facility="HC1", came=actions.Came(DAY), by=midwife, on=TODAY
        )


def test_a_visit_to_a_facility_elsewhere_is_refused(
    handle: str, facility_of: Callable[..., Facility], midwife: Actor
) -> None:
    facility_of("HC9", place="16020101")

    with pytest.raises(NotAllowed):
        actions.open_visit(
            handle=handle, facility="HC9", came=actions.Came(DAY), by=midwife, on=TODAY
        )


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_and_does_what_it_may(
    visit: Visit, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role, "1601")
    reads = ["/care/visits", f"/care/visits/{visit.pk}", "/api/v1/health_equity/visits",
             f"/api/v1/health_equity/visits/{visit.pk}"]  # fmt: skip
    seen = [client.get(address).status_code for address in reads]
    given = post(client, f"health_equity/visits/{visit.pk}/services",
                 {"service": "outpatient", "on": DAY.isoformat()})  # fmt: skip
    ending = {"left_on": DAY.isoformat(), "outcome": "cured", "diagnoses": ["A09"]}
    ended = post(client, f"health_equity/visits/{visit.pk}/end", ending)

    assert seen == [200 if role in SEES else 403] * 4
    assert given.status_code == (201 if role in RECORDS else 403)
    assert ended.status_code == (200 if role in RECORDS else 403)


def test_a_clerk_of_another_district_sees_neither_list_nor_visit(
    visit: Visit, client_of: Callable[..., Client]
) -> None:
    client = client_of("facility_clerk", "1602")

    assert visit.number not in client.get("/care/visits").content.decode()
    assert client.get(f"/care/visits/{visit.pk}").status_code == 403
    assert client.get("/api/v1/health_equity/visits").json()["items"] == []


def test_a_whole_visit_goes_over_the_api_or_not_at_all(
    mother: Person, facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of()
    client = client_of("facility_clerk", "1601")
    patient = post(client, "health_equity/cover", {"text": "Sok Bopha"}).json()["patients"][0]
    body = {
        "patient": patient["patient"], "facility": "HC1", "came_on": DAY.isoformat(),
        "services": [{"service": "delivery", "on": DAY.isoformat()}],
        "ending": {"left_on": DAY.isoformat(), "outcome": "cured", "diagnoses": ["nonsense"]},
    }  # fmt: skip

    refused = post(client, "health_equity/visits", body)
    body["ending"]["diagnoses"] = ["O80.0"]
    done = post(client, "health_equity/visits", body)

    assert refused.status_code == 422
    assert done.status_code == 201
    assert (done.json()["scheme"], done.json()["diagnoses"]) == ("hef", ["O80.0"])
    assert Visit.objects.count() == 1


def test_a_visit_is_walked_through_on_the_pages(
    mother: Person, facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of()
    today = timezone.localdate()
    client = client_of("facility_clerk", "1601")
    page = client.post("/care/cover", {"text": "Sok Bopha"}).content.decode()
    handle = page.split('name="patient" value="')[1].split('"')[0]

    begun = client.post("/care/cover/visit", {"patient": handle, "facility": "HC1",
                                              "came_on": today.isoformat()})  # fmt: skip
    address = begun["Location"]
    client.post(address, {"service": "outpatient", "on": today.isoformat(), "quantity": "1"})
    wrong = client.post(f"{address}/end", {"left_on": today.isoformat(), "outcome": "cured",
                                           "diagnoses": "fever"})  # fmt: skip
    client.post(f"{address}/end", {"left_on": today.isoformat(), "outcome": "cured",
                                   "diagnoses": "A09 J06"})  # fmt: skip

    assert wrong.status_code == 422
    assert "is not a code of ICD-10" in wrong.content.decode()
    shown = client.get(address).content.decode()
    assert "A09, J06" in shown
    assert "What the patient was spared" in shown
    assert "Health Equity Fund" in shown
