"""Patients: what is written of a person, who is found, and who never is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from spean.kernel.models import AuditEntry
from spean.locations.models import Facility, Place
from spean.registry.models import EquityCard, Household, Person
from tests.interop.fhir.conftest import System, code, ids
from tests.registry.conftest import CHANGE_DAY

SPEAN = "https://spean.example/fhir"


def _dara() -> Person:
    return Person.objects.get(given_name_latin="Dara")


def test_a_person_is_written_with_names_birth_home_and_numbers(
    records: System, family: Household, card: EquityCard
) -> None:
    answer = records.get(f"Patient/{_dara().pk}")

    body = answer.body
    assert answer.status_code == 200
    assert [(n["text"], n["extension"][0]["valueCode"]) for n in body["name"]] == [
        ("សុខ ដារ៉ា", "km"),
        ("Sok Dara", "en"),
    ]
    assert (body["birthDate"], body["gender"], body["active"]) == ("1988-02-01", "male", True)
    address = body["address"][0]
    assert address["extension"][0]["valueCoding"]["code"] == "16010101"
    assert (address["city"], address["state"]) == ("ញ៉ាង", "រតនគិរី")
    [number] = body["identifier"]
    assert (number["system"], number["value"]) == (f"{SPEAN}/id/equity-card", card.number)
    assert number["period"] == {"start": "2026-11-23", "end": "2029-11-22"}
    assert "link" not in body


@pytest.mark.parametrize(
    ("precision", "written"),
    [("exact", "1988-02-01"), ("month", "1988-02"), ("year", "1988"), ("estimated", "1988")],
)
def test_a_birth_date_is_written_as_precisely_as_it_is_known(
    records: System, household: Callable[..., Person], precision: str, written: str
) -> None:
    person = household("16010101", birth_date_precision=precision)

    body = records.get(f"Patient/{person.pk}").body

    assert body["birthDate"] == written
    assert ("_birthDate" in body) == (precision == "estimated")


def test_the_dead_stay_on_record_with_their_day(
    records: System, family: Household, apply: Callable[..., Any]
) -> None:
    bopha = Person.objects.get(given_name_latin="Bopha")
    apply("death", bopha, CHANGE_DAY)

    answer = records.get("Patient", {"name": "Bopha"})

    assert answer.body["entry"][0]["resource"]["deceasedDateTime"] == CHANGE_DAY.isoformat()


def _found(records: System, **query: str) -> set[str]:
    answer = records.find("Patient", **query)
    return {entry["resource"]["name"][1]["text"] for entry in answer.body.get("entry", [])}


def test_people_are_found_by_each_parameter(
    records: System, family: Household, card: EquityCard
) -> None:
    both = {"Sok Dara", "Sok Bopha"}

    assert _found(records) == both
    assert _found(records, name="dara sok") == {"Sok Dara"}
    assert _found(records, name="ដារ៉ា") == {"Sok Dara"}
    assert _found(records, name="Daraa,Bopa") == both
    assert _found(records, name="Vichet") == set()
    assert _found(records, name="x") == set()
    assert _found(records, identifier=card.number) == both
    assert _found(records, identifier=f"{SPEAN}/id/equity-card|{card.number}") == both
    assert _found(records, identifier=f"{SPEAN}/id/health-id|{card.number}") == set()
    assert _found(records, identifier=f"http://elsewhere|{card.number}") == set()
    assert _found(records, birthdate="1988") == {"Sok Dara"}
    assert _found(records, birthdate="gt2000-01-01") == {"Sok Bopha"}
    assert _found(records, gender="female") == {"Sok Bopha"}
    assert _found(records, gender="female,male") == both
    assert _found(records, gender="other") == set()
    assert _found(records, address="16010101") == both
    assert _found(records, address="Nhang") == both
    assert _found(records, address="16010102") == set()
    assert _found(records, _id=str(_dara().pk)) == {"Sok Dara"}
    assert _found(records, _id="16") == set()
    assert _found(records, name="Sok", gender="female") == {"Sok Bopha"}


def test_last_updated_moves_when_a_change_is_applied(
    records: System, family: Household, apply: Callable[..., Any]
) -> None:
    Person.objects.update(created_at=timezone.now() - timedelta(days=2))
    moment = (timezone.now() - timedelta(days=1)).isoformat()
    before = records.get(f"Patient/{_dara().pk}")
    assert _found(records, _lastUpdated=f"gt{moment}") == set()

    apply("correct_person", _dara(), CHANGE_DAY, phone="012 345 678")

    after = records.get(f"Patient/{_dara().pk}", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.body["meta"]["lastUpdated"] > before.body["meta"]["lastUpdated"]
    assert "Sok Dara" in _found(records, _lastUpdated=f"ge{moment}")
    assert _found(records, _lastUpdated="lt2020") == set()


def test_of_two_merged_records_each_names_the_other(
    records: System, system_of: Callable[..., System], household: Callable[..., Person],
    apply: Callable[..., Any], actor: Callable[..., Any],
) -> None:  # fmt: skip
    kept = household("16010101")
    dropped = household("16010102", birth_date=date(1988, 2, 8))
    officer = actor("district_officer", "1601")
    apply("merge_people", kept, CHANGE_DAY, drop=str(dropped.pk), by=officer)

    old, new = (records.get(f"Patient/{person.pk}").body for person in (dropped, kept))
    assert old["active"] is False
    assert old["link"] == [
        {"other": {"reference": f"Patient/{kept.pk}"}, "type": "replaced-by"},
    ]
    assert new["link"] == [{"other": {"reference": f"Patient/{dropped.pk}"}, "type": "replaces"}]
    assert ids(records.find("Patient", name="Dara")) == [str(kept.pk)]
    assert system_of("health_record_system", "1602").get(f"Patient/{dropped.pk}").status_code == 404


def test_nobody_outside_the_area_is_found_counted_or_told_of(
    system_of: Callable[..., System], family: Household, card: EquityCard
) -> None:
    elsewhere = system_of("health_record_system", "160102")

    read = elsewhere.get(f"Patient/{_dara().pk}")
    nothing = elsewhere.get(f"Patient/{uuid4()}")

    assert read.status_code == 404
    assert read.body == nothing.body
    for query in (
        {},
        {"name": "Dara"},
        {"identifier": card.number},
        {"address": "16010101"},
        {"_id": str(_dara().pk)},
    ):
        assert ids(elsewhere.find("Patient", **query)) == []
    assert elsewhere.find("Patient", name="Dara", _summary="count").body["total"] == 0
    refusal = AuditEntry.objects.get(kind="refusal")
    assert (refusal.actor, refusal.area) == ("health_record_system_160102", "16010101")


def test_whoever_moved_away_is_found_where_they_live_now_only(
    records: System, system_of: Callable[..., System], family: Household,
    apply: Callable[..., Any], places: dict[str, Place], actor: Callable[..., Any],
) -> None:  # fmt: skip
    there = system_of("health_record_system", "160102")
    apply("move", family, CHANGE_DAY, village="16010201")

    assert _found(records, name="Sok") == set()
    assert _found(there, name="Sok") == {"Sok Dara", "Sok Bopha"}


def test_whoever_died_after_leaving_is_found_where_they_lived_last_only(
    records: System, system_of: Callable[..., System], household: Callable[..., Person],
    places: dict[str, Place],
) -> None:  # fmt: skip
    person = household("16010101")
    first = person.memberships.get()
    second = household("16010201", given_name_latin="Vanna", given_name_km="វណ្ណា")
    elsewhere = second.memberships.get().household
    first.end = date(2026, 11, 25)
    first.save()
    person.memberships.create(
        household=elsewhere, relation="sibling", start=first.end, end=date(2026, 11, 27)
    )

    assert ids(records.find("Patient", name="Dara")) == []
    assert ids(system_of("health_record_system", "160102").find("Patient", name="Dara")) == [
        str(person.pk)
    ]


def test_each_person_who_is_shown_is_in_the_audit_trail_with_the_purpose(
    records: System, family: Household
) -> None:
    found = ids(records.find("Patient", name="Sok"))
    records.get(f"Patient/{found[0]}")

    lines = AuditEntry.objects.filter(kind="read", action="registry.read_person")
    assert sorted(line.subject_id for line in lines) == sorted([*found, found[0]])
    assert {(line.actor, line.purpose, line.area) for line in lines} == {
        ("health_record_system_160101", "care", "16010101")
    }


def test_a_page_takes_the_same_queries_however_many_are_on_it(
    records: System, family: Household, household: Callable[..., Person],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    for _ in range(5):
        household("16010102")
    with django_assert_max_num_queries(14):
        assert len(ids(records.get("Patient"))) == 7


def test_a_count_is_given_for_a_search_that_names_something(
    records: System, family: Household
) -> None:
    counted = records.find("Patient", name="Sok", _summary="count")
    nobody = records.find("Patient", name="Sok", _count="0")

    assert (counted.body["total"], "entry" in counted.body) == (2, False)
    assert nobody.body["total"] == 2
    refused = records.find("Patient", gender="male", _summary="count")
    assert (refused.status_code, code(refused)) == (400, "interop.fhir_too_costly")
    assert not AuditEntry.objects.filter(action="registry.read_person").exists()


def test_a_patient_is_not_written_over_fhir(records: System, family: Household) -> None:
    body = {"resourceType": "Patient", "id": str(_dara().pk)}

    for answer in (records.post("Patient", body), records.put(f"Patient/{_dara().pk}", body)):
        assert (answer.status_code, code(answer)) == (405, "interop.fhir_changes_are_proposed")


def test_a_facility_belongs_to_the_ministry(
    records: System, facility_of: Callable[..., Facility]
) -> None:
    code = facility_of().code

    assert code in ids(records.get("Organization", {"partof": "Organization/moh"}))
    assert ids(records.get("Organization", {"partof": f"Organization/{code}"})) == []


def test_a_whole_name_is_looked_up_by_index_alone(records: System, family: Household) -> None:
    with CaptureQueriesContext(connection) as asked:
        whole = ids(records.find("Patient", name="sok dara"))
    with CaptureQueriesContext(connection) as begun:
        part = ids(records.find("Patient", name="dar"))

    assert len(whole) == len(part) == 1
    beginning_of_a_word = r"\m"
    assert not [one for one in asked if beginning_of_a_word in one["sql"]]
    assert [one for one in begun if beginning_of_a_word in one["sql"]]
