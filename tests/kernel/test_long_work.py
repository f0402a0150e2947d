"""Long work: one of a kind at a time, cancelled, resumed, taken up again after a killed worker."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.kernel import jobs, runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import N_, NotAllowed, SpeanError
from spean.kernel.models import AuditEntry, LongRun
from spean.kernel.runs import Kind, Progress


class Wrong(SpeanError):
    """Refuse for the test's sake."""

    code = "test.wrong"
    message = N_("Sign in first.")


def _count(progress: Progress) -> dict[str, Any]:
    reached = progress.checkpoint.get("reached", 0)
    for n in range(reached, 3):
        progress.step("counting", n, 3)
        if progress.parameters.get("cancel_at") == n and "by" not in progress.checkpoint:
            runs.cancel(run_id=progress.run.pk, by=Actor.system("test"))
        progress.keep(reached=n + 1)
    return {"counted_from": reached}


def _refuse(progress: Progress) -> dict[str, Any]:
    raise Wrong


def _break(progress: Progress) -> dict[str, Any]:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    held = dict(runs.kinds())
    runs.install({
        "count": Kind(N_("Today"), _count), "refuse": Kind(N_("Today"), _refuse),
        "break": Kind(N_("Today"), _break), "file": Kind(N_("Today"), _count, takes_file=True),
    })  # fmt: skip
    yield
    runs.install(held)


@pytest.fixture
def officer(actor: Callable[..., Actor]) -> Actor:
    return actor("national_registry_officer", "", Purpose.ADMINISTRATION)


@pytest.mark.django_db
def test_it_is_done_and_keeps_its_result_and_an_audit_line(officer: Actor) -> None:
    run = runs.start(kind="count", parameters={}, by=officer)

    run = runs.carry_out(run.pk)

    assert (run.state, run.result, run.done, run.total) == ("done", {"counted_from": 0}, 2, 3)
    assert runs.last_done("count") == run
    assert AuditEntry.objects.filter(action="kernel.start_work", subject_id=str(run.pk)).exists()


@pytest.mark.django_db
def test_two_of_a_kind_are_not_open_at_once(officer: Actor) -> None:
    runs.start(kind="count", parameters={}, by=officer)

    with pytest.raises(runs.RunsAlready):
        runs.start(kind="count", parameters={}, by=officer)


@pytest.mark.django_db
def test_cancelled_it_stops_at_its_next_step_and_resumed_goes_on_from_there(
    officer: Actor,
) -> None:
    run = runs.start(kind="count", parameters={"cancel_at": 0}, by=officer)
    run = runs.carry_out(run.pk)
    assert (run.state, run.checkpoint) == ("cancelled", {"reached": 1})

    runs.resume(run_id=run.pk, by=officer)
    run = runs.carry_out(run.pk)

    assert (run.state, run.result) == ("done", {"counted_from": 1})


@pytest.mark.django_db
def test_a_refusal_is_kept_in_words_and_a_fault_does_not_leave_it_open(officer: Actor) -> None:
    refused = runs.carry_out(runs.start(kind="refuse", parameters={}, by=officer).pk)
    broken = runs.carry_out(runs.start(kind="break", parameters={}, by=officer).pk)

    assert (refused.state, refused.error["code"]) == ("failed", "test.wrong")
    assert (broken.state, broken.error["facts"]) == ("failed", {"fault": "ZeroDivisionError"})
    assert runs.last_done("refuse") is None


@pytest.mark.django_db
def test_what_a_killed_worker_left_is_taken_up_again_and_what_still_beats_is_not(
    officer: Actor,
) -> None:
    run = runs.start(kind="count", parameters={}, by=officer)
    LongRun.objects.update(state="running", beat_at=timezone.now(), checkpoint={"reached": 2})

    jobs.take_up_long_work(timestamp=0)
    run.refresh_from_db()
    assert run.state == "running"

    LongRun.objects.update(beat_at=timezone.now() - runs.SILENT - timedelta(seconds=1))
    jobs.take_up_long_work(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.result) == ("done", {"counted_from": 2})


@pytest.mark.django_db
def test_one_that_waits_is_cancelled_at_once_and_one_that_is_over_is_not(officer: Actor) -> None:
    run = runs.start(kind="count", parameters={}, by=officer)

    assert runs.cancel(run_id=run.pk, by=officer).state == "cancelled"
    with pytest.raises(runs.NotOpen):
        runs.cancel(run_id=run.pk, by=officer)


@pytest.mark.django_db
def test_what_is_done_is_not_resumed(officer: Actor) -> None:
    run = runs.carry_out(runs.start(kind="count", parameters={}, by=officer).pk)

    with pytest.raises(runs.CannotResume):
        runs.resume(run_id=run.pk, by=officer)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"national_registry_officer"}))
def test_nobody_else_may_start_it(actor: Callable[..., Actor], role: str) -> None:
    for purpose in Purpose:
        with pytest.raises(NotAllowed):
            runs.start(kind="count", parameters={}, by=actor(role, "", purpose))


@pytest.mark.django_db
def test_an_officer_of_one_province_may_not_start_the_nations(
    actor: Callable[..., Actor],
) -> None:
    with pytest.raises(NotAllowed):
        runs.start(
            kind="count", parameters={},
            by=actor("national_registry_officer", "16", Purpose.ADMINISTRATION),
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["/office/work", "/office/work/rows", "/api/v1/office/work"])
def test_each_page_answers_each_role(
    client_of: Callable[..., Client], page: str, role: str
) -> None:
    wanted = 200 if role == "national_registry_officer" else 403

    assert client_of(role).get(page).status_code == wanted


def test_it_is_started_cancelled_and_resumed_on_the_page(
    client_of: Callable[..., Client],
) -> None:
    client = client_of("national_registry_officer")
    client.post("/office/work", {"kind": "count", "on": "", "file": ""})
    run = LongRun.objects.get()
    assert "every 2s" in client.get("/office/work").content.decode()

    client.post(f"/office/work/{run.pk}/cancel")
    assert LongRun.objects.get().state == "cancelled"
    client.post(f"/office/work/{run.pk}/resume")
    runs.carry_out(run.pk)

    page = client.get("/office/work").content.decode()
    assert "Done" in page
    assert "every 2s" not in page


def test_the_page_asks_for_the_file_that_is_to_be_taken_in(
    client_of: Callable[..., Client],
) -> None:
    answer = client_of("national_registry_officer").post("/office/work", {"kind": "file"})

    assert "Choose the file to take in." in answer.content.decode()
    assert not LongRun.objects.exists()


def test_it_is_started_cancelled_and_resumed_over_the_api(
    client_of: Callable[..., Client],
) -> None:
    client, kind = client_of("national_registry_officer"), "application/json"

    def post(address: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        answer = client.post(
            f"/api/v1/office/work{address}", body, kind, headers={"Idempotency-Key": key}
        )
        assert answer.status_code in (200, 201), answer.content
        found: dict[str, Any] = answer.json()
        return found

    started = post("", {"kind": "count", "on": "2026-11-01"}, "a")
    assert post("", {"kind": "count", "on": "2026-11-01"}, "a")["id"] == started["id"]
    post(f"/{started['id']}/cancel", {}, "b")
    post(f"/{started['id']}/resume", {}, "c")
    runs.carry_out(LongRun.objects.get().pk)

    found = client.get(f"/api/v1/office/work/{started['id']}").json()
    assert (found["state"], found["percent"], found["problem"]) == ("done", 66, None)
