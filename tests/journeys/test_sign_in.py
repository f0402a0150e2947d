"""Signing in: by an account that an administrator made, guarded against guessing."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from spean.kernel.models import User

PASSWORD = "three-boats-upriver"


@pytest.fixture
def user(user_of: Callable[..., User]) -> User:
    cache.clear()
    user = user_of("commune_clerk", "160101")
    user.set_password(PASSWORD)
    user.save()
    return user


def _sign_in(client: Client, user: User, password: str) -> int:
    form = {"login": user.username, "password": password}
    return client.post("/accounts/login/", form).status_code


def test_the_right_password_opens_the_first_page(user: User) -> None:
    client = Client()

    assert _sign_in(client, user, PASSWORD) == 302
    assert client.get("/").status_code == 200
    assert user.password.startswith("argon2")


def test_guessing_is_stopped_even_when_the_last_guess_is_right(user: User) -> None:
    client = Client()

    answers = [_sign_in(client, user, f"guess {number}") for number in range(10)]
    last = _sign_in(client, user, PASSWORD)

    assert 302 not in [*answers, last]
    assert client.get("/").status_code == 302


def test_an_account_that_is_closed_opens_nothing(user: User) -> None:
    User.objects.update(is_active=False)
    client = Client()

    _sign_in(client, user, PASSWORD)

    assert client.get("/").status_code == 302


def test_nobody_makes_an_account_for_themselves(db: None) -> None:
    cache.clear()
    form = {"username": "me", "password1": PASSWORD, "password2": PASSWORD}

    Client().post("/accounts/signup/", form)

    assert not User.objects.filter(username="me").exists()


@pytest.mark.parametrize(
    "page", ["/accounts/login/", "/nowhere", "/.well-known/spean-card-keys.json"]
)
def test_every_answer_forbids_inline_code_frames_and_guessed_types(db: None, page: str) -> None:
    answer = Client().get(page)

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_session_is_kept_from_scripts_and_other_sites(user: User) -> None:
    client = Client()
    _sign_in(client, user, PASSWORD)

    session = client.cookies["spean_session"]

    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert not session["expires"]


def test_a_second_factor_is_set_up_after_the_password_is_asked_again(user: User) -> None:
    client = Client()
    _sign_in(client, user, PASSWORD)
    address = "/accounts/2fa/totp/activate/"

    asked = client.get(address, follow=True).redirect_chain[-1][0]
    page = client.post(asked, {"password": PASSWORD}, follow=True)

    assert asked.startswith("/accounts/reauthenticate/")
    assert page.request["PATH_INFO"] == address
    assert "data:image/svg" in page.content.decode()
