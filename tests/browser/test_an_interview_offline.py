"""An interview of six in Khmer without a network, on a phone that is switched off in the middle."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from spean.fieldwork import actions
from spean.fieldwork.models import Submission
from spean.kernel.models import User
from spean.registry.models import Household
from spean.targeting.models import Assessment
from tests.browser.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "135790"
# Family name, given name, relation, sex, day, month, year; the first is a woman of 42.
SIX = [
    ("សុខ", "ស្រីមុំ", "head", "ស្រី", "១២", "៣", "១៩៨៤"),
    ("លី", "សុភា", "spouse", "ប្រុស", "5", "6", "1980"),
    ("លី", "ចន្ធូ", "child", "ស្រី", "30", "7", "2013"),
    ("លី", "ដារ៉ា", "child", "ប្រុស", "1", "1", "2015"),
    ("លី", "ថ្មី", "child", "ប្រុស", "1", "1", "2024"),
    ("យាយ", "ម៉ៅ", "parent", "ស្រី", "1", "1", "1955"),
]
Phone = Callable[[], Page]


@pytest.fixture
def enumerator(user_of: Callable[..., User]) -> User:
    user = user_of("enumerator", "160101", name="bora")
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    return user


def sign_in(page: Page, user: User, form: str = "poverty_interview") -> None:
    """Sign in for the first time on this phone, and choose a PIN."""
    page.goto("/field/")
    page.click("[data-go=signIn]")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("#again", PIN)
    page.fill("#pin", PIN)
    page.click("[data-go=choosePin]")
    expect(page.locator(f"[data-form={form}]")).to_be_visible()
    page.wait_for_timeout(500)


def unlock(page: Page, pin: str = PIN) -> None:
    page.fill("#pin", pin)
    page.click("[data-go=unlock]")


def go_on(page: Page) -> None:
    page.click("[data-go=next]")


def choose(page: Page, label: str) -> None:
    page.locator(".govuk-radios__label", has_text=label).first.click()


def answer_beginning(page: Page) -> None:
    choose(page, "ញ៉ាង")
    go_on(page)
    choose(page, "ទេ")
    go_on(page)
    choose(page, "បាទ")
    go_on(page)
    page.get_by_label("ផ្ទះ ផ្លូវ").fill("ផ្ទះលេខ ៧")
    go_on(page)


def add_member(page: Page, n: int, member: tuple[str, ...]) -> None:
    family, given, relation, sex, *born = member
    page.click("[data-go=add]" if n else "[data-go=edit]")
    page.get_by_label("នាមត្រកូលជាអក្សរខ្មែរ").fill(family)
    page.get_by_label("នាមខ្លួនជាអក្សរខ្មែរ").fill(given)
    page.locator("select").select_option(relation)
    page.locator("fieldset", has_text="ភេទ").locator("label", has_text=sex).click()
    page.locator("fieldset", has_text="តើស្គាល់ថ្ងៃ").locator("label").first.click()
    for label, part in zip(("ថ្ងៃ", "ខែ", "ឆ្នាំ"), born, strict=True):
        page.get_by_label(label, exact=True).fill(part)
    for question in ("តើនាងមានផ្ទៃពោះ", "តើគាត់មានការពិបាក"):
        asked = page.locator("fieldset", has_text=question)
        page.wait_for_timeout(80)
        if asked.count():
            asked.last.locator("label", has_text="ទេ").first.click()
    go_on(page)


def answer_rest(page: Page) -> None:
    """Confirm the members, take the first answer to each question of the house, skip the photo."""
    page.locator(".govuk-checkboxes__label").click()
    go_on(page)
    while not page.locator("h1", has_text="សូមពិនិត្យចម្លើយ").count():
        if page.locator(".govuk-radios__label").count():
            page.locator(".govuk-radios__label").first.click()
        elif page.get_by_text("យកទីតាំង").count():
            page.get_by_text("យកទីតាំង").click()
            expect(page.get_by_text("១៣.៧៤០០០")).to_be_visible()
        go_on(page)
        page.wait_for_timeout(60)
    go_on(page)


def take_in() -> None:
    """Do the worker's part: take in what was received."""
    for kept in Submission.objects.filter(state="received"):
        actions.take_in(submission_id=kept.pk, at=timezone.now())


