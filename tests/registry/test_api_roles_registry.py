"""For each operation of the registry's API, what every role gets: in its own area and in another.

The table answers for every role: who is not named in `may` is refused.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from spean.config.roles import ROLES
from spean.kernel.models import User
from spean.registry.models import ChangeRequest, DuplicatePair, Household
from tests.registry.api_calls import Call
from tests.registry.conftest import CARD_DAY

pytestmark = pytest.mark.django_db
REP, CLERK, COUNCIL, DISTRICT, AUDITOR, FACILITY = (
    "village_representative", "commune_clerk", "commune_council", "district_officer", "auditor",
    "facility_clerk",
)  # fmt: skip
SEE = {"enumerator", REP, CLERK, COUNCIL, DISTRICT, AUDITOR, FACILITY}
SEARCH = SEE - {REP}
NEW: dict[str, Any] = {
    "village": "16010101",
    "members": [
        {"given_name_latin": "Veasna", "sex": "male", "birth_date": "1970-05-05",
         "relation": "head"},
    ],
}  # fmt: skip
MOVE = {"kind": "move", "household_id": "{home}", "reason": "So", "proposal": {"village": "16010102"}}  # noqa: E501  # fmt: skip

# Operation: method, path, body, the roles that may, and their answers here and in another area.
OPERATIONS: list[tuple[str, str, dict[str, Any], set[str], int, int]] = [
    ("post", "/households", NEW, {CLERK, FACILITY}, 201, 403),
    ("get", "/households/{home}", {}, SEE, 200, 403),
    ("get", "/households/{home}/changes", {}, SEE, 200, 403),
    ("post", "/people/search", {"text": "Sok Dara"}, SEARCH, 200, 200),
    ("get", "/changes", {}, {COUNCIL, DISTRICT}, 200, 200),
    ("post", "/changes", MOVE, {"enumerator", CLERK, DISTRICT}, 201, 403),
    ("get", "/changes/{waiting}", {}, SEE, 200, 403),
    ("post", "/changes/{waiting}/approve", {}, {COUNCIL, DISTRICT}, 200, 403),
    ("post", "/changes/{waiting}/reject", {"reason": "No"}, {COUNCIL, DISTRICT}, 200, 403),
    # Only who proposed it may withdraw it, so even those with the permission are refused here.
    ("post", "/changes/{waiting}/withdraw", {}, {CLERK, DISTRICT}, 403, 403),
    ("post", "/changes/{applied}/reverse", {"reason": "No"}, {COUNCIL, DISTRICT}, 200, 403),
    ("get", "/duplicates", {}, {DISTRICT}, 200, 200),
    ("post", "/duplicates/{pair}/different", {}, {DISTRICT}, 200, 403),
]  # fmt: skip
NAMES = [f"{method} {path}" for method, path, *_ in OPERATIONS]
OWN = {REP: "16010101", CLERK: "160101", COUNCIL: "160101", DISTRICT: "1601", AUDITOR: ""}
ELSEWHERE = {REP: "16020101", CLERK: "160201", COUNCIL: "160201", DISTRICT: "1602", AUDITOR: "1602"}


@pytest.fixture(autouse=True)
def _no_throttle(db: None) -> None:
    cache.clear()


@pytest.fixture
def keys(
    family: Household, propose: Callable[..., ChangeRequest], apply: Callable[..., ChangeRequest]
) -> dict[str, str]:
    """Make one of everything in the village of Nhang, the changes proposed by another clerk."""
    first, second = sorted(row.person_id for row in family.memberships.all())
    pair = DuplicatePair.objects.get_or_create(
        first_id=first, second_id=second, defaults={"likeness": "0.900"}
    )[0]
    applied = apply("correct_household", family, CARD_DAY, address="House 5")
    waiting = propose("correct_household", family, CARD_DAY, phone="012345678")
    made = {"home": family, "applied": applied, "waiting": waiting, "pair": pair}
    return {name: str(row.pk) for name, row in made.items()}


def _filled(value: Any, keys: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, keys) for name, part in value.items()}
    for name, key in keys.items():
        value = value.replace(f"{{{name}}}", key) if isinstance(value, str) else value
    return value


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "body", "may", "here", "there"), OPERATIONS, ids=NAMES)
def test_every_role_has_its_answer_here_and_elsewhere(
    method: str, path: str, body: dict[str, Any], may: set[str], here: int, there: int,
    role: str, keys: dict[str, str], user_of: Callable[..., User], call: Call,
) -> None:  # fmt: skip
    path, body = _filled(path, keys), _filled(body, keys)

    away = call(user_of(role, ELSEWHERE.get(role, "1602"), name="away"), method, path, body)
    at_home = call(user_of(role, OWN.get(role, ""), name="at_home"), method, path, body)

    expected = (here, there) if role in may else (403, 403)
    assert (at_home.status_code, away.status_code) == expected, at_home.content
    if role in may and away.status_code == 200:
        assert away.json()["items"] == []
    if "items" in at_home.json() and here == 200 and role in may:
        assert at_home.json()["items"] != []


def test_nobody_is_answered_without_signing_in(keys: dict[str, str], call: Call) -> None:
    answers = {
        call(None, method, _filled(path, keys), _filled(body, keys)).status_code
        for method, path, body, *_ in OPERATIONS
    }

    assert answers == {401}


def test_what_is_not_there_is_not_found(user_of: Callable[..., User], call: Call) -> None:
    nothing = "00000000-0000-7000-8000-000000000000"
    keys = dict.fromkeys(("home", "waiting", "applied", "pair"), nothing)
    user = {role: user_of(role, "") for role in (CLERK, COUNCIL, DISTRICT)}
    answers = {
        name: call(
            user[CLERK] if CLERK in may else user[COUNCIL] if COUNCIL in may else user[DISTRICT],
            method, _filled(path, keys), _filled(body, keys),
        ).status_code
        for name, (method, path, body, may, *_) in zip(NAMES, OPERATIONS, strict=True)
        if "{" in path
    }  # fmt: skip

    assert set(answers.values()) == {404}, answers
