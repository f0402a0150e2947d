"""Home visits: recorded as made, due by the schedule, seen by those who care for the family."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spean.fieldwork import actions as fieldwork
from spean.fieldwork.models import WorkItem
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry, User
from spean.maternal_child import actions, queries
from spean.maternal_child.models import HomeVisit
from spean.registry.models import ChangeRequest, Household
from tests.maternal_child.conftest import TODAY

Members = dict[str, Any]


def record(family: Household, who: Any, by: Actor, **changes: Any) -> HomeVisit:
    about = {
        name: changes.pop(name) for name in ("kind", "visited_on", "pregnancy") if name in changes
    }
    met = changes.pop("met", True)
    return actions.record_home_visit(
        household_id=family.pk, person_id=who.pk, by=by, on=TODAY,
        findings=actions.Findings(**changes) if met else None,
        **({"kind": "child", "visited_on": TODAY} | about),
    )  # fmt: skip


def test_a_visit_keeps_what_was_found_and_why_it_matters(
    family: Household, members: Members, volunteer: Actor
) -> None:
    visit = record(
        family, members["ដារ៉ា"], volunteer, muac_mm=112, oedema=False, topics=["feeding"],
        referred=True, referred_to="hospital",
    )  # fmt: skip

    assert visit.decision is not None
    assert visit.decision.outcome == "treat_malnutrition"
    assert "WHO" in str(visit.decision.body["policies"])
    assert AuditEntry.objects.filter(action="maternal_child.record_visit").exists()


def test_everything_that_cannot_be_is_said_at_once(
    family: Household, members: Members, volunteer: Actor
) -> None:
    with pytest.raises(actions.AnswersWrong) as refused:
        record(
            family, members["ដារ៉ា"], volunteer, visited_on=TODAY + timedelta(days=1),
            danger_signs=["bleeding", "luck"], muac_mm=12, topics=["weather"], referred=True,
        )  # fmt: skip

    assert [name for name, _ in refused.value.field_errors] == [
        "visited_on", "danger_signs", "danger_signs", "topics", "muac_mm", "referred_to",
    ]  # fmt: skip
    assert not HomeVisit.objects.exists()


def test_where_nobody_was_met_nothing_was_found(
    family: Household, members: Members, volunteer: Actor
) -> None:
    visit = record(
        family, members["ដារ៉ា"], volunteer, met=False, muac_mm=112, danger_signs=["fever"]
    )

    assert (visit.muac_mm, visit.danger_signs, visit.decision) == (None, [], None)


def test_somebody_of_another_household_is_refused(
    family: Household, members: Members, volunteer: Actor, system: Actor
) -> None:
    members["ដារ៉ា"].memberships.update(end=TODAY + timedelta(days=1))

    with pytest.raises(actions.NotInThisHousehold):
        record(family, members["ដារ៉ា"], volunteer)


def test_another_village_is_refused(
    family: Household, members: Members, actor: Callable[..., Actor]
) -> None:
    other = actor("village_health_volunteer", "16010102", Purpose.CARE)

    with pytest.raises(NotAllowed):
        record(family, members["ដារ៉ា"], other)


def test_a_pregnancy_found_is_proposed_to_the_registry(
    family: Household, members: Members, volunteer: Actor
) -> None:
    mother = members["ស្រីមុំ"]
    mother.pregnancies.all().delete()

    record(
        family, mother, volunteer, kind="pregnancy",
        pregnancy=actions.FoundPregnant(TODAY + timedelta(days=120)),
    )  # fmt: skip

    change = ChangeRequest.objects.get()
    assert (change.kind, change.person, change.state) == ("record_pregnancy", mother, "proposed")


@pytest.mark.parametrize(
    "wrong",
    [{"muac_mm": 30}, {"referred": True}, {"referred_to": "hospital"}, {"met": False}],
)
def test_the_database_holds_the_same(
    wrong: dict[str, Any], family: Household, members: Members, volunteer: Actor
) -> None:
    visit = record(family, members["ដារ៉ា"], volunteer, danger_signs=["fever"])

    with pytest.raises(IntegrityError), transaction.atomic():
        HomeVisit.objects.filter(pk=visit.pk).update(**wrong)


def test_due_are_the_early_visit_of_the_pregnancy_and_the_newborns_third_day(
    family: Household, members: Members, volunteer: Actor
) -> None:
    due = queries.visits_due(area="16010101", by=volunteer, on=TODAY)

    assert {(one.person_id, one.visit.line) for one in due} == {
        (members["ស្រីមុំ"].pk, "pregnancy_early"),
        (members["ថ្មី"].pk, "newborn_day_3"),
    }


def test_due_visits_cost_three_queries(
    family: Household, volunteer: Actor, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        queries.visits_due(area="16010101", by=volunteer, on=TODAY)


def test_the_work_list_opens_and_closes_with_the_visits(
    family: Household, members: Members, volunteer: Actor
) -> None:
    fieldwork.follow_visits(on=TODAY)
    fieldwork.follow_visits(on=TODAY)
    assert WorkItem.objects.filter(closed_on=None).count() == 2

    record(family, members["ថ្មី"], volunteer, kind="newborn", met=False)
    assert WorkItem.objects.filter(closed_on=None).count() == 2
    record(family, members["ថ្មី"], volunteer, kind="newborn", breastfed=True)
    fieldwork.follow_visits(on=TODAY)

    item = WorkItem.objects.get(person=members["ថ្មី"])
    assert (item.closing, item.closed_on) == ("done", TODAY)
    fieldwork.follow_visits(on=TODAY + timedelta(days=400))
    assert WorkItem.objects.get(person=members["ស្រីមុំ"]).closing == "no_longer_due"


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)


def signed_in(user: User) -> Client:
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("_today")
def test_the_pages_lead_from_the_list_to_a_visit_written_down(
    family: Household, members: Members, volunteer: Actor
) -> None:
    assert volunteer.user is not None
    page = signed_in(volunteer.user)
    assert "សុខ ថ្មី" in page.get(reverse("maternal_child:visits")).content.decode()
    given = {
        "person_id": members["ដារ៉ា"].pk, "kind": "child", "visited_on_day": 23,
        "visited_on_month": 11, "visited_on_year": 2026, "met": "yes", "muac_mm": "40",
    }  # fmt: skip
    address = reverse("maternal_child:record", args=[family.pk])

    wrong = page.post(address, given).content.decode()
    done = page.post(address, given | {"muac_mm": "១១០"}, follow=True).content.decode()

    assert "The arm measures between 60 and 250 mm" in wrong
    assert "Severe acute malnutrition: refer for treatment" in done
    listed = page.get(reverse("maternal_child:household_visits", args=[family.pk]))
    assert "Child" in listed.content.decode()


ROLES = {
    "village_health_volunteer": ("16010101", True),
    "health_worker": ("1601", True),
    "enumerator": ("160101", False),
    "village_representative": ("16010101", False),
    "commune_clerk": ("160101", False),
    "commune_council": ("160101", False),
    "district_officer": ("1601", False),
    "analyst": ("16", False),
    "auditor": ("", False),
    "administrator": ("", False),
}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer(
    role: str, family: Household, members: Members, volunteer: Actor,
    user_of: Callable[..., User],
) -> None:  # fmt: skip
    visit = record(family, members["ដារ៉ា"], volunteer)
    area, cares = ROLES[role]
    client = signed_in(user_of(role, area))
    expected = 200 if cares else 403

    for address in (
        reverse("maternal_child:visits"),
        reverse("maternal_child:visit", args=[visit.pk]),
        reverse("maternal_child:household_visits", args=[family.pk]),
        reverse("maternal_child:record", args=[family.pk]),
        f"/api/v1/maternal_child/households/{family.pk}/visits",
        f"/api/v1/maternal_child/visits/{visit.pk}",
    ):
        assert client.get(address).status_code == expected, address


def test_a_visit_is_recorded_over_the_api_once(
    family: Household, members: Members, user_of: Callable[..., User]
) -> None:
    client = signed_in(user_of("health_worker", "1601"))
    day = timezone.localdate().isoformat()
    body = {"person_id": str(members["ដារ៉ា"].pk), "kind": "child", "visited_on": day, "met": True}
    address = f"/api/v1/maternal_child/households/{family.pk}/visits"

    answers = [
        client.post(
            address, body, content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert HomeVisit.objects.count() == 1
    assert answers[0].json()["advice"] == "none"
