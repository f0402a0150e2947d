"""Complaints: who may lodge them about what, who answers, and what follows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Place
from spean.registry import queries as registry
from spean.targeting import actions, queries
from spean.targeting.models import Assessment, Complaint
from tests.targeting.conftest import DAY

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(days=7)
Bring = Callable[..., Assessment]
People = dict[str, Actor]


def _lodge(by: Actor, household: Any = None, **given: Any) -> Complaint:
    facts: dict[str, Any] = {"kind": "exclusion", "channel": "commune_verbal", "text": "មិនត្រឹមត្រូវ"}
    return actions.lodge_complaint(
        **facts | given, household_id=household and household.pk, by=by, on=DAY
    )


def _answer(complaint: Complaint, by: Actor, remedy: str = "none", **given: Any) -> Complaint:
    facts: dict[str, Any] = {"upheld": remedy != "none", "answer": "បានពិនិត្យហើយ", "on": AFTER}
    return actions.resolve_complaint(
        complaint_id=complaint.pk, version=1, remedy=remedy, by=by, **facts | given
    )


@pytest.mark.parametrize("channel", [
    "commune_verbal", "province_verbal", "paper_form", "app", "website",
])  # fmt: skip
def test_anybody_may_complain_by_five_ways_for_a_household(
    people: People, household: Any, case_at: Bring, channel: str
) -> None:
    case = case_at("displayed")

    complaint = _lodge(people["rep"], household, channel=channel, complainant="ចាន់", on_behalf=True)

    assert (complaint.assessment, complaint.village) == (case, case.village)
    assert complaint.due_on == DAY + timedelta(days=15)


@pytest.mark.parametrize("kind", ["exclusion", "inclusion", "lost_card"])
def test_a_complaint_about_a_level_or_a_card_names_a_household(
    people: People, places: dict[str, Place], kind: str
) -> None:
    with pytest.raises(actions.HouseholdNeeded):
        _lodge(people["clerk"], kind=kind, village_code="16010101")


def test_a_complaint_says_something(people: People, household: Any) -> None:
    with pytest.raises(actions.TextNeeded):
        _lodge(people["clerk"], household, text="  ")


def test_a_complaint_elsewhere_is_not_taken_down(
    household: Any, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotAllowed):
        _lodge(actor("commune_clerk", "160102", Purpose.TARGETING), household)


def test_a_complaint_about_staff_is_for_the_district_alone(
    people: People, places: dict[str, Place]
) -> None:
    complaint = _lodge(people["clerk"], kind="staff", village_code="16010102")

    assert not queries.complaints(by=people["council"]).exists()
    assert list(queries.complaints(by=people["clerk"])) == [complaint]
    with pytest.raises(NotAllowed):
        queries.complaint(complaint.pk, by=people["council"])
    with pytest.raises(NotAllowed):
        _answer(complaint, people["council"])
    assert list(queries.complaints(by=people["district"])) == [complaint]
    assert _answer(complaint, people["district"], "other").state == "upheld"


def test_the_council_does_not_decide_while_a_complaint_is_open(
    people: People, household: Any, case_at: Bring
) -> None:
    case = case_at("displayed")
    complaint = _lodge(people["clerk"], household)
    decision: dict[str, Any] = {
        "assessment_id": case.pk, "version": case.version, "level": "poor_1",
        "by": people["council"], "on": AFTER,
    }  # fmt: skip

    with pytest.raises(actions.ComplaintsOpen):
        actions.decide(**decision)
    _answer(complaint, people["council"])
    assert actions.decide(**decision).state == "decided"


def test_an_upheld_complaint_sends_the_case_back_to_the_interview(
    people: People, household: Any, case_at: Bring
) -> None:
    case = case_at("displayed")

    answered = _answer(_lodge(people["clerk"], household), people["council"], "interview")

    case.refresh_from_db()
    assert (answered.state, case.state, case.answers) == ("upheld", "requested", {})


def test_an_upheld_complaint_about_a_closed_case_opens_another(
    people: People, household: Any, case_at: Bring, actor: Callable[..., Actor]
) -> None:
    case_at("confirmed")
    other = actor("district_officer", "16", Purpose.TARGETING)

    _answer(_lodge(people["clerk"], household, kind="inclusion"), other, "interview")

    newest = household.assessments.order_by("-id").first()
    assert (newest.origin, newest.state) == ("complaint", "requested")


def test_an_upheld_complaint_sends_a_decision_back_to_the_council(
    people: People, household: Any, case_at: Bring
) -> None:
    case = case_at("decided")

    _answer(_lodge(people["clerk"], household), people["district"], "council")

    case.refresh_from_db()
    assert (case.state, case.council_level) == ("displayed", "")


def test_a_case_not_decided_cannot_go_back_to_the_council(
    people: People, household: Any, case_at: Bring
) -> None:
    case_at("displayed")

    with pytest.raises(actions.RemedyDoesNotFit):
        _answer(_lodge(people["clerk"], household), people["council"], "council")


def test_a_lost_card_is_replaced_until_the_same_day(
    people: People, household: Any, case_at: Bring, actor: Callable[..., Actor]
) -> None:
    case_at("confirmed")
    other = actor("district_officer", "16", Purpose.TARGETING)
    lost = _lodge(people["clerk"], household, kind="lost_card", text="បាត់ប័ណ្ណ")

    _answer(lost, other, "new_card", on=AFTER + timedelta(days=1))

    new, old = registry.cards_of(household, by=other)
    assert (old.revoked_on, new.revoked_on) == (AFTER + timedelta(days=1), None)
    assert new.end == old.end


def test_without_a_status_there_is_no_card_to_replace(people: People, household: Any) -> None:
    lost = _lodge(people["clerk"], household, kind="lost_card")

    with pytest.raises(actions.NoCardToReplace):
        _answer(lost, people["district"], "new_card")


@pytest.mark.parametrize(
    ("upheld", "remedy"), [(True, "none"), (False, "interview"), (True, "new_card")]
)
def test_a_remedy_fits_the_answer_and_the_complaint(
    people: People, household: Any, upheld: bool, remedy: str
) -> None:
    with pytest.raises(actions.RemedyDoesNotFit):
        _answer(_lodge(people["clerk"], household), people["council"], remedy, upheld=upheld)


def test_nobody_answers_what_they_took_down_or_dealt_with(
    people: People, household: Any, case_at: Bring
) -> None:
    case_at("decided")

    with pytest.raises(actions.OwnMatter):
        _answer(_lodge(people["district"], household), people["district"])
    with pytest.raises(actions.OwnMatter):
        _answer(_lodge(people["clerk"], household), people["council"])


def test_a_complaint_is_answered_once_and_in_words(people: People, household: Any) -> None:
    complaint = _lodge(people["clerk"], household)

    with pytest.raises(actions.ReasonNeeded):
        _answer(complaint, people["council"], answer=" ")
    _answer(complaint, people["council"])
    with pytest.raises(actions.AnsweredAlready):
        _answer(complaint, people["council"])


def test_an_answer_to_an_old_version_is_refused(people: People, household: Any) -> None:
    complaint = _lodge(people["clerk"], household)

    with pytest.raises(actions.ChangedMeanwhile):
        actions.resolve_complaint(
            complaint_id=complaint.pk,
            version=2,
            upheld=False,
            answer="បានពិនិត្យហើយ",
            by=people["council"],
            on=AFTER,
        )
