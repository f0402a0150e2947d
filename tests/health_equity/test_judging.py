"""A month is judged while one waits, or as long work that can be followed, stopped and resumed."""

from collections.abc import Callable

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.health_equity.actions import judging
from spean.health_equity.models import Claim
from spean.kernel import runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import LongRun
from tests.calls import post
from tests.health_equity.conftest import DAY

API = "health_equity/claims/judge"


@pytest.fixture
def many(claim_of: Callable[..., Claim], monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """Give three claims that wait, where more than two are many."""
    monkeypatch.setattr(judging, "IN_REQUEST", 2)
    return [claim_of() for _ in range(3)]


def test_few_claims_are_judged_at_once(
    claim_of: Callable[..., Claim], client_of: Callable[..., Client]
) -> None:
    claim_of()

    answer = post(client_of("claims_reviewer"), API, {})

    assert (answer.status_code, answer.json()) == (200, {"outcomes": {"accepted": 1}})
    assert not LongRun.objects.exists()


def test_many_are_put_in_the_queue_by_who_may_judge_and_shown_on_the_page(
    many: list[Claim], client_of: Callable[..., Client]
) -> None:
    client = client_of("claims_reviewer")

    done = client.post("/claims/judge", {"facility": "", "month": DAY.replace(day=1).isoformat()})

    run = LongRun.objects.get()
    assert (done["Location"], run.kind, run.parameters) == (
        "/claims/judge", "claims", {"on": "2026-03-01"})  # fmt: skip
    assert Claim.objects.filter(state="submitted").count() == 3
    assert "hx-get" in client.get("/claims/judge").content.decode()
    assert client.get("/claims/judge/runs").context["any_open"]
    again = post(client, API, {})
    assert (again.status_code, again.json()["code"]) == (409, "kernel.run_already_open")


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_stopped_goes_on_and_judges_each_once(
    many: list[Claim], client_of: Callable[..., Client]
) -> None:
    client = client_of("claims_reviewer")
    run = post(client, API, {}).json()
    assert run["state"] == "waiting"

    stopped = post(client, f"{API}/runs/{run['id']}/cancel").json()
    assert stopped["state"] == "cancelled"
    assert client.post(f"/claims/judge/runs/{run['id']}/resume").status_code == 302
    runs.carry_out(LongRun.objects.get().pk)

    (shown,) = client.get(f"/api/v1/{API}/runs").json()["items"]
    assert (shown["state"], shown["outcomes"]) == ("done", {"accepted": 1, "rejected": 2})
    page = client.post(f"/claims/judge/runs/{run['id']}/cancel", follow=True)
    assert "already over" in page.content.decode()


def test_who_judges_starts_no_other_long_work(actor: Callable[..., Actor]) -> None:
    reviewer = actor("claims_reviewer", "", Purpose.PAYMENT)

    with pytest.raises(NotAllowed):
        runs.start(kind="snapshot", parameters={}, by=reviewer)
    with pytest.raises(NotAllowed):
        runs.runs_of("snapshot", by=reviewer)
    with pytest.raises(NotAllowed):
        runs.start(kind="nothing", parameters={}, by=reviewer)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    many: list[Claim], client_of: Callable[..., Client], role: str
) -> None:
    client, may = client_of(role), role == "claims_reviewer"
    run = LongRun.objects.create(kind="claims", started_by="t")
    below = f"{API}/runs/{run.pk}"

    for address in ("/claims/judge", "/claims/judge/runs", f"/api/v1/{API}/runs"):
        assert client.get(address).status_code == (200 if may else 403)
    assert post(client, API, {}).status_code == (409 if may else 403)
    assert post(client, f"{below}/cancel").status_code == (200 if may else 403)
    assert post(client, f"{below}/resume").status_code == (200 if may else 403)
    for what in ("cancel", "resume"):
        done = client.post(f"/claims/judge/runs/{run.pk}/{what}")
        assert done.status_code == (302 if may else 403)
