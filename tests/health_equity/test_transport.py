"""Who pays for bringing a patient: by the cover of the day, once a trip, on the visit."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.config.hears import HANDLERS
from spean.config.roles import ROLES
from spean.health_equity import actions, queries
from spean.health_equity.handlers import note_transport
from spean.health_equity.models import Transport, VisitService
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility
from spean.referrals.events import TripCompleted
from spean.registry.models import Person
from tests.health_equity.conftest import DAY, UNTIL

LEFT = DAY + timedelta(days=2)
VIEWS = {"health_worker", "facility_clerk", "facility_chief", "auditor"}


@pytest.fixture
def told(mother: Person, facility_of: Callable[..., Facility]) -> Callable[..., Transport]:
    """Tell of a trip that brought the mother to the health centre; say what differs."""
    facility_of()
    home = mother.memberships.get().household_id

    def tell(**given: Any) -> Transport:
        usual = {"trip": uuid4(), "referral": uuid4(), "person": mother.pk, "household": home,
                 "facility": "HC1", "day": DAY, "km": 12, "cost": Decimal(45000)}  # fmt: skip
        event = TripCompleted(**usual | given)
        note_transport(event)
        return Transport.objects.get(trip=event.trip)

    return tell


@pytest.fixture
def come(mother: Person, actor: Callable[..., Actor]) -> Callable[..., Any]:
    """Open a visit of the mother at the health centre."""

    def open_visit(day: date = DAY) -> Any:
        by = actor("health_worker", "1601", Purpose.CARE)
        handle = queries.handle_of(mother.pk, by=by)
        came = actions.Came(day)
        return actions.open_visit(handle=handle, facility="HC1", came=came, by=by, on=day)

    return open_visit


def km_of(visit: Any) -> list[int]:
    rows = VisitService.objects.filter(visit=visit, service="transport")
    return list(rows.values_list("quantity", flat=True))


def test_the_news_is_heard() -> None:
    assert note_transport in HANDLERS[TripCompleted]


def test_the_fund_pays_for_a_poor_patient_by_the_km(told: Callable[..., Transport]) -> None:
    made = told()

    assert (made.scheme, made.group, made.fee) == ("hef", "poor_1", Decimal(12000))
    assert made.cover is not None
    assert made.visit is None


@pytest.mark.parametrize(("day", "scheme"), [(UNTIL - timedelta(days=1), "hef"), (UNTIL, "")])
def test_cover_counts_on_the_day_of_the_trip(
    day: date, scheme: str, told: Callable[..., Transport]
) -> None:
    made = told(day=day)

    assert (made.scheme, made.fee > 0) == (scheme, bool(scheme))


def test_a_scheme_that_pays_no_transport_pays_none(
    told: Callable[..., Transport], mother: Person, system: Actor, facility_of: Any
) -> None:
    from spean.health_equity.models import Listing
    from spean.targeting.models import PovertyStatus

    PovertyStatus.objects.all().delete()
    Listing.objects.create(
        person=mother, group="worker", source="t", listed_by="t", start=date(2020, 1, 1)
    )

    assert (told().scheme, told().fee) == ("", 0)


def test_told_twice_it_stands_once(
    told: Callable[..., Transport], come: Callable[..., Any]
) -> None:
    visit, trip = come(), uuid4()
    for _ in range(2):
        told(trip=trip)

    assert Transport.objects.count() == 1
    assert km_of(visit) == [12]


def test_the_km_stand_on_the_visit_that_is_open_and_two_trips_add_up(
    told: Callable[..., Transport], come: Callable[..., Any]
) -> None:
    visit = come()

    made = told()
    told(km=5)

    assert made.visit_id == visit.pk
    assert km_of(visit) == [17]


@pytest.mark.parametrize(("days", "km"), [(0, [12]), (1, [12]), (2, [])])
def test_a_visit_that_begins_by_the_next_day_takes_the_trip_in(
    days: int, km: list[int], told: Callable[..., Transport], come: Callable[..., Any]
) -> None:
    told()

    assert km_of(come(DAY + timedelta(days=days))) == km


@pytest.fixture
def leave(actor: Callable[..., Actor]) -> Callable[[Any], None]:
    """Let the mother leave, two days after she came, without a receipt in the file."""

    def close(visit: Any, outcome: str = "cured") -> None:
        by = actor("health_worker", "1601", Purpose.CARE)
        actions.give_service(visit_id=visit.pk, given=actions.Given("outpatient", DAY), by=by,
                             on=LEFT)  # fmt: skip
        left = actions.Left(LEFT, outcome, ["A09"])
        actions.close_visit(visit_id=visit.pk, left=left, by=by, on=LEFT, at=timezone.now())

    return close


@pytest.mark.parametrize(("days", "km"), [(0, [9]), (3, [9]), (4, [])])
def test_a_trip_home_within_three_days_is_claimed_with_the_visit(
    days: int, km: list[int], told: Callable[..., Transport], come: Callable[..., Any],
    leave: Callable[[Any], None], actor: Callable[..., Actor],
) -> None:  # fmt: skip
    visit = come()
    leave(visit)

    told(day=LEFT + timedelta(days=days), km=9)

    assert km_of(visit) == km
    clerk = actor("facility_clerk", "160101", Purpose.PAYMENT)
    (claim,) = actions.build_claims(facility="HC1", month=LEFT, by=clerk, on=LEFT)
    actions.adjudicate(claim_ids=[claim.pk], by=Actor.system("t"), on=LEFT)
    claim.refresh_from_db()
    assert (claim.state, claim.amount) == ("accepted", 4000 + 1000 * sum(km))


def test_a_visit_that_is_claimed_or_did_not_take_place_stands(
    told: Callable[..., Transport], come: Callable[..., Any], leave: Callable[..., None],
    actor: Callable[..., Actor],
) -> None:  # fmt: skip
    claimed = come()
    leave(claimed)
    clerk = actor("facility_clerk", "160101", Purpose.PAYMENT)
    (claim,) = actions.build_claims(facility="HC1", month=LEFT, by=clerk, on=LEFT)

    assert told(day=LEFT).visit is None
    actions.withdraw_claim(claim_id=claim.pk, reason="the trip home", by=clerk, on=LEFT)
    assert told(day=LEFT).visit == claimed
    type(claimed).objects.filter(pk=claimed.pk).update(outcome="mistaken")
    assert told(day=LEFT).visit is None


def test_a_trip_to_another_facility_is_not_this_visits(
    told: Callable[..., Transport], come: Callable[..., Any], facility_of: Any
) -> None:
    facility_of("H1", "cpa2", "16020101")
    told(facility="H1")

    assert km_of(come()) == []


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer(
    role: str, told: Callable[..., Transport], client_of: Callable[..., Client]
) -> None:
    trip: UUID = told().trip
    address = reverse("health_equity:transport", args=[trip])

    page = client_of(role, "16").get(address)

    assert page.status_code == (200 if role in VIEWS else 403)
    if role in VIEWS:
        assert "Health Equity Fund" in page.content.decode()
        assert client_of(role, "12", name=f"{role}_far").get(address).status_code == 403
