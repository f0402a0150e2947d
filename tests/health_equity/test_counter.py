"""At the counter: who is covered, who may know, and what is held against whom."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions, queries
from spean.health_equity.models import Listing, PostIdentification
from spean.health_equity.rules import Finding
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.kernel.periods import Period
from spean.locations.models import Facility, Place
from spean.registry import actions as registry
from spean.registry.models import EquityCard, Household, Person
from spean.targeting.models import Assessment, PovertyStatus
from tests.calls import post
from tests.health_equity.conftest import DAY, SINCE, UNTIL

POOREST = {"roof": "leaves", "farm_land": "none", "income": "none", "transport": "none",
           "sold": "sold", "food_shortage": "over_three"}  # fmt: skip
RICHEST = {"roof": "tiles", "farm_land": "over_one", "income": "regular", "transport": "car",
           "sold": "nothing", "food_shortage": "never"}  # fmt: skip
CHECKS = {"health_worker", "facility_clerk", "health_record_system"}


@pytest.fixture
def midwife(actor: Callable[..., Actor]) -> Actor:
    """Give a midwife of the district."""
    return actor("health_worker", "1601", Purpose.CARE)


@pytest.fixture
def card(mother: Person, system: Actor) -> EquityCard:
    """Give the card of the mother's family."""
    home = mother.memberships.get().household
    return registry.issue_card(
        household=home, category="poor_1", valid=Period(SINCE, UNTIL), by=system, on=SINCE
    )


def test_a_scanned_card_names_the_family_and_says_who_pays(
    card: EquityCard, midwife: Actor
) -> None:
    found = queries.look_up(card.token, by=midwife, on=DAY)

    assert found.card is not None
    assert {one.name_en for one in found.patients} == {"Sok Bopha", "Sok Thida"}
    assert {one.finding for one in found.patients} == {Finding.COVERED}
    assert AuditEntry.objects.filter(action="health_equity.cover_checked").count() == 2


def test_a_card_from_far_away_names_its_family_when_scanned_and_not_when_typed(
    card: EquityCard, actor: Callable[..., Actor]
) -> None:
    far = actor("health_worker", "1602", Purpose.CARE)

    assert len(queries.look_up(card.token, by=far, on=DAY).patients) == 2
    typed = queries.look_up(card.number, by=far, on=DAY)
    assert typed.patients == ()
    assert typed.card is not None
    assert typed.card.covered


def test_a_name_finds_only_who_lives_in_the_area(
    mother: Person, midwife: Actor, actor: Callable[..., Actor]
) -> None:
    (found,) = queries.look_up("Sok Bopha", by=midwife, on=DAY).patients
    elsewhere = queries.look_up("Sok Bopha", by=actor("health_worker", "1602", Purpose.CARE),
                                on=DAY)  # fmt: skip

    assert (found.person_id, found.finding) == (mother.pk, Finding.COVERED)
    assert elsewhere.patients == ()


def test_the_number_of_a_scheme_finds_its_member(mother: Person, midwife: Actor) -> None:
    Listing.objects.create(person=mother, group="worker", number="W-77", source="list",
                           start=SINCE, listed_by="t")  # fmt: skip

    (found,) = queries.look_up("W-77", by=midwife, on=DAY).patients

    assert found.payer is not None
    assert found.payer.scheme == "workers"


def test_a_revoked_card_of_a_poor_family_is_unclear(
    card: EquityCard, midwife: Actor, system: Actor
) -> None:
    registry.revoke_card(card=card, reason="lost", by=system, on=DAY)

    found = queries.look_up(card.token, by=midwife, on=DAY)

    assert {one.finding for one in found.patients} == {Finding.UNCLEAR}
    assert found.card is not None
    assert not found.card.covered


def test_a_family_whose_status_has_ended_is_expired(mother: Person, midwife: Actor) -> None:
    PovertyStatus.objects.update(end=date(2025, 1, 1))

    (found,) = queries.look_up("Sok Bopha", by=midwife, on=DAY).patients

    assert found.finding == Finding.EXPIRED


def test_a_handle_serves_only_who_looked_the_patient_up(
    mother: Person, midwife: Actor, actor: Callable[..., Actor]
) -> None:
    (found,) = queries.look_up("Sok Bopha", by=midwife, on=DAY).patients
    other = actor("health_worker", "16", Purpose.CARE)

    with pytest.raises(queries.PatientGone):
        queries.patient(found.handle, by=other, on=DAY)
    with pytest.raises(queries.PatientGone):
        queries.patient(found.handle[:-2] + "xx", by=midwife, on=DAY)


