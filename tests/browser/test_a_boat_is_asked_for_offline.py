"""A volunteer asks for a boat without a network; it is asked for once there is one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from spean.kernel.models import User
from spean.referrals.models import Referral
from spean.registry.models import Person
from tests.browser.conftest import PASSWORD
from tests.browser.test_an_interview_offline import (
    go_on,
    sign_in,
    take_in,
    unlock,
    wait_for_the_server,
)
from tests.referrals.conftest import facilities, family, mother  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FORM = "transport_request"
ANSWERS = ("ញ៉ាង", "ស្រីមុំ", "ស្រីមុំ", "បន្ទាន់ណាស់", "ធ្លាក់ឈាម", "បាទ/ចាស", "តាមផ្លូវទឹក")


@pytest.fixture
def volunteer(user_of: Callable[..., User]) -> User:
    user = user_of("village_health_volunteer", "16010101", name="sina")
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    return user


def answer(page: Page) -> None:
    """Answer each question that offers one of the answers with it, and leave the others open."""
    while not page.locator("h1", has_text="សូមពិនិត្យចម្លើយ").count():
        for words in ANSWERS:
            option = page.locator(".govuk-radios__label, .govuk-checkboxes__label", has_text=words)
            if option.count():
                option.first.click()
                break
            select = page.locator("select option", has_text=words)
            if select.count():
                page.locator("select").select_option(select.first.get_attribute("value"))
                break
        go_on(page)
        page.wait_for_timeout(80)
    go_on(page)


def test_it_is_kept_and_sent_and_a_boat_is_asked_for(
    switch_on: Callable[[], BrowserContext], volunteer: User, mother: Person,  # noqa: F811
    shots: Callable[..., Any],
) -> None:  # fmt: skip
    phone = switch_on()
    page = phone.new_page()
    sign_in(page, volunteer, FORM)
    phone.set_offline(True)
    page.reload()
    unlock(page)

    page.click(f"[data-form={FORM}]")
    answer(page)
    expect(page.locator("[data-state=waiting]")).to_be_visible()
    shots(page, "waiting")
    assert not Referral.objects.exists()
    phone.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for_the_server(page, "received")
    take_in()
    wait_for_the_server(page, "applied")
    shots(page, "applied")

    made = Referral.objects.get()
    assert (made.person, made.urgency, made.ways) == (mother, "emergency", ["water"])
    assert (made.reasons, made.to_facility.code) == (["bleeding"], "HC1")
    assert made.requested_by == volunteer.username
