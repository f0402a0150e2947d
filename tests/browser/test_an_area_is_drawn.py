"""The area of a flood is drawn on the map with a finger, a mouse or keys, counted, and kept."""

import json
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from spean.kernel.access import Actor
from spean.locations.models import Place, VillagePoint
from spean.shocks import actions, queries
from spean.shocks.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SINCE = date(2026, 11, 1)
POINTS = {"16010101": (13.9, 107.2), "16010102": (13.8, 107.3), "16010201": (13.7, 107.1),
          "16020101": (13.2, 106.4)}  # fmt: skip


@pytest.fixture
def flood(places: dict[str, Place], system: Actor) -> Event:
    for code, (latitude, longitude) in POINTS.items():
        VillagePoint.objects.create(
            place=places[code], latitude=latitude, longitude=longitude, source="Survey"
        )
    return actions.note_event(
        kind="flood", title="Sesan", since=SINCE, source="Gauge", measures={}, by=system
    )


def _at(page: Page, longitude: float, latitude: float) -> tuple[float, float]:
    """Give where a place of the map is on the screen."""
    found: list[float] = page.evaluate(
        """([longitude, latitude]) => {
            const svg = document.querySelector("[data-spean-draw]");
            const point = new DOMPoint((longitude - svg.dataset.west) * 1000,
                                       (svg.dataset.north - latitude) * 1000);
            const there = point.matrixTransform(svg.getScreenCTM());
            return [there.x, there.y];
        }""",
        [longitude, latitude],
    )
    return found[0], found[1]


def _drawn(page: Page) -> list[list[float]]:
    text = page.locator("#id_drawn").input_value()
    ring: list[list[float]] = json.loads(text)["coordinates"][0] if text else []
    return ring[:-1]


def _open(page: Page, flood: Event) -> None:
    page.goto(f"/shocks/{flood.pk}/draw")
    page.locator("[data-spean-draw]").scroll_into_view_if_needed()


def test_an_area_is_drawn_with_the_mouse_counted_and_kept(
    sign_in: Any, shots: Any, flood: Event
) -> None:
    page = sign_in("programme_officer", "", width=1280, language="en")
    _open(page, flood)
    for corner in ((106.9, 14.2), (107.6, 14.2), (107.6, 13.5), (106.2, 13.0)):
        page.mouse.click(*_at(page, *corner))
    expect(page.locator("#counted")).to_contain_text("4 villages")

    page.mouse.move(*_at(page, 106.2, 13.0))
    page.mouse.down()
    page.mouse.move(*_at(page, 106.5, 13.4), steps=4)
    page.mouse.move(*_at(page, 106.9, 13.6), steps=4)
    page.mouse.up()
    expect(page.locator("#counted")).to_contain_text("3 villages")
    assert _drawn(page)[3] == pytest.approx([106.9, 13.6], abs=0.03)
    shots(page, "drawn")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#counted")).to_contain_text("4 villages")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#counted")).to_contain_text("1 village")
    page.mouse.click(*_at(page, 106.9, 13.6))
    expect(page.locator("#counted")).to_contain_text("3 villages")
    page.fill("[name=source]", "Seen from the air")
    page.get_by_role("button", name="Add the villages inside").click()

    expect(page.locator("h1")).to_contain_text("Sesan")
    assert len(queries.places_of(flood, on=date.today())) == 3
    shots(page, "kept")


def test_an_area_is_drawn_with_keys_alone(sign_in: Any, flood: Event) -> None:
    page = sign_in("programme_officer", "", width=1280, language="en")
    _open(page, flood)
    page.locator("[data-spean-draw]").focus()

    def go(**steps: int) -> None:
        for key, times in steps.items():
            for _ in range(times):
                page.keyboard.press(f"Arrow{key}")
        page.keyboard.press("Enter")

    go(Right=10, Up=10)
    go(Right=9)
    go(Down=8)
    assert len(_drawn(page)) == 3
    expect(page.locator("#counted")).to_contain_text("1 village")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    before = _drawn(page)
    page.keyboard.press("ArrowLeft")
    after = _drawn(page)
    assert [one == other for one, other in zip(before, after, strict=True)].count(False) == 1
    page.keyboard.press("Delete")
    assert _drawn(page) == []
    page.keyboard.press("Backspace")
    assert len(_drawn(page)) == 3


def test_a_finger_draws_on_a_small_screen_and_what_is_refused_stays(
    sign_in: Any, shots: Any, flood: Event
) -> None:
    page = sign_in("programme_officer", "", width=360)
    _open(page, flood)
    for corner in ((103.0, 11.0), (103.6, 11.0), (103.6, 11.6)):
        page.mouse.click(*_at(page, *corner))
    page.fill("[name=source]", "ឃើញ")
    shots(page, "phone")
    page.locator("main form[method=post] button[type=submit]").click()

    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert len(_drawn(page)) == 3
    wide: Any = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide
    shots(page, "refused")
