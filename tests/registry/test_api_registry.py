"""Households, people, changes and duplicates over the API."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from spean.kernel.models import AuditEntry, User
from spean.locations.models import Place
from spean.registry.models import ChangeRequest, DuplicatePair, Household, Person
from tests.registry.api_calls import Call
from tests.registry.conftest import CARD_DAY, CHANGE_DAY

pytestmark = pytest.mark.django_db
CLERK, COUNCIL, DISTRICT = "commune_clerk", "commune_council", "district_officer"


@pytest.fixture(autouse=True)
def _today(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: CHANGE_DAY)


@pytest.fixture
def clerk_user(user_of: Callable[..., User]) -> User:
    return user_of(CLERK, "160101")


@pytest.fixture
def council_user(user_of: Callable[..., User]) -> User:
    return user_of(COUNCIL, "160101")


def person(**others: Any) -> dict[str, Any]:
    """Describe Sok Dara as a caller sends him."""
    usual = {
        "family_name_km": "សុខ", "given_name_km": "ដារ៉ា", "family_name_latin": "Sok",
        "given_name_latin": "Dara", "sex": "male", "birth_date": "1988-02-01", "relation": "head",
    }  # fmt: skip
    return usual | others


def house(*members: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"village": "16010101", "members": list(members or [person()])} | others


def test_a_household_is_registered_once_and_comes_back_whole(
    village: Place, clerk_user: User, call: Call
) -> None:
    answers = dict.fromkeys(
        ("seeing", "hearing", "walking", "remembering", "self_care", "communicating"), 1
    )
    head = person(phone="012 345 678", functioning=answers | {"walking": 3})
    child = person(given_name_km="បុប្ផា", given_name_latin="Bopha", sex="female",
                   birth_date="2015-05-05", relation="child")  # fmt: skip

    first = call(clerk_user, "post", "/households", house(child, head, address="House 5"), key="k")
    again = call(clerk_user, "post", "/households", house(child, head, address="House 5"), key="k")

    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json() == again.json()
    made = first.json()
    assert Household.objects.get().pk.hex == made["id"].replace("-", "")
    assert made["village"] == {"code": "16010101", "name_km": "ញ៉ាង", "name_en": "Nhang"}
    assert [m["given_name_latin"] for m in made["members"]] == ["Dara", "Bopha"]
    assert made["members"][0]["phone"] == "+85512345678"
    assert [m["disabled"] for m in made["members"]] == [True, False]
    assert [m["age"] for m in made["members"]] == [38, 11]


def test_everything_that_is_wrong_comes_back_each_with_its_field(
    village: Place, clerk_user: User, call: Call
) -> None:
    wrong = house(
        person(birth_date="2030-01-01", given_name_km="Dara"),
        person(phone="12", relation="child", identifiers={"national_id": "1"}),
    )

    answer = call(clerk_user, "post", "/households", wrong)

    assert (answer.status_code, answer.json()["code"]) == (422, "registry.answers_wrong")
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["field"]: error["code"] for error in answer.json()["errors"]} == {
        "members.0.birth_date": "registry.born_in_the_future",
        "members.0.given_name_km": "registry.name_not_khmer",
        "members.1.phone": "registry.phone_wrong",
        "members.1.identifiers.national_id": "registry.identifier_wrong_length",
    }
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (house(person(sex="unknown")), "body.members.0.sex"),
        (house(person(birth_date="2026-02-30")), "body.members.0.birth_date"),
        (house(person(nickname="D")), "body.members.0.nickname"),
        (house(village="Nhang"), "body.village"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused_by_field(
    village: Place, clerk_user: User, call: Call, body: dict[str, Any], field: str
) -> None:
    answer = call(clerk_user, "post", "/households", body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_village_that_is_not_known_is_not_found(
    places: dict[str, Place], clerk_user: User, call: Call
) -> None:
    assert call(clerk_user, "post", "/households", house(village="16010199")).status_code == 404


def test_likely_duplicates_are_shown_and_then_confirmed(
    family: Household, clerk_user: User, user_of: Callable[..., User], call: Call
) -> None:
    dara = Person.objects.get(given_name_latin="Dara")

    asked = call(clerk_user, "post", "/households", house(), key="k")
    confirmed = call(clerk_user, "post", "/households", house(not_duplicates=True), key="k")

    problem = asked.json()
    assert (asked.status_code, problem["code"]) == (409, "registry.likely_duplicates")
    [candidate] = problem["candidates"]
    assert candidate["member"] == 0
    [likely] = candidate["likely"]
    assert likely["where"] == "here"
    assert likely["person_id"] == str(dara.pk)
    assert likely["name_km"] == "សុខ ដារ៉ា"
    assert likely["village"]["code"] == "16010101"
    assert likely["likeness"] == 1.0
    assert confirmed.status_code == 201, confirmed.content


def test_of_a_likely_duplicate_elsewhere_only_the_district_is_told(
    family: Household, user_of: Callable[..., User], call: Call
) -> None:
    away = user_of(CLERK, "160201")

    asked = call(away, "post", "/households", house(village="16020101"))

    assert asked.status_code == 409
    [candidate] = asked.json()["candidates"]
    assert candidate["likely"] == [{"where": "elsewhere", "district": "1601", "likeness": 1.0}]
    assert "Dara" not in asked.content.decode()
    assert str(family.pk) not in asked.content.decode()


def test_a_member_who_joins_may_be_known_already(
    family: Household, clerk_user: User, call: Call
) -> None:
    body = {
        "kind": "add_member", "household_id": str(family.pk), "reason": "Came home",
        "proposal": {"because": "other", "member": person(relation="sibling")},
    }  # fmt: skip

    asked = call(clerk_user, "post", "/changes", body)

    assert (asked.status_code, asked.json()["code"]) == (409, "registry.likely_duplicates")
    assert asked.json()["candidates"][0]["likely"][0]["name_latin"] == "Sok Dara"


def test_a_household_is_read_as_of_any_day(
    family: Household, apply: Callable[..., ChangeRequest], clerk_user: User, call: Call
) -> None:
    moved = CARD_DAY + timedelta(days=10)
    apply("move", family, moved, village="16010102", address="House 7")

    def on(day: date) -> dict[str, Any]:
        return dict(call(clerk_user, "get", f"/households/{family.pk}", {"on": str(day)}).json())

    assert on(moved)["village"]["code"] == "16010102"
    before = on(moved - timedelta(days=1))
    assert (before["village"]["code"], before["address"]) == ("16010101", "")
    assert on(CARD_DAY - timedelta(days=1))["code"] == "registry.not_yet_registered"
    assert on(CHANGE_DAY + timedelta(days=1))["code"] == "registry.day_in_future"
    now = call(clerk_user, "get", f"/households/{family.pk}", {}).json()
    assert (now["on"], now["address"]) == (str(CHANGE_DAY), "House 7")


def test_reading_a_household_leaves_a_line(family: Household, clerk_user: User, call: Call) -> None:
    call(clerk_user, "get", f"/households/{family.pk}", {})
    call(clerk_user, "get", f"/households/{family.pk}/changes", {})

    lines = AuditEntry.objects.filter(kind="read", subject_id=str(family.pk))
    assert {line.actor for line in lines} == {clerk_user.username}
    assert lines.count() == 2


@pytest.mark.parametrize("path", ["/households/{home}", "/households/{home}/changes"])
def test_a_clerk_of_another_commune_is_refused_and_the_refusal_recorded(
    family: Household, user_of: Callable[..., User], call: Call, path: str
) -> None:
    other = user_of(CLERK, "160102")

    answer = call(other, "get", path.format(home=family.pk), {})

    assert (answer.status_code, answer.json()["code"]) == (403, "kernel.not_allowed")
    line = AuditEntry.objects.filter(kind="refusal").latest("id")
    assert (line.actor, line.action, line.area) == (
        other.username, "registry.view_household", "16010101",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["Sok Dara", "Dara Sok", "សុខ ដារ៉ា", "sok da", "SOKH DARA"])
def test_a_person_is_found_however_the_name_is_written(
    family: Household, clerk_user: User, call: Call, text: str
) -> None:
    found = call(clerk_user, "post", "/people/search", {"text": text}).json()["items"]

    assert [hit["name_latin"] for hit in found] == ["Sok Dara"]
    assert found[0]["household_id"] == str(family.pk)


def test_a_search_ends_at_the_edge_of_the_area(
    family: Household, user_of: Callable[..., User], call: Call
) -> None:
    answer = call(user_of(CLERK, "160102"), "post", "/people/search", {"text": "Sok Dara"})

    assert answer.json() == {"items": []}


def _move(home: Household) -> dict[str, Any]:
    return {
        "kind": "move", "household_id": str(home.pk), "reason": "They told us",
        "proposal": {"village": "16010102", "address": "House 7"},
    }  # fmt: skip


def test_two_people_take_a_change_from_proposal_to_its_undoing(
    family: Household, clerk_user: User, council_user: User, call: Call
) -> None:
    asked = call(clerk_user, "post", "/changes", _move(family))
    here = f"/changes/{asked.json()['id']}"
    waiting = call(council_user, "get", "/changes", {}).json()["items"]
    applied = call(council_user, "post", f"{here}/approve", {"note": "Seen"}).json()
    moved = call(clerk_user, "get", f"/households/{family.pk}", {}).json()
    undone = call(council_user, "post", f"{here}/reverse", {"reason": "They stayed"}).json()
    back = call(clerk_user, "get", f"/households/{family.pk}", {}).json()
    story = call(clerk_user, "get", f"/households/{family.pk}/changes", {}).json()["items"]

    assert asked.status_code == 201
    assert [change["id"] for change in waiting] == [asked.json()["id"]]
    assert (applied["state"], applied["decision_note"]) == ("applied", "Seen")
    assert applied["decided_by"] == council_user.username
    assert moved["village"]["code"] == "16010102"
    assert (undone["state"], undone["reversed_because"]) == ("reversed", "They stayed")
    assert back["village"]["code"] == "16010101"
    assert [(change["id"], change["state"]) for change in story] == [(undone["id"], "reversed")]


def test_who_proposes_does_not_decide(
    family: Household, user_of: Callable[..., User], call: Call
) -> None:
    officer, other = user_of(DISTRICT, "1601"), user_of(DISTRICT, "16")
    here = f"/changes/{call(officer, 'post', '/changes', _move(family)).json()['id']}"

    own = call(officer, "post", f"{here}/approve", {})

    assert (own.status_code, own.json()["code"]) == (403, "registry.decided_by_same_person")
    line = AuditEntry.objects.filter(kind="refusal").latest("id")
    assert (line.actor, line.action) == (officer.username, "registry.decided_by_same_person")
    assert call(officer, "get", "/changes", {}).json()["items"] == []
    assert call(other, "post", f"{here}/approve", {}).status_code == 200


def test_of_two_who_decide_the_second_is_told_who_came_first(
    family: Household, clerk_user: User, council_user: User, user_of: Callable[..., User],
    call: Call,
) -> None:  # fmt: skip
    here = f"/changes/{call(clerk_user, 'post', '/changes', _move(family)).json()['id']}"

    first = call(council_user, "post", f"{here}/approve", {})
    second = call(user_of(DISTRICT, "1601"), "post", f"{here}/reject", {"reason": "No"})

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "registry.already_decided"
    assert council_user.username in second.json()["detail"]


def test_only_who_proposed_a_change_withdraws_it(
    family: Household, clerk_user: User, user_of: Callable[..., User], call: Call
) -> None:
    here = f"/changes/{call(clerk_user, 'post', '/changes', _move(family)).json()['id']}"

    other = call(user_of(CLERK, "160101", name="another"), "post", f"{here}/withdraw", {})
    own = call(clerk_user, "post", f"{here}/withdraw", {})

    assert (other.status_code, other.json()["code"]) == (403, "registry.not_your_proposal")
    assert (own.status_code, own.json()["state"]) == (200, "withdrawn")


def test_a_change_tells_by_field_what_is_wrong_with_it(
    family: Household, clerk_user: User, call: Call
) -> None:
    body = _move(family) | {"proposal": {"address": "x", "why": "y"}}

    answer = call(clerk_user, "post", "/changes", body)

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"village", "why"}


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "move", "reason": "x", "proposal": {}},
        {"kind": "other", "person_id": "x", "reason": "x", "proposal": {}},
        {"kind": "move", "reason": "", "proposal": {}},
    ],
)
def test_a_change_to_nothing_is_refused(clerk_user: User, call: Call, body: dict[str, Any]) -> None:
    assert call(clerk_user, "post", "/changes", body).status_code == 422


def test_text_that_no_database_can_hold_is_refused(
    family: Household, clerk_user: User, call: Call
) -> None:
    body = _move(family) | {"proposal": {"village": "16010102", "address": "a\x00"}}

    assert call(clerk_user, "post", "/changes", body).status_code == 422


def test_waiting_changes_are_read_by_cursor_oldest_first(
    family: Household, clerk_user: User, council_user: User, call: Call
) -> None:
    first = call(clerk_user, "post", "/changes", _move(family)).json()["id"]
    second = call(clerk_user, "post", "/changes", _move(family)).json()["id"]

    page = call(council_user, "get", "/changes", {"limit": 1}).json()
    rest = call(council_user, "get", "/changes", {"limit": 1, "cursor": page["next"]}).json()

    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [first, second]
    assert rest["next"] is None


@pytest.fixture
def pair(family: Household) -> DuplicatePair:
    first, second = sorted(row.person_id for row in family.memberships.all())
    return DuplicatePair.objects.get_or_create(
        first_id=first, second_id=second, defaults={"likeness": "0.900"}
    )[0]


def test_a_pair_is_shown_and_called_two_people_once(
    pair: DuplicatePair, user_of: Callable[..., User], call: Call
) -> None:
    officer = user_of(DISTRICT, "1601")

    listed = call(officer, "get", "/duplicates", {}).json()["items"]
    said = call(officer, "post", f"/duplicates/{pair.pk}/different", {})
    again = call(officer, "post", f"/duplicates/{pair.pk}/different", {})

    assert [(row["id"], row["likeness"]) for row in listed] == [(str(pair.pk), 0.9)]
    assert {listed[0][side]["name_latin"] for side in ("first", "second")} == {
        "Sok Dara", "Sok Bopha",
    }  # fmt: skip
    assert (said.json()["state"], said.json()["decided_by"]) == ("different", officer.username)
    assert (again.status_code, again.json()["code"]) == (409, "registry.pair_decided_already")
    assert call(officer, "get", "/duplicates", {}).json()["items"] == []


def test_a_pair_across_two_districts_is_shown_to_each_with_its_own_side(
    family: Household, user_of: Callable[..., User], call: Call
) -> None:
    away = call(user_of(CLERK, "160201"), "post", "/households",
                house(village="16020101", not_duplicates=True)).json()  # fmt: skip
    dara = Person.objects.get(given_name_latin="Dara", memberships__household=family)
    ids = sorted([str(dara.pk), away["members"][0]["person_id"]])
    DuplicatePair.objects.get_or_create(
        first_id=ids[0], second_id=ids[1], defaults={"likeness": "0.9"}
    )

    for area, other in (("1601", "1602"), ("1602", "1601")):
        [row] = call(user_of(DISTRICT, area), "get", "/duplicates", {}).json()["items"]
        sides = {row[side]["where"]: row[side] for side in ("first", "second")}
        assert sides["elsewhere"]["district"] == other
        assert sides["here"]["village"]["code"].startswith(area)
