"""A birth that was recorded in error is kept with its reason, and everything it did is undone."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions as health
from spean.health_equity.models import ReportedCase, Visit
from spean.interop import civil_registry
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry
from spean.locations.models import Catchment, Facility, Place
from spean.maternal_child import actions, queries
from spean.maternal_child.models import Baby, Pregnancy, WithdrawnEnd
from spean.programmes.models import Confirmation
from spean.registry import actions as registry
from spean.registry.models import ChangeRequest, Household, Person
from spean.registry.models import Pregnancy as Registered
from spean.targeting.models import Assessment, PovertyStatus
from tests.calls import post
from tests.health_equity.conftest import facility_of
from tests.maternal_child.conftest import TODAY

__all__ = ["facility_of"]
GIRL = actions.NewBaby(outcome="live", sex="female", weight_g=3100, given_name_km="ធីតា")
STILL = actions.NewBaby(outcome="fresh_stillbirth", sex="male", weight_g=2200)
MAY = {"health_worker", "health_record_system"}


def bear(pregnancy: Pregnancy, by: Actor, *babies: actions.NewBaby, **changes: Any) -> Pregnancy:
    birth = {"day": TODAY, "place": "health_centre", "attendant": "midwife", "mode": "normal"}
    return actions.record_birth(
        pregnancy_id=pregnancy.pk, birth=actions.Birth(**birth | changes), others=True,
        babies=babies or (GIRL,), by=by, on=TODAY,
    )  # fmt: skip


def withdraw(pregnancy: Pregnancy, by: Actor, reason: str = "another woman") -> WithdrawnEnd:
    made = actions.withdraw_end(pregnancy_id=pregnancy.pk, reason=reason, by=by, on=TODAY)
    pregnancy.refresh_from_db()
    return made


def born() -> Person:
    return Person.objects.get(given_name_km="ធីតា")


@pytest.fixture
def centre(facility_of: Callable[..., Facility], village: Place) -> Facility:
    """Give the health centre of the village, under contract with the Fund."""
    made = facility_of()
    Catchment.objects.create(facility=made, place=village, start=date(2015, 1, 1))
    return made


@pytest.fixture
def poor(family: Household) -> Household:
    """Find the family poor since two years."""
    since = TODAY - timedelta(days=700)
    case = Assessment.objects.create(
        household=family, village=family.village, state="confirmed", final_level="poor_1",
        origin="imported", channel="system", requested_on=since, requested_by="t",
        closed_on=since, closed_by="t",
    )  # fmt: skip
    PovertyStatus.objects.create(household=family, level="poor_1", assessment=case, start=since,
                                 end=TODAY + timedelta(days=300))  # fmt: skip
    return family


def test_the_pregnancy_goes_on_and_what_the_birth_said_is_kept(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, GIRL, STILL, complications=["tear"])
    child = born().pk

    kept = withdraw(pregnancy, midwife)

    assert (pregnancy.ended_on, pregnancy.ending, pregnancy.place) == (None, "", "")
    assert (kept.ending, kept.day, kept.place, kept.complications, kept.reason) == (
        "birth", TODAY, "health_centre", ["tear"], "another woman")  # fmt: skip
    assert (kept.withdrawn_on, kept.withdrawn_by) == (TODAY, midwife.name)
    assert [(one["outcome"], one["weight_g"], one["person"]) for one in kept.babies] == [
        ("live", 3100, str(child)), ("fresh_stillbirth", 2200, None)]  # fmt: skip
    assert not Baby.objects.exists()


def test_who_was_registered_by_it_is_in_the_registry_no_more(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife)

    withdraw(pregnancy, midwife)

    assert not Person.objects.filter(given_name_km="ធីតា").exists()
    change = ChangeRequest.objects.get(kind="add_member")
    assert (change.state, change.reversed_by) == ("reversed", "system:births")


def test_a_child_whom_the_registry_knew_before_stays(
    pregnancy: Pregnancy, midwife: Actor, members: dict[str, Any]
) -> None:
    known = members["ថ្មី"]
    same = actions.NewBaby(outcome="live", sex="male", known=known.pk)
    bear(pregnancy, midwife, same, day=known.birth_date)

    withdraw(pregnancy, midwife)

    assert known.memberships.get().end is None


def test_that_the_pregnancy_ended_is_taken_back_from_the_registry(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife)

    withdraw(pregnancy, midwife)

    ended = ChangeRequest.objects.get(kind="record_pregnancy")
    assert (ended.state, ended.decided_by) == ("rejected", "system:births")
    assert Registered.objects.get().end is None


def test_where_the_council_has_approved_the_end_the_pregnancy_is_proposed_again(
    pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    bear(pregnancy, midwife)
    ended = ChangeRequest.objects.get(kind="record_pregnancy")
    registry.approve_change(change=ended, by=system, on=TODAY)

    withdraw(pregnancy, midwife)

    again = ChangeRequest.objects.get(kind="record_pregnancy", state="proposed")
    assert again.proposal == {"expected_on": pregnancy.expected_on.isoformat()}


def test_it_is_due_again_and_may_be_recorded_rightly(
    pregnancy: Pregnancy, midwife: Actor, members: dict[str, Any]
) -> None:
    before = queries.due_in("16010101", by=midwife, on=TODAY)
    bear(pregnancy, midwife)
    assert queries.due_in("16010101", by=midwife, on=TODAY) != before

    withdraw(pregnancy, midwife)

    assert queries.due_in("16010101", by=midwife, on=TODAY) == before
    bear(pregnancy, midwife, place="home")
    assert Baby.objects.get().person == born()


def test_the_grant_and_the_case_of_the_health_schemes_go_with_it_and_come_again(
    centre: Facility, poor: Household, pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife)
    assert Confirmation.objects.get().withdrawn_on is None

    withdraw(pregnancy, midwife)

    assert Confirmation.objects.get().withdrawn_on == TODAY
    assert ReportedCase.objects.get().withdrawn_on == TODAY
    visit = Visit.objects.get()
    assert (visit.outcome, visit.left_on, visit.fee) == ("mistaken", TODAY, 0)
    bear(pregnancy, midwife)
    assert Confirmation.objects.filter(withdrawn_on=None).count() == 1
    assert ReportedCase.objects.get(withdrawn_on=None).visit != visit


def _completed(by: Actor) -> Visit:
    visit = Visit.objects.get()
    left = health.Left(TODAY, "cured", visit.diagnoses, ["birth_record"])
    return health.close_visit(visit_id=visit.pk, left=left, by=by, on=TODAY, at=timezone.now())


def test_a_visit_that_was_completed_and_not_claimed_is_claimed_no_more(
    centre: Facility, poor: Household, pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    bear(pregnancy, midwife)
    _completed(midwife)

    withdraw(pregnancy, midwife)

    assert Visit.objects.get().outcome == "mistaken"
    assert not health.build_claims(facility="HC1", month=TODAY, by=system, on=TODAY)


def test_other_care_of_the_visit_stays_and_can_be_claimed(
    centre: Facility, poor: Household, pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    bear(pregnancy, midwife)
    given = health.Given("outpatient", TODAY)
    health.give_service(visit_id=Visit.objects.get().pk, given=given, by=midwife, on=TODAY)
    fee = _completed(midwife).fee

    withdraw(pregnancy, midwife)

    visit = Visit.objects.get()
    assert (visit.outcome, [one.service for one in visit.services.all()]) == (
        "cured", ["outpatient"])  # fmt: skip
    assert 0 < visit.fee < fee
    (claim,) = health.build_claims(facility="HC1", month=TODAY, by=system, on=TODAY)
    assert claim.lines.get().service == "outpatient"


def test_a_birth_that_was_claimed_is_refused_until_the_claim_is_withdrawn(
    centre: Facility, poor: Household, pregnancy: Pregnancy, midwife: Actor, system: Actor,
    actor: Callable[..., Actor],
) -> None:  # fmt: skip
    reviewer = actor("claims_reviewer", "", Purpose.PAYMENT)
    bear(pregnancy, midwife)
    _completed(midwife)
    (claim,) = health.build_claims(facility="HC1", month=TODAY, by=system, on=TODAY)
    health.adjudicate(claim_ids=[claim.pk], by=system, on=TODAY)

    with pytest.raises(health.CaseClaimed, match=claim.number):
        withdraw(pregnancy, midwife)
    pregnancy.refresh_from_db()
    assert (pregnancy.ending, Baby.objects.count(), Confirmation.objects.get().withdrawn_on) == (
        "birth", 1, None)  # fmt: skip

    health.override_claim(claim_id=claim.pk, amounts={1: 0}, reason="no birth", by=reviewer,
                          on=TODAY)  # fmt: skip
    health.withdraw_claim(claim_id=claim.pk, reason="no birth", by=system, on=TODAY)
    withdraw(pregnancy, midwife)
    assert Visit.objects.get().outcome == "mistaken"


def test_care_after_the_birth_is_taken_back_first(
    pregnancy: Pregnancy, midwife: Actor, members: dict[str, Any]
) -> None:
    bear(pregnancy, midwife)
    after = actions.record_contact(
        person_id=members["ស្រីមុំ"].pk, kind="postnatal", day=TODAY, place="facility",
        by=midwife, on=TODAY, measured=actions.Measured(),
    )  # fmt: skip

    with pytest.raises(actions.CareAfterBirth, match=TODAY.isoformat()):
        withdraw(pregnancy, midwife)
    actions.withdraw_contact(contact_id=after.pk, reason="x", by=midwife, on=TODAY)
    withdraw(pregnancy, midwife)


def test_care_of_the_newborn_is_taken_back_first_and_then_it_leaves_the_household(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife, day=TODAY - timedelta(days=1))
    (dose,) = actions.record_doses(
        person_id=born().pk, doses=[actions.NewDose("bcg", TODAY)], by=midwife, on=TODAY
    )

    with pytest.raises(actions.CareOfNewborn, match="ធីតា"):
        withdraw(pregnancy, midwife)
    actions.withdraw_dose(dose_id=dose.pk, reason="x", by=midwife, on=TODAY)
    withdraw(pregnancy, midwife)

    assert not born().memberships.exists()  # it had begun that day
    left = ChangeRequest.objects.get(kind="remove_member")
    assert (left.state, left.proposal["because"]) == ("applied", "mistake")


def test_a_later_change_of_the_household_that_names_the_child_is_told(
    pregnancy: Pregnancy, midwife: Actor, system: Actor
) -> None:
    bear(pregnancy, midwife)
    facts = registry.propose_change(
        kind="correct_person", person=born(), proposal={"given_name_km": "បុប្ផា"}, reason="r",
        effective_on=TODAY, by=midwife, on=TODAY,
    )  # fmt: skip
    registry.approve_change(change=facts, by=system, on=TODAY)

    with pytest.raises(actions.NewbornInUse, match="Ask the commune council"):
        withdraw(pregnancy, midwife)
    assert Baby.objects.count() == 1


def test_an_end_without_a_birth_is_taken_back_too_and_a_death_is_not(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    actions.end_pregnancy(pregnancy_id=pregnancy.pk, ending="miscarriage", day=TODAY, by=midwife,
                          on=TODAY)  # fmt: skip
    assert withdraw(pregnancy, midwife).ending == "miscarriage"
    actions.notify_death(person_id=pregnancy.person_id, died_on=TODAY, place="home", account="",
                         by=midwife, on=TODAY)  # fmt: skip

    with pytest.raises(actions.EndedByDeath):
        withdraw(pregnancy, midwife)


def test_a_pregnancy_is_not_open_again_beside_a_later_one(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    day = TODAY - timedelta(days=80)
    bear(pregnancy, midwife, STILL, day=day)
    dating = actions.Dating(last_period_on=TODAY - timedelta(weeks=8))
    actions.record_pregnancy(person_id=pregnancy.person_id, dating=dating, by=midwife, on=TODAY)

    with pytest.raises(actions.LaterPregnancy):
        withdraw(pregnancy, midwife)


def test_a_reason_is_asked_for_and_nothing_is_taken_back_twice(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    with pytest.raises(actions.NotEnded):
        withdraw(pregnancy, midwife)
    bear(pregnancy, midwife)
    with pytest.raises(actions.ReasonMissing):
        withdraw(pregnancy, midwife, " ")
    withdraw(pregnancy, midwife)

    with pytest.raises(actions.NotEnded):
        withdraw(pregnancy, midwife)


def test_another_areas_midwife_takes_nothing_back(
    pregnancy: Pregnancy, midwife: Actor, actor: Callable[..., Actor]
) -> None:
    bear(pregnancy, midwife)

    with pytest.raises(NotAllowed):
        withdraw(pregnancy, actor("health_worker", "1602", Purpose.CARE))


def test_it_is_audited_and_the_database_asks_for_the_reason(
    pregnancy: Pregnancy, midwife: Actor
) -> None:
    bear(pregnancy, midwife)
    withdraw(pregnancy, midwife)

    (line,) = AuditEntry.objects.filter(kind="write", detail__withdrawn=True)
    assert (line.subject_type, line.area) == ("maternal_child.withdrawnend", "16010101")
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawnEnd.objects.update(reason="")


def test_the_civil_registry_is_told_that_there_was_no_birth(
    pregnancy: Pregnancy, midwife: Actor, settings: Any, tmp_path: Any
) -> None:
    settings.CIVIL_NOTICES = tmp_path / "notices.jsonl"
    bear(pregnancy, midwife)
    told = str(Baby.objects.get().pk)
    kept = withdraw(pregnancy, midwife)

    civil_registry.deliver(
        "maternal_child.BirthWithdrawn",
        {"babies": [one["id"] for one in kept.babies], "village": "16010101"},
    )

    said = settings.CIVIL_NOTICES.read_text()
    assert said == f'{{"notice": "birth_withdrawn", "id": "{told}"}}\n'


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    role: str, pregnancy: Pregnancy, midwife: Actor, client_of: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    client, why = client_of(role), {"reason": "another woman"}
    bear(pregnancy, midwife)

    page = client.post(f"/care/pregnancies/{pregnancy.pk}/end/withdraw", why)
    if role in MAY:
        bear(Pregnancy.objects.get(), midwife)
    api = post(client, f"maternal_child/pregnancies/{pregnancy.pk}/end/withdraw", why)

    assert page.status_code == (302 if role in MAY else 403)
    assert api.status_code == (200 if role in MAY else 403)
    if role in MAY:
        assert (api.json()["ended_on"], api.json()["babies"]) == (None, [])


def test_the_page_shows_what_was_taken_back_and_says_why_it_can_t_be(
    pregnancy: Pregnancy, midwife: Actor, client_of: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)
    client, here = client_of("health_worker", "1601"), f"/care/pregnancies/{pregnancy.pk}"
    bear(pregnancy, midwife)
    actions.record_contact(
        person_id=born().pk, kind="newborn", day=TODAY, place="facility", by=midwife, on=TODAY,
        measured=actions.Measured(weight_kg=Decimal(3)),
    )  # fmt: skip
    assert "Take back what was recorded in error" in client.get(here).content.decode()

    refused = client.post(f"{here}/end/withdraw", {"reason": "x"}, follow=True).content.decode()
    assert "Take that back first, then the birth" in refused
    for one in born().contacts.all():
        actions.withdraw_contact(contact_id=one.pk, reason="x", by=midwife, on=TODAY)
    client.post(f"{here}/end/withdraw", {"reason": "the wrong woman"})

    shown = client.get(here).content.decode()
    assert "the wrong woman" in shown
    assert "Record the birth" in shown
