"""The lists' length and cost, the dashboard, and the letter to the family."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spean.kernel.access import Actor
from spean.kernel.models import RoleGrant
from spean.targeting import actions
from spean.targeting.pages import letter as letters
from tests.targeting.conftest import DAY, DISPLAY_DAYS, RICH, SignIn

CLERK, DISTRICT = "commune_clerk", "district_officer"
DECIDED = DAY + timedelta(days=DISPLAY_DAYS)
TodayIs = Callable[[date], None]


@pytest.fixture
def many(household_in: Callable[..., Any], village: Any, system: Actor) -> Callable[[int], None]:
    """Open so many cases in Nhang, each with a complaint, and so many rounds."""

    def make(number: int) -> None:
        for _ in range(number):
            home = household_in(village)
            common: dict[str, Any] = {"household_id": home.pk, "by": system, "on": DAY}
            actions.request_assessment(channel="village_chief", **common)
            actions.lodge_complaint(kind="exclusion", channel="app", text="x", **common)
            actions.plan_round(
                name="x",
                village_codes=["16010102"],
                starts_on=DAY,
                ends_on=DAY,
                by=system,
                on=DAY,
            )

    return make


@pytest.mark.parametrize("page", ["/assessments", "/complaints", "/rounds"])
def test_a_list_costs_as_many_queries_for_twenty_rows_as_for_two(
    many: Callable[[int], None], sign_in: SignIn, page: str
) -> None:
    client = sign_in(DISTRICT, "1601")
    many(2)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    many(18)
    with CaptureQueriesContext(connection) as lots:
        answer = client.get(page)

    assert answer.content.decode().count('<th scope="row"') == 20
    assert len(lots) == len(few) <= 8


@pytest.mark.parametrize("page", ["/assessments", "/complaints", "/rounds"])
def test_a_list_goes_on_on_the_next_page_and_keeps_what_was_asked(
    many: Callable[[int], None], sign_in: SignIn, links_of: Callable[[str], set[str]], page: str
) -> None:
    many(27)
    client = sign_in(DISTRICT, "1601")

    first = client.get(page + "?state=").content.decode()
    (following,) = (link for link in links_of(first) if "cursor=" in link)
    second = client.get(page + following.replace("&amp;", "&")).content.decode()

    assert first.count('<th scope="row"') == 25
    assert second.count('<th scope="row"') == 2
    assert "state=" in following


def test_a_cursor_that_makes_no_sense_is_explained(many: Any, sign_in: SignIn) -> None:
    answer = sign_in(DISTRICT, "1601").get("/assessments?cursor=%00nonsense")

    assert answer.status_code == 400
    assert "govuk-heading-l" in answer.content.decode()


def test_the_list_shows_late_cases_and_any_one_state(
    case_at: Callable[..., Any], sign_in: SignIn, today_is: TodayIs
) -> None:
    case_at("requested")
    client = sign_in(CLERK, "160101")
    today_is(DAY)
    on_time = client.get("/assessments").content.decode()
    today_is(DAY + timedelta(days=365))
    late = client.get("/assessments?state=requested").content.decode()
    other = client.get("/assessments?state=confirmed").content.decode()

    assert "Overdue" not in on_time
    assert "Overdue" in late
    assert "No case is here." in other


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (CLERK, "160101"),
        ("commune_council", "160101"),
        (DISTRICT, "1601"),
        ("analyst", "16"),
        ("analyst", ""),
        ("auditor", "16"),
    ],
)
def test_the_dashboard_of_each_role_shows_its_area_in_charts_and_tables(
    case_at: Callable[..., Any], sign_in: SignIn, today_is: TodayIs, role: str, area: str
) -> None:
    case_at("confirmed")
    today_is(DECIDED)

    page = sign_in(role, area).get("/dashboard").content.decode()

    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == 2
    assert 'data-label="Poor level 1">1</td>' in page
    assert "សុខ" not in page


def test_the_dashboard_of_a_district_leads_to_its_communes_and_back(
    places: Any, sign_in: SignIn, links_of: Callable[[str], set[str]]
) -> None:
    client = sign_in(DISTRICT, "1601")

    district = links_of(client.get("/dashboard").content.decode())
    commune = links_of(client.get("/dashboard?area=160101").content.decode())

    assert {link for link in district if "area=" in link} == {"?area=160101", "?area=160102"}
    assert {link for link in commune if "area=" in link} == {"?area=1601"}


def test_the_dashboard_of_the_nation_has_a_row_for_each_province(
    case_at: Callable[..., Any], sign_in: SignIn, links_of: Callable[[str], set[str]]
) -> None:
    links = links_of(sign_in("analyst").get("/dashboard").content.decode())

    assert {link for link in links if "area=" in link} == {"?area=16"}


def test_who_has_two_areas_is_led_from_one_to_the_other(
    places: Any, sign_in: SignIn, user_of: Callable[..., Any], links_of: Callable[[str], set[str]]
) -> None:
    user = user_of(CLERK, "160101")
    RoleGrant.objects.create(user=user, role=CLERK, area="160201", start=date(2010, 1, 1))

    links = links_of(sign_in(CLERK, "160101").get("/dashboard").content.decode())

    assert "?area=160201" in links


@pytest.mark.parametrize("area", ["", "16", "1602", "160102", "99"])
def test_the_dashboard_of_another_area_is_refused(places: Any, sign_in: SignIn, area: str) -> None:
    assert sign_in(CLERK, "160101").get(f"/dashboard?area={area}").status_code == 403


@pytest.mark.parametrize("area", ["99", "16 ", "x", "%25", "'", "%00", "1601010101"])
def test_an_area_that_does_not_exist_is_not_found(places: Any, sign_in: SignIn, area: str) -> None:
    assert sign_in("analyst").get(f"/dashboard?area={area}").status_code == 404


def test_the_letter_is_a_pdf_of_two_pages(case_at: Callable[..., Any], sign_in: SignIn) -> None:
    case = case_at("confirmed")

    answer = sign_in(CLERK, "160101").get(f"/assessments/{case.pk}/letter.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.count(b"/Type/Pages/Count 2/") == 1


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch, sign_in: SignIn) -> Callable[[Any], list[str]]:
    """Give what a case's letter says, a text for each of its pages (Khmer, English)."""

    def write(case: Any) -> list[str]:
        kept: list[Any] = []

        def keep(_: object, data: Any, **__: object) -> bytes:
            kept.extend(data["pages"])
            return b""

        monkeypatch.setattr(letters, "render_pdf", keep)
        sign_in(CLERK, "160101").get(f"/assessments/{case.pk}/letter.pdf")
        return [json.dumps(page, ensure_ascii=False) for page in kept]

    return write


