"""The inbox and supervision over the API, for every role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from spean.fieldwork.models import Submission
from spean.kernel.ids import new_id
from spean.kernel.models import User
from spean.registry.models import Household
from tests.fieldwork.conftest import HEAD, NOW, new_family

BASE = "/api/v1/fieldwork"
Send = Callable[..., Submission]
ROLES = {
    "enumerator": "160101",
    "village_health_volunteer": "16010101",
    "village_representative": "16010101",
    "commune_clerk": "160101",
    "commune_council": "160101",
    "district_officer": "1601",
    "health_worker": "1601",
    "analyst": "16",
    "auditor": "",
    "administrator": "",
}
RESOLVE = {"commune_clerk", "district_officer"}
# Operation, body, who may: here (and what they are answered), for a record with a wrong clock.
OPERATIONS: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("get", "/inbox/{id}", {}, RESOLVE),
    ("post", "/inbox/{id}/retry", {}, RESOLVE),
    ("post", "/inbox/{id}/day", {"day": "2026-11-20", "note": "Asked"}, RESOLVE),
    ("post", "/inbox/{id}/corrections", {"answers": {}, "note": "Asked"}, RESOLVE),
    ("post", "/inbox/{id}/decision", {"part": "whole", "others": True}, RESOLVE),
    ("post", "/inbox/{id}/drop", {"part": "whole", "note": "So"}, RESOLVE),
    ("post", "/inbox/{id}/answer-for", {"note": "Mine"}, RESOLVE),
    ("post", "/inbox/{id}/dismissal", {"note": "Twice"}, RESOLVE),
    (
        "get", "/supervision?area=1601&first_day=2026-11-01&last_day=2026-11-23", {},
        {"district_officer"},
    ),
]  # fmt: skip


def call(user: User, method: str, path: str, body: dict[str, Any]) -> Any:
    cache.clear()
    client = Client()
    client.force_login(user)
    if method == "get":
        return client.get(BASE + path)
    return client.post(
        BASE + path,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(new_id())},
    )


@pytest.fixture
def waiting(send: Send) -> Submission:
    return send("poverty_interview", new_family(), ended_at=NOW - timedelta(days=365))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "body", "may"), OPERATIONS)
def test_every_role_has_its_answer(
    method: str, path: str, body: dict[str, Any], may: set[str], role: str,
    waiting: Submission, user_of: Callable[..., User],
) -> None:  # fmt: skip
    answer = call(user_of(role, ROLES[role]), method, path.format(id=waiting.pk), body)

    assert (answer.status_code == 200) == (role in may), answer.content
    assert role in may or answer.status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in OPERATIONS[:-1]])
def test_another_communes_clerk_is_refused(
    method: str, path: str, body: dict[str, Any], waiting: Submission, user_of: Callable[..., User]
) -> None:
    answer = call(user_of("commune_clerk", "160102"), method, path.format(id=waiting.pk), body)

    assert answer.status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == "attention"


def test_the_list_says_why_in_both_languages_and_a_day_settles_it(
    waiting: Submission, user_of: Callable[..., User]
) -> None:
    clerk = user_of("commune_clerk", "160101")

    (row,) = call(clerk, "get", "/inbox", {}).json()["items"]
    done = call(
        clerk, "post", f"/inbox/{row['id']}/day", {"day": "2026-11-20", "note": "Asked"}
    ).json()

    assert set(row["parts"][0]["reasons"][0]) == {"km", "en"}
    assert done["state"] == "applied"
    assert call(clerk, "get", "/inbox", {}).json()["items"] == []


def test_who_a_family_is_can_be_said(send: Send, user_of: Callable[..., User]) -> None:
    send("poverty_interview", new_family())
    again = send("poverty_interview", new_family())
    clerk = user_of("commune_clerk", "160101")

    said = {"part": "whole", "others": True}
    done = call(clerk, "post", f"/inbox/{again.pk}/decision", said).json()

    assert done["state"] == "applied"
    assert Household.objects.count() == 2


def test_an_answer_is_corrected_by_its_path(send: Send, user_of: Callable[..., User]) -> None:
    wrong = send("poverty_interview", new_family(member=[HEAD | {"birth_date": "2031-01-01"}]))
    clerk = user_of("commune_clerk", "160101")
    fixed = {"answers": {"member[1]/birth_date[1]": "1984-03-12"}, "note": "Her card"}

    done = call(clerk, "post", f"/inbox/{wrong.pk}/corrections", fixed).json()

    assert done["state"] == "applied"


def test_supervision_counts(send: Send, user_of: Callable[..., User]) -> None:
    send("poverty_interview", new_family())
    day = NOW.date().isoformat()

    found = call(
        user_of("district_officer", "1601"), "get",
        f"/supervision?area=1601&first_day={day}&last_day={day}", {},
    ).json()  # fmt: skip

    assert [row["done"] for row in found["villages"]] == [1]
    assert found["enumerators"][0]["interviews"] == 1
