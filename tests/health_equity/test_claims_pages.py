"""Who sees and does what with claims, on the pages and over the API."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.health_equity import actions
from spean.health_equity.models import Claim
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.locations.models import Facility
from tests.calls import post
from tests.health_equity.conftest import DAY

API = "health_equity/claims"
CLERKS, REVIEWERS = (
    {"facility_clerk", "facility_chief", "health_record_system"},
    {"claims_reviewer"},
)
SEE = CLERKS | REVIEWERS | {"claims_verifier", "certification_chief", "auditor"}
ONE = {"external": "A1", "scheme": "hef", "came_on": "2026-03-10", "left_on": "2026-03-10",
       "diagnoses": ["A09"], "lines": [{"service": "outpatient", "on": "2026-03-10",
                                        "asked": 4000}]}  # fmt: skip


@pytest.fixture
def rejected(claim_of: Callable[..., Claim], system: Actor) -> Claim:
    """Give a claim of Nhang that was rejected today."""
    claim = claim_of(diagnoses=["x"])
    actions.adjudicate(claim_ids=[claim.pk], by=system, on=date.today())
    return claim


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(
    rejected: Claim, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    seen = ["/claims", "/claims/export", f"/claims/{rejected.pk}", f"/api/v1/{API}",
            f"/api/v1/{API}/{rejected.pk}"]  # fmt: skip
    clerks = ["/claims/build", "/claims/file", "/claims/file/model"]
    reviewers = ["/claims/review", "/claims/judge"]
    missing = [f"/claims/{uuid4()}", f"/api/v1/{API}/{uuid4()}"]
    expected = {
        **dict.fromkeys(seen, 200 if role in SEE else 403),
        **dict.fromkeys(missing, 404 if role in SEE else 403),
        **dict.fromkeys(clerks, 200 if role in CLERKS else 403),
        **dict.fromkeys(reviewers, 200 if role in REVIEWERS else 403),
    }

    assert {address: client.get(address).status_code for address in expected} == expected


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    rejected: Claim, facility_of: Callable[..., Facility], client_of: Callable[..., Client],
    role: str,
) -> None:  # fmt: skip
    client, facility = client_of(role), facility_of().code
    month = {"facility": facility, "month": "2026-03-01"}
    asked = [
        (CLERKS, 201, API, {"facility": facility, "claims": [ONE]}),
        (CLERKS, 201, f"{API}/build", month),
        (CLERKS, 201, f"{API}/{rejected.pk}/appeals", {"text": "Look at the file"}),
        (CLERKS, 200, f"{API}/{rejected.pk}/withdraw", {"reason": "wrong"}),
        (REVIEWERS, 200, f"{API}/judge", month),
        (REVIEWERS, 201, f"{API}/{rejected.pk}/judgements",
         {"amounts": {"1": 4000}, "reason": "A09 was meant"}),
        (REVIEWERS, 404, f"health_equity/appeals/{uuid4()}/answer",
         {"upheld": False, "answer": "No"}),
    ]  # fmt: skip
    for may, status, address, body in asked:
        answer = post(client, address, body)
        assert answer.status_code == (status if role in may else 403), (address, answer.content)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_presses_the_buttons_it_has(
    rejected: Claim, facility_of: Callable[..., Facility], client_of: Callable[..., Client],
    role: str,
) -> None:  # fmt: skip
    client, facility = client_of(role), facility_of().code
    form = {"facility": facility, "month": date.today().replace(day=1).isoformat(),
            "line_1": "4000", "reason": "r", "text": "t"}  # fmt: skip
    buttons = {
        "/claims/build": (CLERKS, 302),
        "/claims/file": (CLERKS, 422),
        f"/claims/{rejected.pk}/appeal": (CLERKS, 302),
        f"/claims/{rejected.pk}/withdraw": (CLERKS, 302),
        "/claims/judge": (REVIEWERS, 302),
        f"/claims/{rejected.pk}/override": (REVIEWERS, 302),
        f"/claims/appeals/{uuid4()}/answer": (REVIEWERS, 404),
    }
    for address, (may, status) in buttons.items():
        assert client.post(address, form).status_code == (status if role in may else 403), address


@pytest.fixture
def elsewhere(claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]) -> Claim:
    """Give a claim of a facility in another district."""
    return claim_of(facility=facility_of("HC2", place="16020101"), patient="Nobody")


def test_nothing_of_another_area_is_shown_counted_listed_or_fetched(
    rejected: Claim, elsewhere: Claim, client_of: Callable[..., Client]
) -> None:
    client = client_of("facility_clerk", "1601")

    page = client.get("/claims")
    listed = client.get("/claims?facility=HC2&month=&scheme=&state=")
    fetched = b"".join(client.get("/claims/export").streaming_content).decode()
    api = client.get(f"/api/v1/{API}").json()

    assert [row.pk for row in page.context["rows"]] == [rejected.pk]
    assert sum(count for _, _, count, *_ in page.context["states"]) == 1
    assert "HC2" not in page.content.decode()
    assert elsewhere.number not in listed.content.decode()
    assert elsewhere.number not in fetched
    assert rejected.number in fetched
    assert [one["number"] for one in api["items"]] == [rejected.number]
    for address in (f"/claims/{elsewhere.pk}", f"/api/v1/{API}/{elsewhere.pk}"):
        assert client.get(address).status_code == 403
    for address in (f"{API}/{elsewhere.pk}/appeals", f"{API}/{elsewhere.pk}/withdraw"):
        body: dict[str, Any] = {"text": "t"} if "appeals" in address else {"reason": "r"}
        assert post(client, address, body).status_code == 403


def test_each_read_of_a_claim_and_each_export_is_on_the_audit_trail(
    rejected: Claim, client_of: Callable[..., Client]
) -> None:
    client = client_of("auditor")

    client.get(f"/claims/{rejected.pk}")
    b"".join(client.get("/claims/export").streaming_content)

    actions_seen = AuditEntry.objects.filter(kind="read").values_list("action", flat=True)
    assert list(actions_seen.order_by("id")) == [
        "health_equity.read_claim", "health_equity.export_claims"]  # fmt: skip


def test_the_number_of_queries_of_the_list_does_not_grow(
    claim_of: Callable[..., Claim], client_of: Callable[..., Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for _ in range(12):
        claim_of()
    client = client_of("auditor")

    with django_assert_max_num_queries(20):
        client.get("/claims")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "A diagnosis is not a code of ICD-10"), ("km", "រោគវិនិច្ឆ័យ")],
)
def test_a_claim_says_why_in_the_readers_language(
    rejected: Claim, client_of: Callable[..., Client], language: str, said: str
) -> None:
    page = client_of("auditor", language=language).get(f"/claims/{rejected.pk}")

    assert said in page.content.decode()


def test_the_api_explains_in_both_languages_with_the_policy(
    claim_of: Callable[..., Claim], client_of: Callable[..., Client], system: Actor
) -> None:
    claim = claim_of({"asked": 5000})
    actions.adjudicate(claim_ids=[claim.pk], by=system, on=DAY)

    body = client_of("auditor").get(f"/api/v1/{API}/{claim.pk}").json()

    (reason,) = body["judgements"][0]["lines"][0]["reasons"]
    assert (reason["code"], reason["effect"], reason["policy"], reason["since"]) == (
        "over_fee", "reduce", "health_equity.fees.hef", "2019-01-01")  # fmt: skip
    assert reason["km"] != reason["en"]


def test_a_refused_claim_is_told_by_its_place_in_both_languages(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client]
) -> None:
    client, body = client_of("facility_clerk", "1601"), {"facility": facility_of().code}
    many = ONE | {"external": "A2", "lines": ONE["lines"] * 10_000}

    answer = post(client, API, body | {"claims": [ONE, many]}).json()
    again = post(client, API, body | {"claims": [ONE]}).json()

    assert [one["external"] for one in answer["kept"]] == ["A1"]
    assert [(one["place"], one["code"]) for one in answer["refused"]] == [
        (1, "health_equity.lines_impossible")]  # fmt: skip
    assert answer["refused"][0]["km"] != answer["refused"][0]["en"]
    assert again["again"] == answer["kept"]


def test_an_appeal_is_made_and_answered_on_the_pages(
    rejected: Claim, client_of: Callable[..., Client]
) -> None:
    clerk, reviewer = client_of("facility_clerk", "1601"), client_of("claims_reviewer")
    clerk.post(f"/claims/{rejected.pk}/appeal", {"text": "A09 stands in the file"})

    assert [one.pk for one in reviewer.get("/claims/review").context["rows"]] == [rejected.pk]
    shown = reviewer.get(f"/claims/{rejected.pk}")
    appeal = shown.context["open_appeal"]
    refused = reviewer.post(f"/claims/appeals/{appeal.pk}/answer", {"line_1": "9999"})
    answered = reviewer.post(f"/claims/appeals/{appeal.pk}/answer",
                             {"upheld": "yes", "line_1": "៤០០០", "reason": "Seen"})  # fmt: skip

    rejected.refresh_from_db()
    assert (refused.status_code, answered.status_code) == (422, 302)
    assert (rejected.state, rejected.amount) == ("accepted", 4000)


@pytest.mark.parametrize("address", ["/claims/build", "/claims/file"])
def test_a_facility_is_asked_for_where_one_is_needed(
    facility_of: Callable[..., Facility], client_of: Callable[..., Client], address: str
) -> None:
    facility_of()
    client = client_of("facility_clerk", "1601")
    client.get("/claims")

    page = client.post(address, {"month": "", "facility": ""})

    assert page.status_code == 422
    assert "facility" in page.context["form"].errors
