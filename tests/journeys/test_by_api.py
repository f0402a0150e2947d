"""One family from registration to equity card, by other systems over real HTTP."""

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from spean.kernel import actions
from spean.kernel.access import Actor
from spean.kernel.models import RoleGrant
from spean.locations.models import Place
from spean.targeting.models import Assessment

pytestmark = [pytest.mark.django_db(transaction=True)]
MEMBER = {
    "family_name_km": "សុខ", "given_name_km": "ដារ៉ា", "sex": "female",
    "birth_date": "1990-04-12", "relation": "head",
}  # fmt: skip
Call = Callable[..., Any]


def _ask(url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any]:
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


@pytest.fixture
def system(live_server: LiveServer) -> Callable[[str, str], Call]:
    """Sign in a system of a role: `call = system(role, area)`, then `call(path, **body)`."""

    def sign_in(role: str, area: str) -> Call:
        cache.clear()
        user, client_id, secret = actions.create_system(name=f"sys-{role}", by=Actor.system("test"))
        RoleGrant.objects.create(user=user, role=role, area=area, start="2020-01-01")
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": "registry targeting"}
        _, token = _ask(
            f"{live_server.url}/oauth2/token",
            urllib.parse.urlencode(form).encode(),
            {"Authorization": f"Basic {basic}"},
        )
        bearer = {"Authorization": f"Bearer {token['access_token']}", "Accept-Language": "en"}

        def call(path: str, key: str = "", **body: Any) -> Any:
            headers = bearer | {"Content-Type": "application/json"}
            headers |= {"Idempotency-Key": key or f"{path}-{len(body)}"} if body else {}
            sent = json.dumps(body).encode() if body else None
            return _ask(f"{live_server.url}/api/v1/{path}", sent, headers)

        return call

    return sign_in


def test_a_family_goes_from_registration_to_its_card(
    system: Callable[[str, str], Call], places: dict[str, Place]
) -> None:
    clerk = system("commune_clerk", "160101")
    village = system("village_representative", "16010101")
    council = system("commune_council", "160101")
    district = system("district_officer", "1601")
    midwife = system("health_worker", "1601")

    status, household = clerk("registry/households", village="16010101", members=[MEMBER])
    assert status == 201, household
    assert clerk("registry/households", village="16010101", members=[MEMBER]) == (201, household)

    status, case = clerk(
        "targeting/assessments", household_id=household["id"], channel="village_chief"
    )
    assert status == 201, case
    address = f"targeting/assessments/{case['id']}"
    status, card = clerk("targeting/scorecard")
    answers = {q["code"]: q["answers"][0]["code"] for q in card["questions"] if not q["derived"]}
    status, case = clerk(f"{address}/interview", version=case["version"], answers=answers)
    assert (status, case["scored_level"]) == (200, "poor_1"), case
    status, case = village(f"{address}/village-review", version=case["version"], opinion="agrees")
    assert status == 200, case
    status, case = clerk(f"{address}/display", version=case["version"])
    assert status == 200, case
    status, early = council(f"{address}/decision", version=case["version"], level="poor_1")
    assert (status, early["code"]) == (409, "targeting.still_on_display")
    today = timezone.localdate()
    Assessment.objects.update(display_from=today - timedelta(days=7), display_until=today)
    status, case = council(f"{address}/decision", version=case["version"], level="poor_1")
    assert status == 200, case
    status, case = district(f"{address}/check", version=case["version"], outcome="confirmed")
    assert (status, case["state"], case["final_level"]) == (200, "confirmed", "poor_1"), case

    _, whole = clerk(f"registry/households/{household['id']}")
    number = whole["cards"][0]["number"]
    status, checked = midwife("registry/cards/check", card=number)
    assert (status, checked["outcome"]) == (200, "covered"), checked


def test_a_clerk_of_another_commune_learns_nothing(
    system: Callable[[str, str], Call], places: dict[str, Place]
) -> None:
    clerk, stranger = system("commune_clerk", "160101"), system("auditor", "160102")
    _, household = clerk("registry/households", village="16010101", members=[MEMBER])

    status, problem = stranger(f"registry/households/{household['id']}")

    assert (status, problem["code"]) == (403, "kernel.not_allowed")
    assert "សុខ" not in json.dumps(problem, ensure_ascii=False)
