"""Places and facilities for other systems."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.models import User
from spean.locations.models import Facility, Place

BASE = "/api/v1/locations"
PATHS = [
    "/places",
    "/places/16",
    "/facilities",
    "/facilities/160101",
    "/villages/16010101/facilities",
]


@pytest.fixture
def reader(client: Client, user_of: Callable[..., User]) -> Client:
    client.force_login(user_of("analyst"))
    return client


@pytest.mark.parametrize("path", PATHS)
def test_who_is_not_signed_in_is_refused(client: Client, db: None, path: str) -> None:
    answer = client.get(BASE + path)

    assert answer.status_code == 401
    assert answer.json()["code"] == "kernel.not_signed_in"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PATHS)
def test_every_role_reads(
    client: Client, user_of: Callable[..., User], health_centre: Facility, role: str, path: str
) -> None:
    client.force_login(user_of(role, "17"))

    assert client.get(BASE + path).status_code == 200


def test_places_are_paged_in_the_order_of_their_codes(
    reader: Client, places: dict[str, Place], django_assert_max_num_queries: Any
) -> None:
    reader.get(f"{BASE}/places")
    with django_assert_max_num_queries(10):
        first = reader.get(f"{BASE}/places", {"level": "village", "limit": 3}).json()
    rest = reader.get(
        f"{BASE}/places", {"level": "village", "limit": 3, "cursor": first["next"]}
    ).json()

    codes = [row["code"] for row in first["items"] + rest["items"]]
    assert codes == ["16010101", "16010102", "16010201", "16020101"]
    assert rest["next"] is None


def test_the_children_of_a_place_are_those_of_the_day(
    reader: Client, places: dict[str, Place]
) -> None:
    Place.objects.filter(code="16010102").update(end=date(2025, 1, 1))

    now = reader.get(f"{BASE}/places", {"parent": "160101"}).json()["items"]
    then = reader.get(f"{BASE}/places", {"parent": "160101", "on": "2024-12-31"}).json()["items"]

    assert [len(now), len(then)] == [1, 2]
    assert then[1] == {
        "code": "16010102", "level": "village", "name_km": "ដល់", "name_en": "Dal",
        "start": "2010-01-01", "end": "2025-01-01",
    }  # fmt: skip


def test_a_place_comes_with_its_path(reader: Client, places: dict[str, Place]) -> None:
    body = reader.get(f"{BASE}/places/16010102").json()

    assert [step["code"] for step in body["path"]] == ["16", "1601", "160101"]
    assert body["area_class"] is None


def test_a_code_that_ended_is_a_problem(reader: Client, places: dict[str, Place]) -> None:
    Place.objects.filter(code="16010102").update(end=date(2025, 1, 1))

    answer = reader.get(f"{BASE}/places/16010102")

    assert answer.status_code == 422
    assert answer.json()["code"] == "locations.village_closed"


@pytest.mark.parametrize(
    ("query", "status"),
    [({"level": "hamlet"}, 422), ({"parent": "1"}, 422), ({"on": "soon"}, 422), ({"limit": 0}, 400),
     ({"cursor": "_w"}, 400)],
)  # fmt: skip
def test_a_wrong_question_is_a_problem(
    reader: Client, places: dict[str, Place], query: dict[str, Any], status: int
) -> None:
    answer = reader.get(f"{BASE}/places", query)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/places/99", "/facilities/99", "/villages/99/facilities"])
def test_what_is_not_there_is_not_found(reader: Client, db: None, path: str) -> None:
    assert reader.get(BASE + path).status_code == 404


def test_facilities_come_with_level_and_district(reader: Client, health_centre: Facility) -> None:
    body = reader.get(f"{BASE}/facilities", {"area": "1601"}).json()

    assert body["items"] == [
        {
            "code": "160101", "name_km": "ញ៉ាង", "name_en": "Facility 160101",
            "level": "health_centre", "operational_district": "1601", "place": "160101",
            "phone": "", "start": "2020-01-01", "end": None,
        }
    ]  # fmt: skip
    assert reader.get(f"{BASE}/facilities", {"area": "1602"}).json()["items"] == []
