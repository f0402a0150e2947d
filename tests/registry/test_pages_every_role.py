"""Each page of the registry answers each role: in its own area, and in another's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.registry import actions
from spean.registry.forms.changes import FORMS
from spean.registry.models import ChangeRequest, DuplicatePair, Household
from tests.registry.conftest import CARD_DAY

CARE = {
    "health_worker", "village_health_volunteer", "health_district_officer", "health_record_system",
}  # fmt: skip
SEE = CARE | {
    "enumerator", "village_representative", "commune_clerk", "commune_council",
    "district_officer", "auditor", "facility_clerk",
}  # fmt: skip
PROPOSE = {"enumerator", "commune_clerk", "district_officer"}
# Page: the roles that may open it. What is not named is refused.
PAGES = {
    "/people": {
        "enumerator", "commune_clerk", "commune_council", "district_officer", "auditor",
        "facility_clerk",
    },
    "/households/new": {"commune_clerk", "facility_clerk"},
    "/changes": {"commune_council", "district_officer"},
    "/duplicates": {"district_officer"},
}  # fmt: skip
OF_A_HOUSEHOLD = {
    "": SEE,
    "?on=2026-11-23": SEE,
    "/changes/new": PROPOSE,
    **{f"/changes/new/{kind}": PROPOSE for kind in FORMS},
}
# Address and what is sent: who gets past the door (302: done; 200: shown again).
OF_A_PAIR = {
    "/duplicates/{pair}/different": {"district_officer"},
    "/duplicates/{pair}/merge": {"district_officer"},
}
OWN = {"village_representative": "16010101", "district_officer": "1601"}


@pytest.fixture
def pair(family: Household, new_member: Callable[..., Any], system: Actor) -> DuplicatePair:
    """Register Sok Dara a second time, and say that he is another."""
    actions.register_household(
        village=family.village, address="", phone="", members=[new_member()], by=system,
        on=CARD_DAY, not_duplicates=True,
    )  # fmt: skip
    return DuplicatePair.objects.get()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_each_role(
    client_of: Callable[..., Client], places: object, page: str, role: str
) -> None:
    answer = client_of(role, OWN.get(role, "160101")).get(page)

    assert answer.status_code == (200 if role in PAGES[page] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", OF_A_HOUSEHOLD)
def test_a_households_pages_answer_each_role_in_its_own_area(
    client_of: Callable[..., Client], family: Household, page: str, role: str
) -> None:
    answer = client_of(role, OWN.get(role, "160101")).get(f"/households/{family.pk}{page}")

    assert answer.status_code == (200 if role in OF_A_HOUSEHOLD[page] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", OF_A_HOUSEHOLD)
def test_a_households_pages_are_closed_to_every_role_of_another_area(
    client_of: Callable[..., Client], family: Household, page: str, role: str
) -> None:
    answer = client_of(role, "1602").get(f"/households/{family.pk}{page}")

    assert answer.status_code == 403
    assert "ដារ៉ា" not in answer.content.decode()
    assert AuditEntry.objects.filter(kind="refusal", actor=f"{role}_1602").exists()


@pytest.mark.parametrize("area", ["own", "1602"])
@pytest.mark.parametrize("role", ROLES)
def test_a_change_is_shown_to_whom_its_household_is_shown(
    client_of: Callable[..., Client], family: Household, propose: Any, role: str, area: str
) -> None:
    change = propose("correct_household", family, CARD_DAY, address="ផ្ទះលេខ ៥")
    mine = OWN.get(role, "160101") if area == "own" else area

    answer = client_of(role, mine).get(f"/changes/{change.pk}")

    assert answer.status_code == (200 if role in SEE and area == "own" else 403)
    decides = {"commune_council", "district_officer"}
    offered = b'value="approve"' in answer.content
    assert offered == (role in decides and area == "own")


@pytest.mark.parametrize("area", ["own", "1602"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", OF_A_PAIR)
def test_only_the_district_of_one_of_the_records_decides_on_a_pair(
    client_of: Callable[..., Client], pair: DuplicatePair, page: str, role: str, area: str
) -> None:
    mine = OWN.get(role, "160101") if area == "own" else area

    answer = client_of(role, mine).post(page.format(pair=pair.pk), {"keep": "first"})

    pair.refresh_from_db()
    if role not in OF_A_PAIR[page]:
        assert answer.status_code == 403
    elif area == "own":
        assert answer.status_code == 302
    else:
        assert answer.status_code in {403, 404}
    touched = pair.state != "open" or ChangeRequest.objects.exists()
    assert touched == (answer.status_code == 302)


def _propose(clerk: Client, family: Household, kind: str, **given: Any) -> ChangeRequest:
    form = {"effective_on": str(family.registered_on), "reason": "told by the village chief"}
    page = clerk.post(f"/households/{family.pk}/changes/new/{kind}", form | given)
    assert page.status_code == 302, page.context["form"].errors
    return ChangeRequest.objects.latest("proposed_at")


def test_a_change_is_proposed_decided_by_another_and_reversed(
    client_of: Callable[..., Client], family: Household
) -> None:
    clerk, council = client_of("commune_clerk", "160101"), client_of("commune_council", "160101")
    change = _propose(clerk, family, "correct_household", address="ផ្ទះលេខ ៥", phone="012345678")
    page = f"/changes/{change.pk}"
    own = clerk.post(page, {"answer": "approve", "note": ""})
    assert own.status_code == 403
    family.refresh_from_db()
    assert family.phone == ""

    council.post(page, {"answer": "approve", "note": ""})
    family.refresh_from_db()
    assert family.phone == "+85512345678"
    second = council.post(page, {"answer": "reject", "note": "too late"})
    assert "Look at it again" in second.content.decode()

    council.post(page, {"answer": "reverse", "note": "a mistake"})
    family.refresh_from_db()
    change.refresh_from_db()
    assert (family.phone, change.state) == ("", "reversed")


def test_a_form_says_all_that_is_wrong_beside_its_fields(
    client_of: Callable[..., Client], places: object
) -> None:
    clerk = client_of("commune_clerk", "160101")
    form = {
        "village": "16010101",
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-0-relation": "head",
        "members-0-given_name_km": "Dara",
        "members-0-sex": "male",
        "members-0-birth_date": "2099-01-01",
        "members-0-birth_date_precision": "exact",
        "members-0-health_id": "00000000112",
    }

    english = clerk.post("/households/new", form).content.decode()
    clerk.cookies["spean_language"] = "km"
    khmer = clerk.post("/households/new", form).content.decode()

    assert not Household.objects.exists()
    for field in ("given_name_km", "birth_date", "health_id"):
        assert f'id="id_members-0-{field}_error"' in english
        assert f'id="id_members-0-{field}_error"' in khmer
    assert "future" in english
    assert "future" not in khmer


def test_what_is_searched_for_is_found_and_never_stands_in_an_address(
    client_of: Callable[..., Client], family: Household
) -> None:
    clerk = client_of("commune_clerk", "160101")

    for said in ("Sok Dara", "Dara Sok", "សុខ ដារ៉ា", "dar"):
        assert "ដារ៉ា" in clerk.post("/people", {"q": said}).content.decode()
    assert "ដារ៉ា" not in clerk.get("/people", {"q": "Sok Dara"}).content.decode()


def test_whom_a_clerk_calls_another_person_the_district_looks_at_and_merges(
    client_of: Callable[..., Client],
    pair: DuplicatePair,
) -> None:
    district = client_of("district_officer", "1601")
    assert district.get("/duplicates").content.decode().count("ដារ៉ា") == 2

    district.post(f"/duplicates/{pair.pk}/merge", {"keep": "first"})
    change = ChangeRequest.objects.get(kind="merge_people")
    decided = client_of("commune_council", "160101").post(
        f"/changes/{change.pk}", {"answer": "approve", "note": ""}
    )
    assert decided.status_code == 302, decided.context["form"].errors

    pair.refresh_from_db()
    pair.second.refresh_from_db()
    assert (pair.state, pair.second.merged_into_id) == ("merged", pair.first_id)