def test_the_letter_says_level_points_sources_and_how_to_complain_in_both_languages(
    case_at: Callable[..., Any], letter: Callable[[Any], list[str]]
) -> None:
    khmer, english = letter(case_at("confirmed"))

    for words in ("Poor level 1", "complain at the commune office", "ASSUMED", "Nhang"):
        assert words in english
    for words in ("ក្រីក្រកម្រិត១", "ញ៉ាង", "ពិន្ទុ"):
        assert words in khmer


def test_the_letter_says_that_the_council_moved_the_level_and_why(
    case_at: Callable[..., Any], letter: Callable[[Any], list[str]]
) -> None:
    _, english = letter(case_at("decided", level="poor_2"))

    assert "Poor level 2" in english
    assert "Heavy debt" in english


def test_the_letter_of_a_household_that_is_not_poor_says_so(
    case_at: Callable[..., Any], letter: Callable[[Any], list[str]]
) -> None:
    _, english = letter(case_at("interviewed", answers=RICH))

    assert '"Poverty level", "Not poor"' in english


def test_the_letter_before_the_interview_says_that_nothing_is_decided(
    case_at: Callable[..., Any], letter: Callable[[Any], list[str]]
) -> None:
    _, english = letter(case_at("requested"))

    assert "Not yet decided" in english
