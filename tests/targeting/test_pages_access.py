"""Every page, every role, in its own area and in another: 200 where the table says so, else 403."""

from collections.abc import Callable
from typing import Any

import pytest

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.targeting import actions
from tests.targeting.conftest import DAY, SignIn

NATIONAL = "national_registry_officer"
REP, CLERK, COUNCIL, DISTRICT = (
    "village_representative", "commune_clerk", "commune_council", "district_officer",
)  # fmt: skip
FIELD = {REP, CLERK, COUNCIL, DISTRICT}
HERE = {REP: "16010101", CLERK: "160101", COUNCIL: "160101"}
THERE = {REP: "16020101", CLERK: "160201", COUNCIL: "160201"}
PAGES: dict[str, set[str]] = {
    "/assessments": FIELD | {"enumerator", "auditor"},
    "/assessments/{case}": FIELD | {"enumerator", "auditor"},
    "/assessments/{case}/letter.pdf": FIELD | {"enumerator"},
    "/assessments/{case}/interview": {"enumerator", CLERK},
    "/assessments/{case}/refuse": {CLERK},
    "/assessments/{case}/withdraw": {"enumerator", REP, CLERK},
    "/assessments/{case}/review": {REP},
    "/assessments/{case}/display": {CLERK},
    "/assessments/{case}/decision": {COUNCIL},
    "/assessments/{case}/check": {DISTRICT},
    "/households/{household}/request": {"enumerator", REP, CLERK},
    "/households/{household}/reinterview": {DISTRICT},
    "/complaints": FIELD,
    "/complaints/new": {REP, CLERK, DISTRICT},
    "/complaints/new?household={household}": {REP, CLERK, DISTRICT},
    "/complaints/{complaint}": FIELD,
    "/complaints/{about_staff}": {DISTRICT},
    "/rounds": {DISTRICT},
    "/rounds/new": {DISTRICT},
    "/rounds/{round}": {DISTRICT},
    "/dashboard": {CLERK, COUNCIL, DISTRICT, "analyst", "auditor", NATIONAL},
    "/dashboard?area=160101": {CLERK, COUNCIL, DISTRICT, "analyst", "auditor", NATIONAL},
}
# These show the reader's own area, whichever it is.
ANYWHERE = {
    "/assessments",
    "/complaints",
    "/complaints/new",
    "/rounds",
    "/rounds/new",
    "/dashboard",
}


@pytest.fixture
def records(
    case_at: Callable[..., Any], people: dict[str, Actor], system: Actor
) -> dict[str, object]:
    """Give one of everything that has a page, all of Nhang."""
    case = case_at("interviewed")
    common: dict[str, Any] = {"channel": "app", "text": "x", "by": system, "on": DAY}
    about_level = actions.lodge_complaint(
        kind="exclusion", household_id=case.household_id, **common
    )
    about_staff = actions.lodge_complaint(kind="staff", household_id=case.household_id, **common)
    planned = actions.plan_round(
        name="x",
        village_codes=["16010101"],
        starts_on=DAY,
        ends_on=DAY,
        by=people["district"],
        on=DAY,
    )
    return {
        "case": case.pk,
        "household": case.household_id,
        "complaint": about_level.pk,
        "about_staff": about_staff.pk,
        "round": planned.pk,
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_pages_at_home_and_no_other(
    records: dict[str, object], sign_in: SignIn, role: str
) -> None:
    client = sign_in(role, HERE.get(role, "1601"))

    answers = {page: client.get(page.format(**records)).status_code for page in PAGES}

    assert answers == {page: 200 if role in may else 403 for page, may in PAGES.items()}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_opens_a_record_of_another_area_by_its_address(
    records: dict[str, object], sign_in: SignIn, role: str
) -> None:
    client = sign_in(role, THERE.get(role, "1602"))

    answers = {page: client.get(page.format(**records)).status_code for page in PAGES}

    assert answers == {
        page: 200 if page in ANYWHERE and role in may else 403 for page, may in PAGES.items()
    }


def test_an_address_of_another_area_leaves_a_trace(
    records: dict[str, object], sign_in: SignIn
) -> None:
    sign_in(CLERK, "160201").get(f"/assessments/{records['case']}")

    refused = AuditEntry.objects.filter(kind="refusal").get()
    assert (refused.actor, refused.area) == ("commune_clerk_160201", "16010101")


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(records: dict[str, object], client: Any, page: str) -> None:
    answer = client.get(page.format(**records))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", sorted(set(ROLES) - {DISTRICT}))
def test_only_the_district_closes_a_round(
    records: dict[str, object], sign_in: SignIn, role: str
) -> None:
    client = sign_in(role, HERE.get(role, "1601"))

    assert client.post(f"/rounds/{records['round']}/close").status_code == 403


@pytest.mark.parametrize("role", sorted(set(ROLES) - {COUNCIL, DISTRICT}))
def test_only_the_council_and_the_district_answer_complaints(
    records: dict[str, object], sign_in: SignIn, role: str
) -> None:
    client = sign_in(role, HERE.get(role, "1601"))
    sent = {"version": 1, "upheld": "no", "answer": "x"}

    assert client.post(f"/complaints/{records['complaint']}", sent).status_code == 403


@pytest.mark.parametrize("role", sorted(FIELD | {"auditor"}))
def test_a_case_offers_only_links_that_its_reader_may_follow(
    records: dict[str, object], sign_in: SignIn, links_of: Callable[[str], set[str]], role: str
) -> None:
    client = sign_in(role, HERE.get(role, "1601"))
    page = client.get(f"/assessments/{records['case']}").content.decode()

    ours = {link for link in links_of(page) if link.startswith(("/assess", "/complaints"))}
    refused = {link for link in ours if client.get(link).status_code != 200}

    assert ours
    assert refused == set()


def test_complaints_about_staff_stay_hidden_from_the_commune_on_the_page_of_the_case(
    records: dict[str, object], sign_in: SignIn
) -> None:
    address = f"/assessments/{records['case']}"

    commune = sign_in(CLERK, "160101").get(address).content.decode()
    district = sign_in(DISTRICT, "1601").get(address).content.decode()

    assert str(records["about_staff"]) not in commune
    assert str(records["about_staff"]) in district
