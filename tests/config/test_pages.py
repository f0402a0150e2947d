"""The first page, one's own account, the choice of language, and the pages of sign-in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from spean.config import home
from spean.kernel.access import Actor, Purpose
from spean.kernel.home import HomeItem
from spean.kernel.models import User
from spean.locations.models import Place


@pytest.fixture
def clerk(client: Client, village: Place, user_of: Callable[..., User]) -> User:
    """Sign in the clerk of a commune."""
    user = user_of("commune_clerk", "160101")
    client.force_login(user)
    return user


def test_who_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/"


def test_what_waits_is_shown_the_urgent_first_and_the_empty_not_at_all(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    purposes = []

    def find(*, by: Actor, on: object) -> list[HomeItem]:
        purposes.append(by.purpose)
        return [
            HomeItem("Interviews to hold", 1200, "/i"),
            HomeItem("Nothing of this", 0, "/n"),
            HomeItem("Complaints due today", 2, "/c", urgent=True),
        ]

    monkeypatch.setattr(home, "WAITING", ((Purpose.TARGETING, find),))

    html = client.get("/").content.decode()

    assert purposes == [Purpose.TARGETING]
    assert html.index("/c") < html.index("Interviews to hold")
    assert "Nothing of this" not in html
    assert "១,២០០" in html


def test_the_account_page_names_roles_and_places(client: Client, clerk: User) -> None:
    client.cookies["spean_language"] = "en"

    html = client.get(reverse("account")).content.decode()

    assert "Commune clerk" in html
    assert "Nhang" in html


def test_the_language_is_kept_for_the_visitor_and_for_the_user(client: Client, clerk: User) -> None:
    answer = client.post("/language", {"language": "en", "next": "/account"})

    clerk.refresh_from_db()
    assert answer["Location"] == "/account"
    assert answer.cookies["spean_language"].value == "en"
    assert clerk.language == "en"
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_the_language_switch_never_leads_elsewhere(client: Client, db: None, wanted: str) -> None:
    assert client.post("/language", {"language": "km", "next": wanted})["Location"] == "/"


def test_an_unknown_language_is_refused(client: Client, db: None) -> None:
    assert client.post("/language", {"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    "page",
    ["account_login", "account_signup", "account_inactive", "account_reset_password"],
)
def test_a_stranger_reads_the_pages_of_sign_in_in_khmer(
    client: Client, db: None, page: str
) -> None:
    html = client.get(reverse(page)).content.decode()

    assert '<html lang="km"' in html
    assert "អ្នកគ្រប់គ្រងប្រព័ន្ធ" in html


def test_a_wrong_password_is_refused_in_khmer(client: Client, db: None) -> None:
    html = client.post(reverse("account_login"), {"login": "a", "password": "b"}).content.decode()

    assert "ឈ្មោះចូលប្រព័ន្ធ ឬពាក្យសម្ងាត់មិនត្រឹមត្រូវទេ។" in html


@pytest.mark.parametrize(
    "page",
    ["mfa_index", "mfa_activate_totp", "account_change_password", "account_logout", "account"],
)
def test_the_pages_of_ones_own_account_are_ours(client: Client, clerk: User, page: str) -> None:
    clerk.set_password("a long phrase of words")
    clerk.save()
    client.post(
        reverse("account_login"), {"login": clerk.username, "password": "a long phrase of words"}
    )

    answer = client.get(reverse(page), follow=True)

    assert answer.status_code == 200
    assert "spean-header" in answer.content.decode()


def test_a_page_that_does_not_exist_is_explained(client: Client, db: None) -> None:
    answer = client.get("/nothing")

    assert answer.status_code == 404
    assert "រកមិនឃើញទំព័រ" in answer.content.decode()


def test_a_fault_of_ours_is_explained_without_the_database() -> None:
    from django.test import RequestFactory

    from spean.config.pages import server_error

    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
