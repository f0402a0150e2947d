"""What every test may ask for: a small gazetteer, and people of every role."""

from collections.abc import Callable, Iterator
from datetime import date

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from spean.kernel.access import Actor, Purpose
from spean.kernel.models import RoleGrant, User
from spean.locations.models import Level, Place

# How long an example takes tells of the machine, which others use too, not of the code.
hypothesis.settings.register_profile(
    "spean", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("spean")

LONG_AGO = date(2010, 1, 1)

# Shaped like the official list: two villages of a commune, one of its neighbour, one farther.
GAZETTEER = [
    ("16", Level.PROVINCE, "រតនគិរី", "Ratanak Kiri"),
    ("1601", Level.DISTRICT, "អណ្ដូងមាស", "Andoung Meas"),
    ("160101", Level.COMMUNE, "ញ៉ាង", "Nhang"),
    ("16010101", Level.VILLAGE, "ញ៉ាង", "Nhang"),
    ("16010102", Level.VILLAGE, "ដល់", "Dal"),
    ("160102", Level.COMMUNE, "តាឡាវ", "Ta Lav"),
    ("16010201", Level.VILLAGE, "តាឡាវ", "Ta Lav"),
    ("1602", Level.DISTRICT, "បានលុង", "Ban Lung"),
    ("160201", Level.COMMUNE, "កាចាញ", "Kachanh"),
    ("16020101", Level.VILLAGE, "ផ្លូវ", "Phlov"),
]


def pytest_configure() -> None:
    """Serve static files as they stand in the source: nothing has to be collected first."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Let tests that truncate do so: these locks are tested on their own."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("DROP TRIGGER IF EXISTS kernel_auditentry_keep_all ON kernel_auditentry")
        cursor.execute("DROP TRIGGER IF EXISTS kernel_auditlink_keep_all ON kernel_auditlink")
        cursor.execute("DROP TRIGGER IF EXISTS payments_line_keep_all ON payments_line")
        cursor.execute("DROP TRIGGER IF EXISTS payments_entry_keep_all ON payments_entry")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def places(db: None) -> dict[str, Place]:
    """Give the small gazetteer by code."""
    made: dict[str, Place] = {}
    for code, level, name_km, name_en in GAZETTEER:
        made[code] = Place.objects.create(
            code=code,
            level=level,
            name_km=name_km,
            name_en=name_en,
            parent=made.get(code[:-2]),
            start=LONG_AGO,
        )
    return made


@pytest.fixture
def village(places: dict[str, Place]) -> Place:
    """Give the village of Nhang."""
    return places["16010101"]


@pytest.fixture
def user_of(db: None) -> Callable[..., User]:
    """Make (once) the user of a role in an area: `user_of("commune_clerk", "160101")`."""

    def make(role: str, area: str = "", *, name: str | None = None) -> User:
        username = name or f"{role}_{area or 'nation'}"
        user, new = User.objects.get_or_create(username=username, defaults={"full_name": username})
        if new:
            RoleGrant.objects.create(user=user, role=role, area=area, start=LONG_AGO)
        return user

    return make


@pytest.fixture
def actor(user_of: Callable[..., User]) -> Callable[..., Actor]:
    """Make an actor: `actor("commune_clerk", "160101", Purpose.TARGETING)`."""

    def make(
        role: str,
        area: str = "",
        purpose: Purpose = Purpose.REGISTRATION,
        *,
        name: str | None = None,
    ) -> Actor:
        return Actor.of(user_of(role, area, name=name), purpose)

    return make


@pytest.fixture
def system() -> Actor:
    """Give the system itself, which may do everything."""
    return Actor.system("test")


@pytest.fixture
def client_of(user_of: Callable[..., User]) -> Callable[..., Client]:
    """Give a browser signed in: `client_of("commune_clerk", "160101")`, in English unless told."""

    def make(role: str, area: str = "", *, name: str | None = None, language: str = "en") -> Client:
        cache.clear()
        client = Client()
        client.force_login(user_of(role, area, name=name))
        client.cookies["spean_language"] = language
        return client

    return make
