"""What is refused, and how it is said; what an unchanged resource is answered with."""

from typing import Any

import pytest

from spean.interop.fhir.errors import FhirError
from spean.kernel.errors import SpeanError
from spean.locations.models import Place
from spean.registry.models import Household
from tests.interop.fhir.conftest import FHIR_JSON, System, code, ids


def _every(error: type[SpeanError]) -> list[type[SpeanError]]:
    return [error, *(one for child in error.__subclasses__() for one in _every(child))]


def test_an_error_is_said_in_both_languages_the_readers_first(records: System) -> None:
    for language, other in (("en", "km"), ("km", "en")):
        records.language = language
        issue = records.get("Location/99").body["issue"][0]

        [translation] = issue["details"]["_text"]["extension"]
        parts = {part["url"]: part for part in translation["extension"]}
        texts = {
            language: issue["details"]["text"],
            parts["lang"]["valueCode"]: parts["content"]["valueString"],
        }
        assert parts["lang"]["valueCode"] == other
        assert texts["en"].startswith("No place has the code “99”")
        assert "ក្នុង" in texts["km"] or "កូដ" in texts["km"] or "លេខ" in texts["km"]


def test_every_refusal_of_the_server_has_an_issue_type_of_fhir() -> None:
    known = {
        "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown",
        "expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate",
        "multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension",
        "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store",
        "exception", "timeout", "incomplete", "throttled", "informational",
    }  # fmt: skip
    errors = _every(FhirError)

    assert len(errors) > 15
    assert {getattr(error, "issue") for error in errors} <= known  # noqa: B009


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"birthdate": "1988-13"}, "interop.fhir_bad_value"),
        ({"birthdate": "yesterday"}, "interop.fhir_bad_value"),
        ({"birthdate": "9999"}, "interop.fhir_bad_value"),
        ({"birthdate": "ge"}, "interop.fhir_bad_value"),
        ({"_lastUpdated": "2026-01-01T99:00"}, "interop.fhir_bad_value"),
        ({"_lastUpdated": "2026-01-01Tnoon"}, "interop.fhir_bad_value"),
        ({"_count": "-1"}, "interop.fhir_bad_value"),
        ({"_count": "many"}, "interop.fhir_bad_value"),
        ({"name": "a\x00b"}, "interop.fhir_bad_value"),
        ({"name:exact": "Dara"}, "interop.fhir_unknown_modifier"),
        ({"gender:missing": "true"}, "interop.fhir_unknown_modifier"),
    ],
)
def test_a_search_that_can_not_be_read_is_refused(
    records: System, query: dict[str, str], refused: str
) -> None:
    answer = records.find("Patient", **query)

    assert (answer.status_code, code(answer)) == (400, refused)


@pytest.mark.parametrize("query", [{"shoe": "44"}, {"_sort": "name"}, {"_summary": "true"}])
def test_an_unknown_parameter_is_told_of_and_refused_where_asked_so(
    records: System, query: dict[str, str]
) -> None:
    answer = records.get("Location", query | {"_count": "1"})

    assert len(ids(answer)) == 1
    told = answer.body["entry"][-1]
    assert told["search"]["mode"] == "outcome"
    assert told["resource"]["issue"][0]["severity"] == "warning"
    assert "shoe" not in answer.body["link"][0]["url"]
    strict = records.get("Location", query, Prefer="handling=strict")
    assert (strict.status_code, code(strict)) == (400, "interop.fhir_unknown_parameter")
    lenient = records.get("Location", query, Prefer="return=minimal; handling=lenient")
    assert lenient.status_code == 200


def test_an_empty_parameter_is_none(records: System) -> None:
    assert len(ids(records.get("Location", {"name": ""}))) == 10


@pytest.mark.parametrize("asked", ["json", "application/json", FHIR_JSON, "application/fhir json"])
def test_json_is_given_under_each_of_its_names(records: System, asked: str) -> None:
    assert records.get("Location/16", {"_format": asked}).status_code == 200


def test_no_other_format_is_given_or_taken(records: System) -> None:
    for answer in (
        records.get("Location/16", {"_format": "xml"}),
        records.get("Location/16", Accept="application/fhir+xml"),
    ):
        assert (answer.status_code, code(answer)) == (406, "interop.fhir_other_format")
    sent = records.ask("POST", "Patient", data="<Patient/>", content_type="application/fhir+xml")
    assert (sent.status_code, code(sent)) == (415, "interop.fhir_other_content")


@pytest.mark.parametrize(
    "body", ["{", "[]", "NaN", '{"x": NaN}', '{"x": "\\u0000"}', "[" * 100_000, b"\xff",
             '{"x":' * 60 + "1" + "}" * 60]
)  # fmt: skip
def test_what_is_no_json_is_refused(records: System, body: str | bytes) -> None:
    answer = records.post("", body)

    assert (answer.status_code, code(answer)) == (400, "interop.fhir_not_json")


def test_a_body_that_is_too_large_is_refused(records: System, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = records.post("", {"resourceType": "Bundle", "id": "x" * 200})

    assert (answer.status_code, code(answer)) == (413, "interop.fhir_too_large")


@pytest.mark.parametrize(
    ("method", "address", "status", "refused"),
    [
        ("GET", "Practitioner", 404, "interop.fhir_unknown_type"),
        ("GET", "Location/a/b/c", 404, "interop.fhir_unknown_type"),
        ("GET", "Location/16/_history", 405, "interop.fhir_no_history"),
        ("GET", "Location/16/_history/1", 405, "interop.fhir_no_history"),
        ("DELETE", "Location/16", 405, "interop.fhir_not_offered"),
        ("PATCH", "Location/16", 405, "interop.fhir_not_offered"),
        ("POST", "Location", 405, "interop.fhir_not_offered"),
        ("GET", "Patient/16", 404, "kernel.not_found"),
        ("GET", "Location/99", 404, "locations.unknown_place"),
        ("GET", "Organization/99", 404, "locations.unknown_facility"),
        ("GET", "Location/facility-99", 404, "locations.unknown_place"),
    ],
)
def test_what_is_not_there_is_said(
    records: System, method: str, address: str, status: int, refused: str
) -> None:
    answer = records.ask(method, address)

    assert (answer.status_code, code(answer)) == (status, refused)


def test_our_own_fault_is_no_page_of_html(records: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("spean.interop.fhir.server.page", broken)

    answer = records.get("Location")

    assert (answer.status_code, code(answer)) == (500, "interop.fhir_our_fault")


def test_what_is_unchanged_is_not_sent_again(
    records: System, family: Household, places: dict[str, Place]
) -> None:
    patient = f"Patient/{ids(records.find('Patient', name='Dara'))[0]}"
    first = records.get(patient)

    for tag in (first["ETag"], f'"x", {first["ETag"]}', first["ETag"].removeprefix("W/")):
        again = records.get(patient, **{"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    later = records.get(patient, **{"If-Modified-Since": first["Last-Modified"]})
    assert later.status_code == 304
    earlier = "Tue, 01 Jan 2019 00:00:00 GMT"
    assert records.get(patient, **{"If-Modified-Since": earlier}).status_code == 200
    assert records.get(patient, **{"If-None-Match": '"other"'}).status_code == 200
    place = records.get("Location/16")
    assert "Last-Modified" not in place
    Place.objects.filter(code="16").update(name_en="Ratanakiri")
    assert records.get("Location/16", **{"If-None-Match": place["ETag"]}).status_code == 200


def test_a_head_gives_the_headers_only(records: System, places: object) -> None:
    answer = records.ask("HEAD", "Location/16")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"]
