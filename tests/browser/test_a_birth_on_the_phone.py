"""The midwife's phone asks where a birth was, and says what to do where its lists hold nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from spean.kernel.access import Actor
from spean.kernel.models import User
from spean.locations.models import Place
from spean.registry import actions as registry
from tests.browser.conftest import PASSWORD
from tests.browser.test_an_interview_offline import choose, go_on, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = date(2026, 11, 23)


def family_of(sex: str, name: str, village: Place, system: Actor) -> None:
    registry.register_household(
        village=village, address="", phone="", by=system, on=TODAY, not_duplicates=True,
        members=[registry.NewMember(
            family_name_km="សុខ", given_name_km=name, family_name_latin="Sok",
            given_name_latin="", sex=sex, birth_date=date(1990, 1, 1), relation="head",
        )],
    )  # fmt: skip


@pytest.fixture
def phone(
    switch_on: Callable[[], BrowserContext], user_of: Callable[..., User],
    places: dict[str, Place], system: Actor,
) -> Page:  # fmt: skip
    """Give the phone of a midwife: of the two families of the village one has no woman."""
    village = places["16010101"]
    family_of("female", "ស្រីមុំ", village, system)
    family_of("male", "ដារ៉ា", village, system)
    midwife = user_of("health_worker", "1601", name="sreymom")
    midwife.set_password(PASSWORD)
    midwife.save()
    cache.clear()
    page = switch_on().new_page()
    sign_in(page, midwife, "delivery")
    page.click("[data-form=delivery]")
    choose(page, places["16010101"].name_km)
    go_on(page)
    return page


def test_a_family_without_a_mother_is_said_to_have_none_and_what_to_do(
    phone: Page, shots: Callable[..., None]
) -> None:
    choose(phone, "ដារ៉ា")
    go_on(phone)

    expect(phone.locator("main")).to_contain_text("ក្នុងបញ្ជីគ្មានអ្វីសមនឹងសំណួរនេះទេ។ សូមថយក្រោយ")
    shots(phone, "nobody")


def test_at_which_facility_is_asked_only_of_a_birth_in_one(
    phone: Page, shots: Callable[..., None]
) -> None:
    choose(phone, "ស្រីមុំ")
    go_on(phone)
    choose(phone, "ស្រីមុំ")
    go_on(phone)
    go_on(phone)
    shots(phone, "where")
    choose(phone, "នៅផ្ទះ")
    go_on(phone)
    expect(phone.locator("main")).to_contain_text("នរណាជួយសម្រាល?")
    phone.click("[data-go=back]")
    choose(phone, "មណ្ឌលសុខភាព")
    go_on(phone)

    expect(phone.locator("main")).to_contain_text("សម្រាលនៅមូលដ្ឋានសុខាភិបាលណា?")
    expect(phone.locator("main")).to_contain_text("អ្នកអាចបន្តបាន")  # none is listed
    shots(phone, "facility")
