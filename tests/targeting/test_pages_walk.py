"""A family goes from its request to its card through the pages, and what the pages refuse."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from spean.targeting.models import Assessment
from tests.targeting.conftest import DAY, DISPLAY_DAYS, POOREST, SignIn

DECIDED = DAY + timedelta(days=DISPLAY_DAYS)
TodayIs = Callable[[date], None]


@pytest.fixture
def commune(sign_in: SignIn) -> dict[str, Client]:
    """Sign in everybody who takes part in the commune of Nhang."""
    return {
        "rep": sign_in("village_representative", "16010101"),
        "clerk": sign_in("commune_clerk", "160101"),
        "council": sign_in("commune_council", "160101"),
        "district": sign_in("district_officer", "1601"),
    }


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def take(client: Client, case: object, step: str, **fields: str) -> Any:
    """Open a step's page, fill its form in and send it."""
    address = f"/assessments/{case}/{step}"
    version = version_on(client.get(address).content.decode())
    return client.post(address, {"version": version, **fields}, follow=True)


def beside(page: str, field: str) -> str:
    """Give the error shown beside a field ("" for none)."""
    found = re.search(rf'<p id="[^"]*{field}[^"]*error"[^>]*>(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def summary(page: str) -> str:
    found = re.search(r'govuk-error-summary__body">(.*?)</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


def test_a_family_goes_from_request_to_card_through_the_pages(
    household: Any, commune: dict[str, Client], today_is: TodayIs
) -> None:
    today_is(DAY)
    asked = commune["clerk"].post(
        f"/households/{household.pk}/request", {"channel": "village_chief"}, follow=True
    )
    case = Assessment.objects.get()
    take(commune["clerk"], case.pk, "interview", **POOREST)
    take(commune["rep"], case.pk, "review", opinion="agrees")
    take(commune["clerk"], case.pk, "display")
    today_is(DECIDED)
    take(commune["council"], case.pk, "decision", level="poor_1")
    done = take(commune["district"], case.pk, "check", outcome="confirmed")

    assert "Waiting for the interview" in asked.content.decode()
    case.refresh_from_db()
    assert (case.state, case.final_level) == ("confirmed", "poor_1")
    card = household.cards.get()
    assert (card.category, card.start) == ("poor_1", DECIDED)
    page = done.content.decode()
    assert "Recorded." in page
    assert "Level in force" in page
    assert "100 of" in page or "points" in page
    assert page.count('data-label="By"') == case.steps.count() == 6


def test_a_second_request_is_refused_in_words(
    case_at: Callable[..., Any], commune: dict[str, Client]
) -> None:
    case = case_at("requested")

    page = commune["clerk"].post(
        f"/households/{case.household_id}/request", {"channel": "village_chief"}
    )

    assert "has an open assessment already" in summary(page.content.decode())


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This field is required."), ("km", "សូមបំពេញកន្លែងនេះ។")]
)
def test_an_unanswered_question_is_refused_beside_it_and_in_the_summary(
    case_at: Callable[..., Any], sign_in: SignIn, language: str, words: str
) -> None:
    case = case_at("requested")
    client = sign_in("commune_clerk", "160101", language)
    answers = {code: answer for code, answer in POOREST.items() if code != "roof"}

    page = client.post(
        f"/assessments/{case.pk}/interview", {"version": case.version, **answers}
    ).content.decode()

    assert words in beside(page, "roof")
    assert words in summary(page)
    assert beside(page, "walls") == ""
    assert 'href="#id_roof' in page
    assert page.count("checked") == len(answers)
    case.refresh_from_db()
    assert case.state == "requested"


def test_a_decision_before_the_display_ends_is_refused(
    case_at: Callable[..., Any], commune: dict[str, Client], today_is: TodayIs
) -> None:
    case = case_at("displayed")
    today_is(DECIDED - timedelta(days=1))

    page = take(commune["council"], case.pk, "decision", level="poor_1").content.decode()
    shown = commune["council"].get(f"/assessments/{case.pk}").content.decode()

    assert "on display until 9 March 2026" in summary(page)
    assert f"/assessments/{case.pk}/decision" not in shown


def test_a_decision_on_the_day_the_display_ends_is_offered_and_taken(
    case_at: Callable[..., Any], commune: dict[str, Client], today_is: TodayIs
) -> None:
    case = case_at("displayed")
    today_is(DECIDED)

    shown = commune["council"].get(f"/assessments/{case.pk}").content.decode()
    take(commune["council"], case.pk, "decision", level="poor_1")

    assert f"/assessments/{case.pk}/decision" in shown
    case.refresh_from_db()
    assert case.state == "decided"


def test_the_second_of_two_councillors_who_decide_at_once_is_told(
    case_at: Callable[..., Any], commune: dict[str, Client], today_is: TodayIs
) -> None:
    case = case_at("displayed")
    today_is(DECIDED)
    address = f"/assessments/{case.pk}/decision"
    seen = version_on(commune["council"].get(address).content.decode())

    first = commune["council"].post(address, {"version": seen, "level": "poor_1"})
    second = commune["council"].post(
        address, {"version": seen, "level": "poor_2", "reason": "debt"}
    )

    assert first.status_code == 302
    assert second.status_code == 200
    assert "Someone else has dealt with this meanwhile" in summary(second.content.decode())
    case.refresh_from_db()
    assert case.council_level == "poor_1"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"level": "poor_2"}, "reason", "Choose the special circumstance"),
        ({"level": "not_poor", "reason": "debt"}, "level", "by 1 level(s)"),
        ({}, "level", "required"),
    ],
)
def test_a_decision_that_may_not_be_is_refused_beside_its_field(
    case_at: Callable[..., Any],
    commune: dict[str, Client],
    today_is: TodayIs,
    fields: dict[str, str],
    field: str,
    words: str,
) -> None:
    case = case_at("displayed")
    today_is(DECIDED)

    page = take(commune["council"], case.pk, "decision", **fields).content.decode()

    assert words in beside(page, field)
    assert "<title>Error:" in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"opinion": "proposes_other"}, "proposed_level"),
        ({"opinion": "proposes_other", "proposed_level": "poor_2"}, "circumstance"),
        (
            {"opinion": "proposes_other", "proposed_level": "not_poor", "circumstance": "debt"},
            "proposed_level",
        ),
    ],
)
def test_a_proposal_of_the_village_that_may_not_be_is_refused_beside_its_field(
    case_at: Callable[..., Any], commune: dict[str, Client], fields: dict[str, str], field: str
) -> None:
    case = case_at("interviewed")

    page = take(commune["rep"], case.pk, "review", **fields).content.decode()

    assert beside(page, field) != ""


