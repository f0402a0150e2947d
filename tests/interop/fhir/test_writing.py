"""Creating and updating: validated, once, as last seen, alone or all together."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from spean.kernel.models import AuditEntry, StoredDecision
from tests.interop.fhir.conftest import System, code

URN = "urn:uuid:0191c7a0-0000-7000-8000-00000000000"


@pytest.fixture
def writer(system_of: Callable[..., System], places: object, settings: Any) -> System:
    settings.ROOT_URLCONF = "tests.interop.fhir.notes"
    return system_of("health_worker", "160101")


def note(number: str = "1", area: str = "160101", **more: Any) -> dict[str, Any]:
    subject = {"reference": "Patient/1"}
    return {
        "resourceType": "Basic", "code": {"text": area}, "identifier": [{"value": number}],
        "subject": subject,
    } | more  # fmt: skip


def entry(method: str, url: str, resource: Any = None, full_url: str = "", **more: str) -> Any:
    made: dict[str, Any] = {"request": {"method": method, "url": url} | more}
    if resource is not None:
        made["resource"] = resource
    return made | ({"fullUrl": full_url} if full_url else {})


def bundle(kind: str, *entries: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def statuses(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.body
    return [one["response"]["status"] for one in answer.body["entry"]]


def test_what_is_created_is_read_back(writer: System) -> None:
    made = writer.post("Basic", note())

    assert made.status_code == 201
    assert made["Location"] == f"http://testserver/fhir/R4/Basic/{made.body['id']}"
    read = writer.get(made["Location"])
    assert (read.body, read["ETag"]) == (made.body, made["ETag"])
    assert read["ETag"] == f'W/"{read.body["meta"]["versionId"]}"'


def test_the_sender_may_ask_for_no_body(writer: System) -> None:
    made = writer.post("Basic", note(), Prefer="return=minimal")

    assert (made.status_code, made.content) == (201, b"")


def test_what_is_not_valid_is_refused_with_each_fault(writer: System) -> None:
    answer = writer.post("Basic", note(nickname="x", created="yesterday"))

    assert (answer.status_code, code(answer)) == (422, "interop.fhir_not_valid")
    paths = {issue["expression"][0] for issue in answer.body["issue"]}
    assert paths == {"Basic.nickname", "Basic.created"}
    assert all(issue["diagnostics"] for issue in answer.body["issue"])
    assert not StoredDecision.objects.exists()


def test_a_resource_of_another_type_is_refused(writer: System) -> None:
    answer = writer.post("Basic", {"resourceType": "Patient"})

    assert (answer.status_code, answer.body["issue"][0]["expression"]) == (422, ["resourceType"])


def test_a_conditional_create_makes_it_once(writer: System) -> None:
    condition = {"If-None-Exist": "identifier=1"}

    first, second = (writer.post("Basic", note(), **condition) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.body["id"] == second.body["id"]
    writer.post("Basic", note())
    third = writer.post("Basic", note(), **condition)
    assert (third.status_code, code(third)) == (412, "interop.fhir_several_match")
    for unclear in ("nickname=1", "", "?"):
        answer = writer.post("Basic", note(), **{"If-None-Exist": unclear or "="})
        assert answer.status_code == 400
    assert StoredDecision.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_condition_make_it_once(writer: System) -> None:
    seen: list[int] = []

    def send() -> None:
        system = System(writer.token, client=Client())
        seen.append(system.post("Basic", note(), **{"If-None-Exist": "identifier=1"}).status_code)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == [200, 200, 201]
    assert StoredDecision.objects.count() == 1


def test_an_update_replaces_what_was_last_seen_only(writer: System) -> None:
    made = writer.post("Basic", note())
    address, changed = f"Basic/{made.body['id']}", made.body | {"identifier": [{"value": "2"}]}

    updated = writer.put(address, changed, **{"If-Match": made["ETag"]})
    late = writer.put(address, changed, **{"If-Match": made["ETag"]})

    assert (updated.status_code, updated.body["identifier"]) == (200, [{"value": "2"}])
    assert updated["ETag"] != made["ETag"]
    assert (late.status_code, code(late)) == (412, "interop.fhir_other_version")
    assert writer.put(address, changed).status_code == 200
    other = writer.put(address, changed | {"id": "1"})
    assert (other.status_code, code(other)) == (400, "interop.fhir_other_id")
    absent = "0191c7a0-0000-7000-8000-000000000001"
    assert writer.put(f"Basic/{absent}", changed | {"id": absent}).status_code == 404


def test_who_lacks_the_scope_or_the_right_writes_nothing(
    writer: System, system_of: Callable[..., System]
) -> None:
    reader = system_of("health_record_system", "160101")
    narrow = system_of("health_worker", "1602", scope="system/Basic.rs")

    assert code(reader.post("Basic", note())) == "kernel.not_allowed"
    assert code(narrow.post("Basic", note())) == "interop.fhir_scope_missing"
    assert code(writer.post("Basic", note(area="160201"))) == "kernel.not_allowed"
    assert not StoredDecision.objects.exists()


def test_a_transaction_makes_all_and_puts_their_addresses_in_place(writer: System) -> None:
    second = note("2", subject={"reference": f"{URN}1"})
    answer = writer.post(
        "",
        bundle(
            "transaction",
            entry("GET", "Basic?identifier=2"),
            entry("POST", "Basic", second, f"{URN}2"),
            entry("POST", "Basic", note("1"), f"{URN}1", ifNoneExist="identifier=1"),
        ),
    )

    assert statuses(answer) == ["200", "201", "201"]
    found, two, one = (made["resource"] for made in answer.body["entry"])
    assert two["subject"]["reference"] == f"Basic/{one['id']}"
    assert found["entry"][0]["resource"]["id"] == two["id"]
    assert answer.body["entry"][1]["response"]["location"].endswith(f"Basic/{two['id']}")


def test_of_a_transaction_with_a_fault_nothing_stays(writer: System) -> None:
    for bad, status in ((note("2", nickname="x"), 422), (note("2", area="160201"), 403)):
        answer = writer.post(
            "",
            bundle("transaction", entry("POST", "Basic", note()), entry("POST", "Basic", bad)),
        )
        assert answer.status_code == status
        assert answer.body["resourceType"] == "OperationOutcome"

    assert not StoredDecision.objects.exists()
    refusal = AuditEntry.objects.get(kind="refusal")
    assert (refusal.actor, refusal.area) == ("health_worker_160101", "160201")


def test_of_a_batch_each_entry_has_its_own_answer(writer: System) -> None:
    answer = writer.post(
        "",
        bundle(
            "batch",
            entry("POST", "Basic", note()),
            entry("POST", "Basic", note("2", nickname="x")),
            entry("POST", "Basic", note("3", area="160201")),
            entry("GET", "http://testserver/fhir/R4/Location/16"),
            entry("GET", "Nothing/1"),
            entry("DELETE", "Basic/1"),
            entry("GET", "Basic/1/_history/1"),
            entry("POST", "Patient", {"resourceType": "Patient"}),
            entry("POST", "Basic"),
        ),
    )

    assert statuses(answer) == ["201", "422", "403", "200", "404", "405", "405", "405", "400"]
    outcomes = [one["response"].get("outcome") for one in answer.body["entry"]]
    assert [outcome is None for outcome in outcomes[:4]] == [True, False, False, True]
    assert StoredDecision.objects.count() == 1
    assert AuditEntry.objects.filter(kind="refusal").count() == 1


def test_a_fault_of_ours_in_a_batch_leaves_the_other_entries_done(
    writer: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("spean.interop.fhir.server.page", broken)

    answer = writer.post(
        "", bundle("batch", entry("POST", "Basic", note()), entry("GET", "Basic?identifier=1"))
    )

    assert statuses(answer) == ["201", "500"]
    assert StoredDecision.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Basic"},
        {"resourceType": "Bundle", "type": "searchset"},
        bundle("batch", {"request": {"method": "GET"}}),
        bundle("batch", {"resource": {}}),
        bundle("batch", "x"),
        {"resourceType": "Bundle", "type": "batch", "entry": {}},
    ],
)
def test_what_is_no_batch_is_refused(writer: System, body: Any) -> None:
    answer = writer.post("", body)

    assert (answer.status_code, code(answer)) == (400, "interop.fhir_not_a_bundle")


def test_a_bundle_has_its_limit_and_may_be_empty(writer: System) -> None:
    many = writer.post("", bundle("batch", *[entry("GET", "Location/16")] * 101))

    assert (many.status_code, code(many)) == (413, "interop.fhir_too_many_entries")
    assert writer.post("", {"resourceType": "Bundle", "type": "batch"}).status_code == 200


def test_a_circle_of_references_is_refused(writer: System) -> None:
    one = note("1", subject={"reference": f"{URN}2"})
    two = note("2", subject={"reference": f"{URN}1"})

    answer = writer.post(
        "",
        bundle(
            "transaction",
            entry("POST", "Basic", one, f"{URN}1"),
            entry("POST", "Basic", two, f"{URN}2"),
        ),
    )

    assert (answer.status_code, code(answer)) == (400, "interop.fhir_unresolved_reference")
    assert not StoredDecision.objects.exists()