def wait_for_the_server(page: Page, state: str) -> None:
    """Ask the server until the record stands where it should."""
    for _ in range(10):
        page.click("[data-go=contact]")
        page.wait_for_timeout(500)
        if page.locator(f"[data-state={state}]").count():
            return
    raise AssertionError(page.inner_text("main"))


def test_it_is_kept_sent_received_and_scored(
    switch_on: Callable[[], BrowserContext], enumerator: User, shots: Callable[..., None]
) -> None:
    phone = switch_on()
    page = phone.new_page()
    sign_in(page, enumerator)

    phone.set_offline(True)
    page.reload()
    unlock(page)
    page.click("[data-form=poverty_interview]")
    answer_beginning(page)
    for n, member in enumerate(SIX[:4]):
        add_member(page, n, member)
    shots(page, "members")
    page.wait_for_timeout(1200)
    phone.close()

    phone = switch_on()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto("/field/")
    unlock(page)
    expect(page.locator("[data-form=poverty_interview]")).to_be_visible()
    page.goto("/field/#/records")
    expect(page.locator("[data-state=draft]")).to_be_visible()
    shots(page, "draft")
    page.click("[data-go=resume]")
    while not page.locator("[data-go=add]").count():
        go_on(page)
        page.wait_for_timeout(60)
    for n, member in enumerate(SIX[4:], start=4):
        add_member(page, n, member)
    go_on(page)
    answer_rest(page)
    expect(page.locator("[data-state=waiting]")).to_be_visible()
    shots(page, "waiting")
    assert not Submission.objects.exists()

    phone.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(1500)
    if page.locator("[data-go=signIn]").count():  # closing the browser ended its session
        page.click("[data-go=signIn]")
        page.fill("[name=login]", enumerator.username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        unlock(page)
        page.goto("/field/#/records")
    wait_for_the_server(page, "received")
    shots(page, "received")
    assert Household.objects.count() == 0

    take_in()
    wait_for_the_server(page, "applied")
    shots(page, "applied")

    case = Assessment.objects.get()
    assert case.household.memberships.count() == 6
    assert case.scored_level == "poor_1"
    assert case.interviewed_by == enumerator.username
    expect(page.locator("[data-state=applied]")).to_contain_text("ពិន្ទុ")


def everything_kept(page: Page) -> str:
    """Give all that the phone holds: database, caches, storage."""
    kept: Any = page.evaluate("""async () => {
        const text = [];
        for (const {name} of await indexedDB.databases()) {
            const db = await new Promise((give) => {
                const r = indexedDB.open(name); r.onsuccess = () => give(r.result); });
            for (const store of db.objectStoreNames) {
                const rows = await new Promise((give) => {
                    const r = db.transaction(store).objectStore(store).getAll();
                    r.onsuccess = () => give(r.result); });
                for (const row of rows) for (const [key, value] of Object.entries(row)) {
                    text.push(key, value instanceof ArrayBuffer
                        ? new TextDecoder().decode(value) : String(value)); }
            }
            db.close();
        }
        for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) text.push(request.url);
        return text.join('|') + JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
    }""")
    return str(kept)


def test_nothing_on_the_phone_can_be_read_without_the_pin(
    switch_on: Callable[[], BrowserContext], enumerator: User
) -> None:
    page = switch_on().new_page()
    sign_in(page, enumerator)
    page.click("[data-form=poverty_interview]")
    answer_beginning(page)
    add_member(page, 0, SIX[0])
    page.wait_for_timeout(1200)

    kept = everything_kept(page)

    assert "bora" in kept
    for word in ("ស្រីមុំ", "ផ្ទះលេខ", "16010101", "given_name"):
        assert word not in kept


def test_a_wrong_pin_opens_nothing_and_makes_one_wait(
    switch_on: Callable[[], BrowserContext], enumerator: User
) -> None:
    page = switch_on().new_page()
    sign_in(page, enumerator)
    page.click("[data-go=lock]")

    for _ in range(5):
        unlock(page, "000000")
        expect(page.locator("[role=alert]")).to_be_visible()
        page.wait_for_timeout(300)

    expect(page.locator("[role=alert]")).to_contain_text("សូមរង់ចាំ")
    unlock(page)
    expect(page.locator("[data-form=poverty_interview]")).to_have_count(0)


def test_an_answer_that_was_lost_leads_to_no_second_record(
    switch_on: Callable[[], BrowserContext], enumerator: User
) -> None:
    phone = switch_on()
    page = phone.new_page()
    sign_in(page, enumerator)
    lost = {"answers": 1}

    def lose(route: Any) -> None:
        if lost["answers"]:
            lost["answers"] -= 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/openrosa/submission**", lose)
    page.click("[data-form=poverty_interview]")
    choose(page, "ញ៉ាង")
    go_on(page)
    choose(page, "ទេ")
    go_on(page)
    page.locator(".govuk-radios__label", has_text="ទេ").click()
    go_on(page)
    go_on(page)
    expect(page.locator("[data-state=unsure]")).to_be_visible()
    assert Submission.objects.count() == 1

    page.wait_for_timeout(16_000)
    wait_for_the_server(page, "received")

    assert Submission.objects.count() == 1


def test_a_refused_record_says_why_in_khmer_and_is_kept(
    switch_on: Callable[[], BrowserContext], enumerator: User, shots: Callable[..., None]
) -> None:
    page = switch_on().new_page()
    sign_in(page, enumerator)
    body = (
        '<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="error">'
        "មិនមានទម្រង់នេះទេ\nThere is no such form</message></OpenRosaResponse>"
    )
    page.route(
        "**/openrosa/submission**",
        lambda route: route.fulfill(status=422, body=body, content_type="text/xml"),
    )
    page.click("[data-form=poverty_interview]")
    for label in ("ញ៉ាង", "ទេ", "ទេ"):
        choose(page, label)
        go_on(page)
    go_on(page)

    refused = page.locator("[data-state=refused]")
    expect(refused).to_contain_text("មិនមានទម្រង់នេះទេ")
    expect(refused).not_to_contain_text("There is no such form")
    shots(page, "refused")
    page.click("[data-go=copy]")
    expect(page.locator("#spean-form")).to_be_visible()


def test_another_users_records_are_not_shown_nor_sent(
    switch_on: Callable[[], BrowserContext], enumerator: User, user_of: Callable[..., User]
) -> None:
    phone = switch_on()
    page = phone.new_page()
    sign_in(page, enumerator)
    page.click("[data-form=poverty_interview]")
    choose(page, "ញ៉ាង")
    page.wait_for_timeout(1200)
    other = user_of("commune_clerk", "160101", name="sophea")
    other.set_password(PASSWORD)
    other.save()
    phone.clear_cookies()
    page.goto("about:blank")
    page.goto("/field/")
    page.click("[data-go=other]")
    page.click("[data-go=signIn]")
    page.fill("[name=login]", other.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.click("[data-go=other]")
    page.fill("#again", PIN)
    page.fill("#pin", PIN)
    page.click("[data-go=choosePin]")
    expect(page.locator("[data-form=poverty_interview]")).to_be_visible()

    page.goto("/field/#/records")

    expect(page.locator(".spean-phone-record")).to_have_count(0)
    page.click("[data-go=lock]")
    expect(page.locator("[type=radio]")).to_have_count(2)
    page.locator("label", has_text="bora").click()
    unlock(page)
    expect(page.locator(".govuk-inset-text")).to_contain_text("bora")
    page.goto("/field/#/records")
    expect(page.locator("[data-state=draft]")).to_have_count(1)