def test_sending_a_decision_back_needs_a_note(
    case_at: Callable[..., Any], commune: dict[str, Client], today_is: TodayIs
) -> None:
    case = case_at("decided")
    today_is(DECIDED)

    without = take(commune["district"], case.pk, "check", outcome="to_council").content.decode()
    take(commune["district"], case.pk, "check", outcome="to_council", note="មិនទាន់ច្បាស់")

    assert "Say why" in beside(without, "note")
    case.refresh_from_db()
    assert (case.state, case.council_level) == ("displayed", "")


def test_a_request_is_refused_and_another_withdrawn_with_a_reason(
    case_at: Callable[..., Any], household_in: Callable[..., Any], village: Any,
    commune: dict[str, Client],
) -> None:  # fmt: skip
    refused, withdrawn = case_at("requested"), case_at("requested", family=household_in(village))

    take(commune["clerk"], refused.pk, "refuse", reason="not_found")
    take(commune["rep"], withdrawn.pk, "withdraw", note="ចាកចេញ")

    refused.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (refused.state, refused.refusal) == ("refused", "not_found")
    assert (withdrawn.state, withdrawn.closing) == ("withdrawn", "household_asked")


def test_the_district_orders_a_new_interview_and_says_why(
    case_at: Callable[..., Any], commune: dict[str, Client]
) -> None:
    case = case_at("interviewed")
    address = f"/households/{case.household_id}/reinterview"

    without = commune["district"].post(address, {"reason": ""}).content.decode()
    commune["district"].post(address, {"reason": "ពិនិត្យឡើងវិញ"})

    assert beside(without, "reason") != ""
    case.refresh_from_db()
    assert (case.state, case.scored_level) == ("requested", "")
