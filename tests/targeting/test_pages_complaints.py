"""Complaints and rounds through the pages."""

from collections.abc import Callable
from typing import Any

import pytest

from spean.targeting.models import Assessment, Complaint, InterviewRound
from tests.targeting.conftest import DAY, SignIn
from tests.targeting.test_pages_walk import beside, summary, version_on

CLERK, COUNCIL, DISTRICT = "commune_clerk", "commune_council", "district_officer"
NO = {"upheld": "no", "answer": "ពិនិត្យហើយ មិនមែនទេ"}


@pytest.fixture
def taken(case_at: Callable[..., Any], sign_in: SignIn) -> Complaint:
    """Have the clerk of Nhang take a complaint about a case that the council decided."""
    case = case_at("decided")
    sign_in(CLERK, "160101").post(
        f"/complaints/new?household={case.household_id}",
        {"kind": "exclusion", "channel": "commune_verbal", "text": "ខុស", "phone": "012345678"},
    )
    return Complaint.objects.get()


def test_a_complaint_is_taken_at_the_household_and_stands_on_its_case(
    taken: Complaint, sign_in: SignIn
) -> None:
    page = sign_in(CLERK, "160101").get(f"/assessments/{taken.assessment_id}").content.decode()

    assert f"/complaints/{taken.pk}" in page
    assert (taken.received_by, taken.state) == ("commune_clerk_160101", "open")


def test_who_took_a_complaint_down_may_not_answer_it(
    case_at: Callable[..., Any], sign_in: SignIn
) -> None:
    case = case_at("interviewed")
    district = sign_in(DISTRICT, "1601")
    district.post(
        f"/complaints/new?household={case.household_id}",
        {"kind": "inclusion", "channel": "app", "text": "x"},
    )
    complaint = Complaint.objects.get()

    page = district.post(f"/complaints/{complaint.pk}", {"version": 1, **NO})

    assert page.status_code == 200
    assert "someone else has to answer" in summary(page.content.decode())
    assert Complaint.objects.get().state == "open"


def test_another_than_the_receiver_answers_and_the_answer_is_shown(
    taken: Complaint, sign_in: SignIn
) -> None:
    client = sign_in(DISTRICT, "1601")
    address = f"/complaints/{taken.pk}"
    version = version_on(client.get(address).content.decode())

    page = client.post(address, {"version": version, **NO}, follow=True).content.decode()

    assert NO["answer"] in page
    assert "Not upheld" in page
    assert "Answer the complaint" not in page


def test_the_second_answer_is_refused_and_what_was_typed_stays(
    taken: Complaint, sign_in: SignIn
) -> None:
    address = f"/complaints/{taken.pk}"
    client = sign_in(DISTRICT, "1601")
    client.post(address, {"version": 1, **NO})

    page = client.post(address, {"version": 1, **NO, "answer": "second words"}).content.decode()

    assert "answered already" in summary(page)
    assert "second words" in page
    assert Complaint.objects.get().answer == NO["answer"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"upheld": "yes", "answer": "x"}, "remedy"),
        ({"upheld": "no", "remedy": "interview", "answer": "x"}, "remedy"),
        ({"upheld": "yes", "remedy": "new_card", "answer": "x"}, "remedy"),
        ({"upheld": "no"}, "answer"),
        ({"answer": "x"}, "upheld"),
    ],
)
def test_an_answer_that_may_not_be_is_refused_beside_its_field(
    taken: Complaint, sign_in: SignIn, fields: dict[str, str], field: str
) -> None:
    client = sign_in(DISTRICT, "1601")

    page = client.post(f"/complaints/{taken.pk}", {"version": 1, **fields}).content.decode()

    assert beside(page, field) != ""


def test_an_upheld_complaint_sends_the_case_back_to_the_interview(
    taken: Complaint, sign_in: SignIn
) -> None:
    sent = {"version": 1, "upheld": "yes", "remedy": "interview", "answer": "ត្រឹមត្រូវ"}

    sign_in(DISTRICT, "1601").post(f"/complaints/{taken.pk}", sent)

    assert Assessment.objects.get().state == "requested"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"village": "16010199", "kind": "staff"}, "village"),
        ({"village": "", "kind": "staff"}, "village"),
        ({"village": "16010101", "kind": "exclusion"}, "kind"),
        ({"village": "16010101", "kind": "staff", "text": "  "}, "text"),
    ],
)
def test_a_complaint_about_no_household_needs_a_village_and_a_fitting_matter(
    places: dict[str, Any], sign_in: SignIn, fields: dict[str, str], field: str
) -> None:
    sent = {"channel": "app", "text": "x", **fields}

    page = sign_in(CLERK, "160101").post("/complaints/new", sent).content.decode()

    assert beside(page, field) != ""
    assert not Complaint.objects.exists()


def test_a_complaint_about_a_village_is_taken_in_khmer_digits(
    places: dict[str, Any], sign_in: SignIn
) -> None:
    sent = {"channel": "app", "text": "x", "kind": "staff", "village": "១៦០១០១០១"}

    sign_in(CLERK, "160101").post("/complaints/new", sent)

    assert Complaint.objects.get().village.code == "16010101"


def test_a_complaint_for_another_commune_is_refused(
    places: dict[str, Any], sign_in: SignIn
) -> None:
    sent = {"channel": "app", "text": "x", "kind": "staff", "village": "16020101"}

    page = sign_in(CLERK, "160101").post("/complaints/new", sent)

    assert page.status_code == 200
    assert summary(page.content.decode()) != ""
    assert not Complaint.objects.exists()


ROUND = {
    "name": "ជុំទី១",
    "village_codes": "16010101\n១៦០១០១០២",
    "starts_on_day": "2", "starts_on_month": "3", "starts_on_year": "2026",
    "ends_on_day": "៣០", "ends_on_month": "៤", "ends_on_year": "២០២៦",
}  # fmt: skip


def test_a_round_is_planned_listed_and_closed(
    household: Any, sign_in: SignIn, today_is: Callable[..., None]
) -> None:
    today_is(DAY)
    client = sign_in(DISTRICT, "1601")

    planned = client.post("/rounds/new", ROUND, follow=True).content.decode()
    listed = client.get("/rounds").content.decode()
    closed = client.post(f"/rounds/{InterviewRound.objects.get().pk}/close", follow=True)
    again = client.post(f"/rounds/{InterviewRound.objects.get().pk}/close")

    assert str(Assessment.objects.get().pk) in planned
    assert "Dal" in planned
    assert "ជុំទី១" in listed
    assert "The round is closed." in closed.content.decode()
    assert again.status_code == 409
    assert "closed already" in again.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"village_codes": "1601010"}, "village_codes"),
        ({"village_codes": "16010199"}, "village_codes"),
        ({"village_codes": " , "}, "village_codes"),
        ({"ends_on_year": "2025"}, "ends_on"),
        ({"ends_on_day": "31"}, "ends_on"),
        ({"name": ""}, "name"),
    ],
)
def test_a_round_that_may_not_be_is_refused_beside_its_field(
    places: dict[str, Any], sign_in: SignIn, today_is: Callable[..., None],
    change: dict[str, str], field: str,
) -> None:  # fmt: skip
    today_is(DAY)

    page = sign_in(DISTRICT, "1601").post("/rounds/new", ROUND | change).content.decode()

    assert beside(page, field) != ""
    assert not InterviewRound.objects.exists()
