"""A home visit recorded in error is kept with its reason, and is to be made again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.fieldwork import actions as fieldwork
from spean.fieldwork.models import WorkItem
from spean.interop.fhir.resources.service_request import service_requests
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.maternal_child import actions, queries
from spean.maternal_child.models import HomeVisit
from spean.registry import actions as registry
from spean.registry.models import ChangeRequest, Household
from tests.calls import post
from tests.maternal_child.conftest import TODAY

MAY = {"village_health_volunteer", "health_worker"}


@pytest.fixture
def visit(family: Household, members: dict[str, Any], volunteer: Actor) -> HomeVisit:
    """Record a visit of the newborn, with a danger sign and a referral."""
    return actions.record_home_visit(
        household_id=family.pk, person_id=members["ថ្មី"].pk, kind="newborn", visited_on=TODAY,
        findings=actions.Findings(danger_signs=["not_feeding"], referred=True,
                                  referred_to="hospital"),
        by=volunteer, on=TODAY,
    )  # fmt: skip


def withdraw(visit: HomeVisit, by: Actor, reason: str = "another child") -> HomeVisit:
    return actions.withdraw_home_visit(visit_id=visit.pk, reason=reason, by=by, on=TODAY)


def due(by: Actor, person: Any) -> set[str]:
    found = queries.visits_due(area="16010101", by=by, on=TODAY)
    return {one.visit.line for one in found if one.person_id == person.pk}


def test_it_is_kept_and_the_visit_is_due_again_on_the_work_list_too(
    family: Household, members: dict[str, Any], volunteer: Actor
) -> None:
    child = members["ថ្មី"]
    fieldwork.follow_visits(on=TODAY)
    before = due(volunteer, child)
    visit = actions.record_home_visit(
        household_id=family.pk, person_id=child.pk, kind="newborn", visited_on=TODAY,
        findings=actions.Findings(), by=volunteer, on=TODAY,
    )  # fmt: skip
    assert due(volunteer, child) < before
    assert not WorkItem.objects.filter(person=child, closed_on=None).exists()

    withdraw(visit, volunteer)

    visit.refresh_from_db()
    assert (visit.withdrawn_on, visit.withdrawn_by, visit.reason) == (
        TODAY, volunteer.name, "another child")  # fmt: skip
    assert due(volunteer, child) == before
    items = WorkItem.objects.filter(person=child, closed_on=None)
    assert {one.line for one in items} == before


def test_another_health_record_no_longer_hears_of_its_referral(
    visit: HomeVisit, midwife: Actor
) -> None:
    def asked() -> list[Any]:
        return list(service_requests(queries.care_record(visit.person_id, by=midwife, on=TODAY)))

    assert len(asked()) == 1
    withdraw(visit, midwife)
    assert asked() == []


def _found_pregnant(family: Household, woman: Any, by: Actor) -> HomeVisit:
    return actions.record_home_visit(
        household_id=family.pk, person_id=woman.pk, kind="pregnancy", visited_on=TODAY,
        findings=actions.Findings(), by=by, on=TODAY,
        pregnancy=actions.FoundPregnant(TODAY + timedelta(days=100)),
    )  # fmt: skip


def test_a_pregnancy_that_it_proposed_goes_with_it(
    family: Household, members: dict[str, Any], volunteer: Actor
) -> None:
    visit = _found_pregnant(family, members["ស្រីមុំ"], volunteer)

    withdraw(visit, volunteer)

    assert ChangeRequest.objects.get(kind="record_pregnancy").state == "rejected"


def test_one_that_the_council_approved_is_reversed_by_it_first(
    family: Household, members: dict[str, Any], volunteer: Actor, system: Actor
) -> None:
    visit = _found_pregnant(family, members["ស្រីមុំ"], volunteer)
    change = registry.approve_change(change=ChangeRequest.objects.get(), by=system, on=TODAY)

    with pytest.raises(actions.PregnancyApproved):
        withdraw(visit, volunteer)
    visit.refresh_from_db()
    assert visit.withdrawn_on is None
    registry.reverse_change(change=change, reason="wrong", by=system, on=TODAY)
    withdraw(visit, volunteer)


def test_a_reason_is_asked_for_and_nothing_is_withdrawn_twice(
    visit: HomeVisit, volunteer: Actor
) -> None:
    with pytest.raises(actions.ReasonMissing):
        withdraw(visit, volunteer, " ")
    withdraw(visit, volunteer)
    with pytest.raises(actions.WithdrawnAlready):
        withdraw(visit, volunteer)
    (line,) = AuditEntry.objects.filter(kind="write", detail__withdrawn=True)
    assert (line.action, line.area) == ("maternal_child.record_visit", "16010101")
    with pytest.raises(IntegrityError), transaction.atomic():
        HomeVisit.objects.update(reason="")


def test_another_villages_volunteer_withdraws_nothing(
    visit: HomeVisit, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        withdraw(visit, actor("village_health_volunteer", "16010102", Purpose.CARE))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    role: str, visit: HomeVisit, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    client, why = client_of(role), {"reason": "another child"}

    api = post(client, f"maternal_child/visits/{visit.pk}/withdraw", why)
    page = client.post(f"/visits/{visit.pk}/withdraw", why, follow=role in MAY)

    assert api.status_code == (200 if role in MAY else 403)
    assert page.status_code == (200 if role in MAY else 403)
    if role in MAY:
        assert api.json()["withdrawn_on"] == str(TODAY)
        assert "This was withdrawn already." in page.content.decode()
        assert "it does not count" in page.content.decode()
