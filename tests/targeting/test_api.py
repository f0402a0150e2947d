"""The API: the whole journey, and for each operation what every role gets, here and elsewhere."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.ids import new_id
from spean.kernel.models import User
from spean.targeting.models import Assessment
from tests.targeting.conftest import DAY, POOREST

pytestmark = pytest.mark.django_db
BASE = "/api/v1/targeting"
NATIONAL = "national_registry_officer"
REP, CLERK, COUNCIL, DISTRICT = (
    "village_representative", "commune_clerk", "commune_council", "district_officer",
)  # fmt: skip
CASE, COMPLAINT, HOUSEHOLD, ROUND = "{case}", "{complaint}", "{household}", "{round}"

# Operation: method, path, body, and the roles that may; every other role is refused.
OPERATIONS: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("post", "/assessments",
     {"household_id": HOUSEHOLD, "channel": "village_chief"}, {"enumerator", REP, CLERK}),
    ("get", "/assessments", {}, {"enumerator", REP, CLERK, COUNCIL, DISTRICT}),
    ("get", f"/assessments/{CASE}", {}, {"enumerator", REP, CLERK, COUNCIL, DISTRICT}),
    ("post", f"/assessments/{CASE}/refusal",
     {"version": 1, "reason": "not_found"}, {CLERK}),
    ("post", f"/assessments/{CASE}/withdrawal", {"version": 1}, {"enumerator", REP, CLERK}),
    ("post", f"/assessments/{CASE}/interview", {"version": 1, "answers": POOREST},
     {"enumerator", CLERK}),
    ("post", f"/assessments/{CASE}/village-review",
     {"version": 1, "opinion": "agrees"}, {REP}),
    ("post", f"/assessments/{CASE}/display", {"version": 1}, {CLERK}),
    ("post", f"/assessments/{CASE}/decision", {"version": 1, "level": "poor_1"}, {COUNCIL}),
    ("post", f"/assessments/{CASE}/check", {"version": 1, "outcome": "confirmed"}, {DISTRICT}),
    ("post", f"/households/{HOUSEHOLD}/reinterview", {"reason": "ពិនិត្យ"}, {DISTRICT}),
    ("post", "/complaints",
     {"kind": "exclusion", "channel": "app", "text": "x", "household_id": HOUSEHOLD},
     {REP, CLERK, DISTRICT}),
    ("get", "/complaints", {}, {REP, CLERK, COUNCIL, DISTRICT}),
    ("get", f"/complaints/{COMPLAINT}", {}, {REP, CLERK, COUNCIL, DISTRICT}),
    ("post", f"/complaints/{COMPLAINT}/answer",
     {"version": 1, "upheld": False, "answer": "x"}, {COUNCIL, DISTRICT}),
    ("post", "/rounds",
     {"name": "x", "villages": ["16010101"], "starts_on": "2030-01-01", "ends_on": "2030-02-01"},
     {DISTRICT}),
    ("get", "/rounds", {}, {DISTRICT}),
    ("post", f"/rounds/{ROUND}/close", {}, {DISTRICT}),
    ("get", "/scorecard", {}, set(ROLES)),
    ("get", "/dashboard", {"area": "160101"},
     {CLERK, COUNCIL, DISTRICT, "analyst", "auditor", NATIONAL}),
]  # fmt: skip
NAMES = [f"{method} {path}" for method, path, _, _ in OPERATIONS]
OPEN_LISTS = {"/assessments", "/complaints", "/rounds"}


def _call(user: User, method: str, path: str, body: dict[str, Any]) -> Any:
    client = Client()
    client.force_login(user)
    if method == "get":
        return client.get(BASE + path, body)
    return client.post(
        BASE + path,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(new_id())},
    )


@pytest.fixture(autouse=True)
def _no_throttle(db: None) -> None:
    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Set the day that the API takes for today."""

    def to(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: day)

    to(DAY)
    return to


@pytest.mark.parametrize(("method", "path", "body", "may"), OPERATIONS, ids=NAMES)
def test_every_role_has_its_answer(
    method: str, path: str, body: dict[str, Any], may: set[str], user_of: Callable[..., User]
) -> None:
    nothing = str(new_id())
    for place in (CASE, COMPLAINT, HOUSEHOLD, ROUND):
        path = path.replace(place, nothing)
        body = {name: nothing if value == place else value for name, value in body.items()}

    answers = {role: _call(user_of(role, ""), method, path, body).status_code for role in ROLES}

    assert {role for role, status in answers.items() if status != 403} == may
    assert set(answers.values()) <= {200, 201, 403, 404}


@pytest.mark.parametrize(("method", "path", "body", "may"), OPERATIONS, ids=NAMES)
def test_no_role_reaches_beyond_its_area(
    method: str,
    path: str,
    body: dict[str, Any],
    may: set[str],
    user_of: Callable[..., User],
    case_at: Callable[..., Assessment],
    people: dict[str, Actor],
    household: Any,
) -> None:
    found = {CASE: case_at("requested").pk, HOUSEHOLD: household.pk, COMPLAINT: _complaint(household, people), ROUND: _round(people)}  # noqa: E501  # fmt: skip
    for place, key in found.items():
        path = path.replace(place, str(key))
        body = {name: str(key) if value == place else value for name, value in body.items()}

    for role in may:
        answer = _call(user_of(role, "1602"), method, path, body)
        if method == "get" and path in OPEN_LISTS:
            assert answer.json()["items"] == []
        elif path != "/scorecard":
            assert answer.status_code == 403, role


