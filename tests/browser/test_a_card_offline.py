"""An equity card is checked on a phone without a network, by its signature alone."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.cache import cache
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from spean.kernel.access import Actor
from spean.kernel.models import User
from spean.kernel.periods import Period
from spean.locations.models import Place
from spean.registry import actions as registry
from spean.registry.models import EquityCard
from spean.registry.queries.card_keys import signing_key
from spean.registry.rules.card_token import CardToken, sign
from spean.registry.rules.people import NewMember
from tests.browser.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SwitchOn = Callable[..., BrowserContext]
TODAY = timezone.localdate()
A_YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.CARD_KEYS = tmp_path / "keys"


def code_of(*, start: date = TODAY - A_YEAR, until: date = TODAY + A_YEAR, key: Any = None) -> str:
    """Write a card's code, signed by the issuer's key or another."""
    said = CardToken("160000000187", "poor_2", start, until, 5, "16010102", 7)
    return sign(said, key or signing_key())


def with_network(switch_on: SwitchOn, *arguments: str) -> tuple[BrowserContext, Page]:
    """Open the page once with a network, so that the phone keeps it."""
    signing_key()
    phone = switch_on(*arguments)
    page = phone.new_page()
    page.goto("/field/")
    expect(page.locator("[data-go=signIn]")).to_be_visible()
    page.evaluate(
        """async () => {
            const kept = async () => (await (await caches.open('spean-published')).keys()).length;
            while (navigator.serviceWorker.controller?.state !== 'activated' || await kept() < 2)
                await new Promise((go) => setTimeout(go, 50));
        }"""
    )
    return phone, page


def without_network(phone: BrowserContext, page: Page, *, language: str = "km") -> None:
    """Cut the network, open the page anew and go to the check: no PIN, no sign-in."""
    phone.set_offline(True)
    page.evaluate(f"localStorage.setItem('spean-language', '{language}')")
    page.reload()
    page.click("[data-go=card]")


def check(page: Page, code: str) -> Any:
    """Type a code and give what is said of it."""
    if page.locator("[data-go=again]").count():
        page.click("[data-go=again]")
    page.fill("#code", code)
    page.click("[data-go=check]")
    said = page.locator("[data-outcome]")
    expect(said).to_be_visible()
    return said


def test_a_good_card_says_what_it_holds_and_what_is_not_known(
    switch_on: SwitchOn, shots: Callable[..., None]
) -> None:
    phone, page = with_network(switch_on)
    without_network(phone, page)
    shots(page, "asked")

    said = check(page, f" {code_of().lower()}\n")

    expect(said).to_have_attribute("data-outcome", "covered")
    expect(page.locator("[data-silent=notAsked]")).to_be_visible()
    for words in ("ក្រកម្រិត ២", "ដល់", "រតនគិរី", "១៦០១០១០២", "ដកហូត", "ហត្ថលេខា", "៥"):
        expect(said).to_contain_text(words)
    shots(page, "covered")
    page.click("[data-go=language]")
    for words in ("Poor level 2", "Dal", "Nhang, Andoung Meas, Ratanak Kiri", "was not asked"):
        expect(said).to_contain_text(words)
    shots(page, "covered-english")


def test_each_card_that_does_not_hold_is_told_apart(
    switch_on: SwitchOn, shots: Callable[..., None]
) -> None:
    phone, page = with_network(switch_on)
    good = code_of()
    cards = {
        "expired": code_of(until=TODAY),
        "not_yet": code_of(start=TODAY + timedelta(days=1)),
        "forged": f"{good[:30]}{'A' if good[30] != 'A' else 'B'}{good[31:]}",
        "unknown_key": code_of(key=Ed25519PrivateKey.generate()),
        "unreadable": good[:-1],
        "newer": good.replace("SPN1", "SPN2"),
        "number": "1600 0000 0187",
    }
    without_network(phone, page, language="en")

    for outcome, code in cards.items():
        said = check(page, code)
        expect(said).to_have_attribute("data-outcome", outcome)
        shots(page, outcome)


def test_the_last_day_still_holds(switch_on: SwitchOn) -> None:
    phone, page = with_network(switch_on)
    without_network(phone, page)

    said = check(page, code_of(until=TODAY + timedelta(days=1)))

    expect(said).to_have_attribute("data-outcome", "covered")


def test_the_camera_reads_the_code(
    switch_on: SwitchOn, tmp_path: Path, shots: Callable[..., None]
) -> None:
    film = tmp_path / "card.y4m"
    film.write_bytes(_film(code_of()))
    phone, page = with_network(
        switch_on, "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )  # fmt: skip
    without_network(phone, page)

    page.click("[data-go=scan]")

    expect(page.locator("[data-outcome=covered]")).to_be_visible()


def test_a_photo_of_the_card_is_read_and_one_of_nothing_refused(
    switch_on: SwitchOn, tmp_path: Path, shots: Callable[..., None]
) -> None:
    phone, page = with_network(switch_on)
    _picture(code_of()).save(tmp_path / "card.png")
    Image.new("L", (200, 200), 255).save(tmp_path / "nothing.png")
    without_network(phone, page)

    page.set_input_files("#photo", tmp_path / "nothing.png")
    expect(page.locator("[role=alert]")).to_contain_text("រកមិនឃើញកូដ QR")
    shots(page, "nothing")
    page.set_input_files("#photo", tmp_path / "card.png")

    expect(page.locator("[data-outcome=covered]")).to_be_visible()


def _picture(code: str) -> Image.Image:
    """Draw the code as a camera sees a card held before it."""
    drawn = io.BytesIO()
    segno.make(code, error="m").save(drawn, kind="png", scale=6, border=4)
    seen = Image.new("L", (640, 480), 200)
    seen.paste(Image.open(drawn).convert("L"), (90, 40))
    return seen


def _film(code: str) -> bytes:
    """Make a film of one picture, as Chromium's invented camera plays it."""
    frame = b"FRAME\n" + _picture(code).tobytes() + bytes([128]) * (640 * 480 // 2)
    return b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 3


@pytest.fixture
def card(village: Place, system: Actor) -> EquityCard:
    """Give the card of a registered family."""
    member = NewMember(
        family_name_km="សុខ", given_name_km="បុប្ផា", family_name_latin="Sok",
        given_name_latin="Bopha", sex="female", birth_date=date(1990, 1, 1), relation="head",
    )  # fmt: skip
    home = registry.register_household(
        village=village, address="", phone="", by=system, on=TODAY, members=[member]
    )
    valid = Period(TODAY, TODAY + A_YEAR)
    return registry.issue_card(household=home, category="poor_1", valid=valid, by=system, on=TODAY)


def test_with_a_network_the_server_knows_that_the_card_was_revoked(
    switch_on: SwitchOn, user_of: Callable[..., User], card: EquityCard, system: Actor,
    shots: Callable[..., None],
) -> None:  # fmt: skip
    registry.revoke_card(card=card, reason="lost", by=system, on=TODAY)
    phone, page = with_network(switch_on)
    _sign_in(page, user_of("health_worker", "1601", name="sopheap"))
    page.goto("/field/#/card")
    said = check(page, card.token)

    expect(said).to_have_attribute("data-outcome", "covered")
    expect(page.locator("[data-told=not_covered]")).to_contain_text("បុប្ផា")
    shots(page, "told")

    phone.set_offline(True)
    said = check(page, card.token)
    expect(page.locator("[data-silent=notAsked]")).to_be_visible()
    assert "បុប្ផា" not in page.content()


def test_who_may_not_ask_is_told_so_and_nothing_else(
    switch_on: SwitchOn, user_of: Callable[..., User], card: EquityCard
) -> None:
    _, page = with_network(switch_on)
    page.click("[data-go=card]")
    check(page, card.token)
    expect(page.locator("[data-silent=notSignedIn]")).to_be_visible()
    _sign_in(page, user_of("enumerator", "1601", name="bora"))
    page.goto("/field/#/card")

    check(page, card.token)

    expect(page.locator("[data-silent=mayNotAsk]")).to_be_visible()
    assert "បុប្ផា" not in page.content()


def _sign_in(page: Page, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    page.goto("/accounts/login/?next=/field/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("[data-go=choosePin]")).to_be_visible()
