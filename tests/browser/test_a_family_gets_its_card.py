"""One family goes from request to equity card in a real browser, in Khmer, on a phone's screen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from spean.locations.models import Place
from spean.registry.models import EquityCard
from spean.targeting.models import Assessment

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
COMMUNE, VILLAGE, DISTRICT = "160101", "16010101", "1601"
POOREST = {
    "roof": "leaves", "walls": "leaves", "condition": "dilapidated", "floor_area": "under_5",
    "farm_land": "none", "tenure": "none", "income": "none", "animals": "none",
    "food_shortage": "four_or_more", "goods": "none", "transport": "none",
}  # fmt: skip


def _save(page: Page) -> None:
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_load_state()


def _register(page: Page) -> None:
    page.goto("/households/new")
    page.select_option("[name=village]", VILLAGE)
    page.select_option("[name=members-0-relation]", "head")
    page.fill("[name=members-0-family_name_km]", "សុខ")
    page.fill("[name=members-0-given_name_km]", "ដារ៉ា")
    page.check("[name=members-0-sex][value=female]")
    for part, value in (("day", "១២"), ("month", "៤"), ("year", "១៩៩០")):
        page.fill(f"[name=members-0-birth_date_{part}]", value)
    page.select_option("[name=members-1-relation]", "child")
    page.fill("[name=members-1-given_name_km]", "មករា")
    page.fill("[name=members-1-family_name_km]", "សុខ")
    page.check("[name=members-1-sex][value=male]")
    for part, value in (("day", "1"), ("month", "2"), ("year", "2024")):
        page.fill(f"[name=members-1-birth_date_{part}]", value)
    _save(page)


def _no_sideways_scrolling(page: Page) -> bool:
    wide: Any = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return not wide


def test_a_family_gets_its_card(sign_in: Any, places: dict[str, Place]) -> None:
    clerk: Page = sign_in("commune_clerk", COMMUNE)
    _register(clerk)
    expect(clerk.locator("h1")).to_contain_text("សុខ ដារ៉ា")
    assert _no_sideways_scrolling(clerk)

    clerk.click("a[href$='/request']")
    clerk.check("[name=channel][value=village_chief]")
    _save(clerk)
    case = re.sub(r"[?#].*", "", clerk.url)
    clerk.goto(f"{case}/interview")
    for question, answer in POOREST.items():
        clerk.check(f"[name={question}][value={answer}]")
    _save(clerk)
    expect(clerk.locator("main")).to_contain_text("ក្រីក្រកម្រិត១")
    assert _no_sideways_scrolling(clerk)

    village: Page = sign_in("village_representative", VILLAGE)
    village.goto(f"{case}/review")
    village.check("[name=opinion][value=agrees]")
    _save(village)
    clerk.goto(f"{case}/display")
    _save(clerk)
    today = timezone.localdate()
    Assessment.objects.update(display_from=today - timedelta(days=7), display_until=today)

    council: Page = sign_in("commune_council", COMMUNE)
    council.goto(f"{case}/decision")
    council.check("[name=level][value=poor_1]")
    _save(council)
    district: Page = sign_in("district_officer", DISTRICT, width=1280)
    district.goto(f"{case}/check")
    district.check("[name=outcome][value=confirmed]")
    _save(district)

    card = EquityCard.objects.get()
    midwife: Page = sign_in("health_worker", DISTRICT)
    midwife.goto("/cards/check")
    midwife.fill("[name=card]", card.token)
    _save(midwife)
    expect(midwife.locator("main")).to_contain_text("សុខ ដារ៉ា")
    assert card.category == "poor_1"
    assert _no_sideways_scrolling(midwife)


def test_search_answers_while_one_types(sign_in: Any, places: dict[str, Place]) -> None:
    clerk: Page = sign_in("commune_clerk", COMMUNE)
    _register(clerk)
    clerk.goto("/people")

    clerk.type("#q", "dara sok", delay=30)

    expect(clerk.locator("#hits")).to_contain_text("សុខ ដារ៉ា")
    assert "dara" not in clerk.url


def test_the_language_is_switched_and_kept(sign_in: Any, places: dict[str, Place]) -> None:
    clerk: Page = sign_in("commune_clerk", COMMUNE)
    expect(clerk.locator("html")).to_have_attribute("lang", "km")

    clerk.click("header button:has-text('English')")

    expect(clerk.locator("html")).to_have_attribute("lang", "en")
    clerk.reload()
    expect(clerk.locator("html")).to_have_attribute("lang", "en")