def _complaint(household: Any, people: dict[str, Actor]) -> Any:
    from spean.targeting import actions

    return actions.lodge_complaint(
        kind="exclusion", channel="app", text="x", household_id=household.pk,
        by=people["clerk"], on=DAY,
    ).pk  # fmt: skip


def _round(people: dict[str, Actor]) -> Any:
    from spean.targeting import actions

    return actions.plan_round(
        name="x", village_codes=["16010102"], starts_on=DAY, ends_on=DAY,
        by=people["district"], on=DAY,
    ).pk  # fmt: skip


def test_a_family_goes_from_request_to_card_by_api(
    household: Any,
    people: dict[str, Actor],
    user_of: Callable[..., User],
    clock: Callable[[date], None],
) -> None:
    users = {name: actor.user for name, actor in people.items()}

    def post(who: str, path: str, **body: Any) -> dict[str, Any]:
        answer = _call(users[who], "post", path, body)  # type: ignore[arg-type]
        assert answer.status_code in (200, 201), answer.content
        return dict(answer.json())

    case = post("clerk", "/assessments", household_id=str(household.pk), channel="commune_office")
    here = f"/assessments/{case['id']}"
    post("clerk", f"{here}/interview", version=1, answers=POOREST)
    post("rep", f"{here}/village-review", version=2, opinion="agrees")
    shown = post("clerk", f"{here}/display", version=3)
    clock(date.fromisoformat(shown["display_until"]))
    post("council", f"{here}/decision", version=4, level="poor_1")
    last = post("district", f"{here}/check", version=5, outcome="confirmed")

    assert (last["state"], last["final_level"], last["points"]) == ("confirmed", "poor_1", "62.00")
    assert household.cards.get().category == "poor_1"
    seen = _call(user_of(DISTRICT, "1601"), "get", here, {}).json()
    assert [step["step"] for step in seen["steps"]][-1] == "confirm"
    assert seen["explanation"]["points"] == 62
    assert sum(answer["points"] for answer in seen["explanation"]["answers"]) == 62
    assert seen["explanation"]["policies"][0]["reference"].startswith("ASSUMED")


def test_a_repeated_request_gets_the_first_answer(
    household: Any, user_of: Callable[..., User]
) -> None:
    client = Client()
    client.force_login(user_of(CLERK, "160101"))

    def ask() -> Any:
        return client.post(
            f"{BASE}/assessments",
            {"household_id": str(household.pk), "channel": "commune_office"},
            content_type="application/json",
            headers={"Idempotency-Key": "k1"},
        )

    first, second = ask(), ask()

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Assessment.objects.count() == 1


def test_wrong_answers_come_back_each_with_its_field(
    case_at: Callable[..., Assessment], user_of: Callable[..., User]
) -> None:
    case = case_at("requested")

    answer = _call(
        user_of(CLERK, "160101"), "post", f"/assessments/{case.pk}/interview",
        {"version": 1, "answers": {"roof": "gold"}},
    )  # fmt: skip

    assert answer.status_code == 422
    assert answer.json()["code"] == "targeting.answers_refused"
    assert {"roof", "walls"} <= {error["field"] for error in answer.json()["errors"]}


def test_an_old_version_is_a_conflict(
    case_at: Callable[..., Assessment], user_of: Callable[..., User]
) -> None:
    case = case_at("interviewed")

    answer = _call(
        user_of(REP, "16010101"), "post", f"/assessments/{case.pk}/village-review",
        {"version": 1, "opinion": "agrees"},
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (409, "targeting.changed_meanwhile")


def test_the_scorecard_of_a_day_without_one_is_refused(user_of: Callable[..., User]) -> None:
    answer = _call(user_of(CLERK, "160101"), "get", "/scorecard", {"on": "2011-12-31"})

    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.policy_not_in_force")


def test_the_scorecard_of_a_day_has_the_cut_offs_of_that_day(user_of: Callable[..., User]) -> None:
    def asked(on: str) -> dict[str, int]:
        answer = _call(user_of(CLERK, "160101"), "get", "/scorecard", {"on": on})
        return dict(answer.json()["cut_offs"])

    assert asked("2022-10-11") == {"poor_1": 59, "poor_2": 45}
    assert asked("2022-10-12") == {"poor_1": 59, "poor_2": 45, "at_risk": 35}


def test_a_list_is_read_by_cursor_and_filtered_by_state(
    case_at: Callable[..., Assessment],
    household_in: Callable[..., Any],
    village: Any,
    user_of: Callable[..., User],
) -> None:
    first = case_at("interviewed")
    second = case_at("requested", family=household_in(village, "ស្រីណា"), on=DAY + timedelta(days=1))
    clerk = user_of(CLERK, "160101")

    page = _call(clerk, "get", "/assessments", {"limit": "1"}).json()
    rest = _call(clerk, "get", "/assessments", {"limit": "1", "cursor": page["next"]}).json()
    waiting = _call(clerk, "get", "/assessments", {"state": "interviewed"}).json()

    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [str(second.pk), str(first.pk)]
    assert rest["next"] is None
    assert [item["id"] for item in waiting["items"]] == [str(first.pk)]
