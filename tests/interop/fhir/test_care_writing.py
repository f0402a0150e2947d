"""A health record system records contacts, measures and doses, as the pages do, and once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.maternal_child import actions
from spean.maternal_child.models import Contact, Dose
from spean.registry.models import Person
from tests.interop.fhir.care import encounter, immunization, loinc, observation, ours, quantity
from tests.interop.fhir.conftest import System, code

TODAY = timezone.localdate()
People = dict[str, Person]


@pytest.fixture
def child(people: People) -> Person:
    return people["Thida"]


def test_a_contact_its_measures_and_doses_come_in_one_transaction(
    records: System, child: Person
) -> None:
    visit = {"encounter": {"reference": "urn:uuid:visit"}}
    parts = [
        ("Encounter", "urn:uuid:visit", encounter(child, TODAY)),
        ("Observation", "urn:uuid:w", observation(child, TODAY) | visit
         | {"valueQuantity": quantity(8400, "g")}),
        ("Observation", "urn:uuid:a", observation(child, TODAY, "56072-2") | visit
         | {"valueQuantity": quantity(13.1, "cm")}),
        ("Immunization", "urn:uuid:d", immunization(child, TODAY) | visit),
    ]  # fmt: skip
    bundle = {
        "resourceType": "Bundle", "type": "transaction",
        "entry": [
            {"fullUrl": url, "resource": body, "request": {"method": "POST", "url": kind}}
            for kind, url, body in parts
        ],
    }  # fmt: skip

    answer = records.post("", bundle)

    assert [one["response"]["status"] for one in answer.body["entry"]] == ["201"] * 4
    contact = Contact.objects.get()
    assert (contact.weight_g, contact.muac_mm, contact.place) == (8400, 131, "facility")
    assert contact.doses.get().batch == "B7"
    assert contact.recorded_by == "health_record_system_160101"


def test_a_contact_sent_twice_is_one(records: System, child: Person) -> None:
    first = records.post("Encounter", encounter(child, TODAY))
    again = records.post("Encounter", encounter(child, TODAY))
    known = records.post(
        "Encounter", encounter(child, TODAY),
        If_None_Exist=f"patient={child.pk}&date={TODAY}&type=child",
    )  # fmt: skip

    assert [one.status_code for one in (first, again, known)] == [201, 200, 200]
    assert first["Location"].endswith(f"Encounter/{first.body['id']}")
    assert {one.body["id"] for one in (first, again, known)} == {first.body["id"]}
    assert Contact.objects.count() == 1


def test_danger_signs_come_as_reasons(records: System, child: Person) -> None:
    reasons = [ours("danger-sign", "convulsions")]

    answer = records.post("Encounter", encounter(child, TODAY) | {"reasonCode": reasons})

    assert answer.status_code == 201
    assert Contact.objects.get().danger_signs == ["convulsions"]
    assert Contact.objects.get().decision.outcome == "refer_now"


@pytest.mark.parametrize(
    ("change", "status", "why"),
    [
        ({"status": "planned"}, 422, "interop.fhir_code_not_known"),
        ({"type": [ours("contact-kind", "chat")]}, 422, "interop.fhir_code_not_known"),
        ({"class": {"code": "VR"}}, 422, "interop.fhir_code_not_known"),
        ({"subject": {"display": "somebody"}}, 422, "interop.fhir_element_needed"),
        ({"period": {}}, 422, "interop.fhir_element_needed"),
        ({"type": [ours("contact-kind", "antenatal")]}, 422, "maternal_child.no_pregnancy"),
        ({"period": {"start": str(TODAY + timedelta(days=1))}}, 422, "maternal_child.day_to_come"),
        ({"reasonCode": [ours("danger-sign", "bleeding")]}, 422, "maternal_child.answer_unknown"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_with_its_reason(
    change: dict[str, Any], status: int, why: str, records: System, child: Person
) -> None:
    answer = records.post("Encounter", encounter(child, TODAY) | change)

    assert answer.status_code == status
    assert why in [issue["details"]["coding"][0]["code"] for issue in answer.body["issue"]]
    assert not Contact.objects.exists()


def test_a_dose_sent_twice_is_one_and_comes_by_either_code(records: System, child: Person) -> None:
    cvx = {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "04"}]}
    first = records.post("Immunization", immunization(child, TODAY))
    again = records.post("Immunization", immunization(child, TODAY) | {"vaccineCode": cvx})

    assert [first.status_code, again.status_code] == [201, 200]
    assert first.body["id"] == again.body["id"]
    assert first.body["protocolApplied"][0]["doseNumberString"] == "mr_1"
    assert (Dose.objects.get().contact, first.body["primarySource"]) == (None, False)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "not-done"}, "interop.fhir_code_not_known"),
        ({"vaccineCode": ours("vaccine", "luck")}, "interop.fhir_code_not_known"),
        ({"occurrenceDateTime": "2026"}, "interop.fhir_day_impossible"),
        ({"occurrenceDateTime": "1990-01-01"}, "maternal_child.answers_wrong"),
        ({"patient": {"display": "x"}}, "interop.fhir_element_needed"),
    ],
)
def test_a_dose_that_cannot_be_is_refused(
    change: dict[str, Any], why: str, records: System, child: Person
) -> None:
    answer = records.post("Immunization", immunization(child, TODAY) | change)

    assert (answer.status_code, code(answer)) == (422, why)
    assert not Dose.objects.exists()


def test_a_forbidden_dose_is_asked_about_and_taken_when_it_was_given_all_the_same(
    records: System, child: Person, system: Actor
) -> None:
    actions.record_contraindication(
        person_id=child.pk, condition="immunodeficiency", since=TODAY, by=system, on=TODAY
    )
    visit = records.post("Encounter", encounter(child, TODAY)).body["id"]
    sent = immunization(child, TODAY) | {"encounter": {"reference": f"Encounter/{visit}"}}
    url = "https://spean.example/fhir/StructureDefinition/given-all-the-same"

    asked = records.post("Immunization", sent)
    taken = records.post("Immunization", sent | {"extension": [{"url": url, "valueBoolean": True}]})

    assert (asked.status_code, taken.status_code) == (422, 201)


def test_a_measure_is_added_to_the_contact_of_its_day_once(records: System, child: Person) -> None:
    sent = observation(child, TODAY, valueQuantity=quantity(8.4, "kg"))
    alone = records.post("Observation", sent)
    records.post("Encounter", encounter(child, TODAY))

    first, again = records.post("Observation", sent), records.post("Observation", sent)
    other = records.post("Observation", sent | {"valueQuantity": quantity(9, "kg")})

    assert (alone.status_code, code(alone)) == (422, "interop.fhir_no_contact")
    assert [first.status_code, again.status_code] == [201, 200]
    assert first.body["id"] == again.body["id"]
    assert records.get(f"Observation/{first.body['id']}").body == first.body
    assert other.status_code == 422
    assert Contact.objects.get().weight_g == 8400


def test_pressure_and_tests_come_as_they_are_read(
    records: System,
    people: People,
    system: Actor,
) -> None:
    mother = people["Sreymom"]
    actions.record_pregnancy(
        person_id=mother.pk, dating=actions.Dating(last_period_on=TODAY - timedelta(weeks=20)),
        by=system, on=TODAY,
    )  # fmt: skip
    records.post("Encounter", encounter(mother, TODAY, "antenatal"))
    parts = [
        {"code": loinc(one), "valueQuantity": quantity(value, "mm[Hg]")}
        for one, value in (("8480-6", 165), ("8462-4", 100))
    ]
    sent = [
        observation(mother, TODAY, "85354-9", component=parts),
        observation(mother, TODAY, "718-7", valueQuantity=quantity(10.1, "g/dL")),
        observation(mother, TODAY, "75622-1",
                    valueCodeableConcept=ours("test-result", "negative")),
        observation(mother, TODAY, "20454-5", valueCodeableConcept=ours("protein", "2")),
    ]  # fmt: skip

    answers = [records.post("Observation", one) for one in sent]

    assert [one.status_code for one in answers] == [201] * 4, [one.body for one in answers]
    kept = Contact.objects.get()
    assert (kept.systolic, kept.diastolic, kept.haemoglobin) == (165, 100, 101)
    assert (kept.hiv, kept.protein, kept.decision.outcome) == ("negative", 2, "refer_now")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "preliminary"}, "interop.fhir_code_not_known"),
        ({"code": loinc("1-1")}, "interop.fhir_code_not_known"),
        ({"valueQuantity": quantity(12, "[lb_av]")}, "interop.fhir_code_not_known"),
        ({"valueQuantity": {"unit": "kg", "code": "kg"}}, "interop.fhir_element_needed"),
        ({"valueQuantity": quantity(8400, "kg")}, "maternal_child.answers_wrong"),
        ({"valueQuantity": quantity(3, "kg")}, "maternal_child.answers_wrong"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(
    change: dict[str, Any], why: str, records: System, child: Person
) -> None:
    records.post("Encounter", encounter(child, TODAY))

    answer = records.post("Observation", observation(child, TODAY) | change)

    assert (answer.status_code, code(answer)) == (422, why)
    assert Contact.objects.get().weight_g is None


def test_an_unlikely_measure_is_taken_when_it_was_taken_twice(
    records: System, child: Person
) -> None:
    records.post("Encounter", encounter(child, TODAY))
    url = "https://spean.example/fhir/StructureDefinition/measured-twice"
    sent = observation(child, TODAY, valueQuantity=quantity(3, "kg"))

    answer = records.post("Observation", sent | {"extension": [{"url": url, "valueBoolean": True}]})

    assert answer.status_code == 201
    assert Contact.objects.get().weight_g == 3000


def test_another_areas_system_writes_nothing(
    system_of: Callable[..., System], child: Person
) -> None:
    elsewhere = system_of("health_record_system", "1602")

    answers = [
        elsewhere.post("Encounter", encounter(child, TODAY)),
        elsewhere.post("Immunization", immunization(child, TODAY)),
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert not Contact.objects.exists()
    assert AuditEntry.objects.filter(kind="refusal").count() == 2


def test_a_scope_to_read_writes_nothing(system_of: Callable[..., System], child: Person) -> None:
    reader = system_of("health_record_system", "160101", scope="system/*.rs")

    answer = reader.post("Encounter", encounter(child, TODAY))

    assert (answer.status_code, code(answer)) == (403, "interop.fhir_scope_missing")


def test_a_measure_or_dose_of_somebody_elses_contact_is_refused(
    records: System, people: People, child: Person
) -> None:
    visit = records.post("Encounter", encounter(child, TODAY)).body["id"]
    named = {"encounter": {"reference": f"Encounter/{visit}"}}

    answers = [
        records.post("Observation", observation(people["Sreymom"], TODAY) | named),
        records.post("Immunization", immunization(people["Sreymom"], TODAY) | named),
    ]

    assert [code(one) for one in answers] == ["interop.fhir_other_person"] * 2
    assert not Dose.objects.exists()
