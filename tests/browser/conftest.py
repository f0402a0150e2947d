"""A real Chromium, where the machine has one; otherwise the tests say why they were skipped."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from spean.kernel.models import User
from spean.locations.models import Place

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PASSWORD = "three-boats-upriver"


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Start the browser once.

    Playwright keeps a loop in this thread, in which Django gives other connections than outside:
    each side's are closed where they were opened, or the test database can't be dropped.
    """
    if not CHROMIUM:
        pytest.skip("no chromium on this machine: install Debian's package to run these tests")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(
    chromium: Browser, live_server: LiveServer, user_of: Callable[..., User]
) -> Iterator[SignIn]:
    """Open a page of one's own and sign in by the form: `sign_in("commune_clerk", "160101")`."""
    opened: list[Any] = []
    complaints: list[str] = []

    def enter(role: str, area: str, *, width: int = 360, language: str = "km") -> Page:
        cache.clear()
        user = user_of(role, area)
        user.set_password(PASSWORD)
        user.save()
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 740}
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        context.add_cookies([{"name": "spean_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto("/")
        page.fill("input[name=login]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        expect(page.locator("h1")).to_be_visible()
        return page

    yield enter
    for context in opened:
        context.close()
    assert [text for text in complaints if "Content Security Policy" in text] == []


@pytest.fixture
def switch_on(
    chromium: Browser, live_server: LiveServer, tmp_path: Path, places: dict[str, Place]
) -> Iterator[Callable[..., BrowserContext]]:
    """Switch one phone on (again): what it kept is still there. Forms are published."""
    call_command("publish_forms", verbosity=0)
    switched_on: list[BrowserContext] = []

    def start(*arguments: str) -> BrowserContext:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "phone",
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *arguments],
            base_url=live_server.url,
            viewport={"width": 360, "height": 740},
            geolocation={"latitude": 13.74, "longitude": 107.02, "accuracy": 5},
            permissions=["geolocation", "camera"],
        )
        context.set_default_timeout(15_000)
        switched_on.append(context)
        return context

    yield start
    for context in switched_on:
        context.close()


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep pictures of a page where SPEAN_SHOTS names a folder: `shots(page, "received")`."""
    folder = os.environ.get("SPEAN_SHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=f"{folder}/{request.node.name}-{name}.png", full_page=True)

    return take