def test_a_look_up_takes_as_few_queries_for_a_family_as_for_one(
    card: EquityCard, midwife: Actor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(5):  # card, members, its audit line, grounds, their audit lines
        scanned = queries.look_up(card.token, by=midwife, on=DAY)
    with django_assert_num_queries(5):  # schemes' numbers, people, homes, grounds, audit lines
        named = queries.look_up("Sok", by=midwife, on=DAY)

    assert (len(scanned.patients), len(named.patients)) == (2, 2)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_looks_up_what_it_may(
    mother: Person, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role, "1601")

    page = client.post("/care/cover", {"text": "Sok Bopha"})
    answer = post(client, "health_equity/cover", {"text": "Sok Bopha", "on": DAY.isoformat()})

    assert page.status_code == (200 if role in CHECKS else 403)
    assert answer.status_code == (200 if role in CHECKS else 403)
    if role in CHECKS:
        assert answer.json()["patients"][0]["payer"] == "hef"
        assert answer.json()["patients"][0]["covers"][0]["criteria"][0]["reference"]
        assert "Poor level 1" in page.content.decode()


@pytest.fixture
def rich(family_in: Callable[..., Household], village: Place) -> Household:
    """Give a family without a status."""
    return family_in(village, level="")


def test_a_family_found_poor_is_covered_at_once_and_its_commune_is_asked(
    rich: Household, facility_of: Callable[..., Facility], midwife: Actor
) -> None:
    facility_of()
    found = queries.look_up("Sok Thida", by=midwife, on=DAY).patients[0]
    assert found.finding == Finding.NOT_COVERED

    done = actions.identify_household(
        handle=found.handle, facility="HC1", answers=POOREST, by=midwife, on=DAY
    )

    assert done.cover is not None
    assert done.cover.end == DAY + timedelta(days=90)
    again = queries.patient(found.handle, by=midwife, on=DAY)
    assert (again.finding, again.payer and again.payer.group) == ("covered", "post_identified")
    case = Assessment.objects.get(pk=done.cover.assessment_id)
    assert (case.channel, case.state) == ("health_facility", "requested")
    with pytest.raises(actions.CoveredAlready):
        actions.identify_household(
            handle=found.handle, facility="HC1", answers=POOREST, by=midwife, on=DAY
        )


def test_a_family_that_is_not_poor_is_told_so_and_nothing_is_asked_of_its_commune(
    rich: Household, facility_of: Callable[..., Facility], midwife: Actor
) -> None:
    facility_of()
    found = queries.look_up("Sok Thida", by=midwife, on=DAY).patients[0]

    done = actions.identify_household(
        handle=found.handle, facility="HC1", answers=RICHEST, by=midwife, on=DAY
    )

    assert (done.decision.outcome, done.cover) == ("not_identified", None)
    assert not Assessment.objects.exists()


def test_the_answer_of_the_commune_ends_the_provisional_cover(
    rich: Household, facility_of: Callable[..., Facility], midwife: Actor, system: Actor
) -> None:
    facility_of()
    found = queries.look_up("Sok Thida", by=midwife, on=DAY).patients[0]
    done = actions.identify_household(
        handle=found.handle, facility="HC1", answers=POOREST, by=midwife, on=DAY
    )
    assert done.cover is not None

    later = DAY + timedelta(days=20)
    ended = actions.end_provisional_cover(
        assessment_id=done.cover.assessment_id, by=system, on=later
    )

    assert ended == 1
    assert PostIdentification.objects.get().end == later


def test_nobody_interviews_for_a_facility_outside_their_area(
    rich: Household, facility_of: Callable[..., Facility], actor: Callable[..., Actor]
) -> None:
    facility_of("HC9", place="16020101")
    midwife = actor("health_worker", "1601", Purpose.CARE)
    found = queries.look_up("Sok Thida", by=midwife, on=DAY).patients[0]

    with pytest.raises(NotAllowed):
        actions.identify_household(
            handle=found.handle, facility="HC9", answers=POOREST, by=midwife, on=DAY
        )


def test_an_interview_on_the_page_covers_the_family(
    rich: Household, facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    facility_of()
    client = client_of("facility_clerk", "1601")
    handle = post(client, "health_equity/cover", {"text": "Sok Thida"}).json()["patients"][0][
        "patient"
    ]
    asked = client.post("/care/cover/interview", {"patient": handle})
    missing = client.post("/care/cover/interview", {"patient": handle, "facility": "HC1"})
    done = client.post("/care/cover/interview", {"patient": handle, "facility": "HC1", **POOREST})

    assert [one.status_code for one in (asked, missing, done)] == [200, 422, 200]
    assert "What is the roof made of?" in asked.content.decode()
    assert "is asked to assess it" in done.content.decode()
    assert PostIdentification.objects.get().start == timezone.localdate()
