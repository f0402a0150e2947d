"""Records of mothers and children over FHIR: found by what was asked, within the area, audited."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.maternal_child import actions
from spean.registry import actions as registry
from spean.registry.models import Person
from tests.interop.fhir.conftest import System, checked, code, ids

TODAY = timezone.localdate()
CARE = Actor.system("test")
TYPES = (
    "Encounter", "Condition", "Observation", "Immunization", "ImmunizationRecommendation",
    "ServiceRequest",
)  # fmt: skip


@pytest.fixture
def mother(people: dict[str, Person]) -> Person:
    """Give the mother, 30 weeks pregnant, seen yesterday with very high pressure."""
    one = people["Sreymom"]
    actions.record_pregnancy(
        person_id=one.pk, dating=actions.Dating(last_period_on=TODAY - timedelta(weeks=30)),
        risks=["twins"], by=CARE, on=TODAY,
    )  # fmt: skip
    actions.record_contact(
        person_id=one.pk, kind="antenatal", day=TODAY - timedelta(days=1), place="facility",
        by=CARE, on=TODAY,
        measured=actions.Measured(systolic=165, diastolic=100, haemoglobin=101, protein=2,
                                  hiv="negative", danger_signs=["severe_headache"],
                                  treatments=["iron"]),
    )  # fmt: skip
    return one


@pytest.fixture
def child(people: dict[str, Person]) -> Person:
    """Give the child, measured and vaccinated today; one penta came too early."""
    one = people["Thida"]
    born = one.birth_date
    actions.record_doses(
        person_id=one.pk, by=CARE, on=TODAY,
        doses=[actions.NewDose("penta", born + timedelta(days=age), "P1") for age in (42, 50)],
    )  # fmt: skip
    actions.record_contact(
        person_id=one.pk, kind="child", day=TODAY, place="home", by=CARE, on=TODAY,
        measured=actions.Measured(weight_kg=Decimal("8.4"), length_cm=Decimal(74), lying=True,
                                  muac_mm=131, oedema=False, temperature=Decimal("36.8")),
        doses=[actions.NewDose("mr", TODAY, "B7")],
    )  # fmt: skip
    return one


def found(system: System, resource_type: str, **query: Any) -> list[dict[str, Any]]:
    answer = system.find(resource_type, **query)
    assert answer.status_code == 200, answer.body
    return [one["resource"] for one in answer.body.get("entry", [])]


def test_a_contact_is_an_encounter_with_its_class_and_kind(records: System, child: Person) -> None:
    (one,) = found(records, "Encounter", patient=child.pk)

    assert one["class"]["code"] == "HH"
    assert one["type"][0]["coding"][0]["code"] == "child"
    assert one["subject"] == {"reference": f"Patient/{child.pk}"}
    assert one["period"] == {"start": str(TODAY), "end": str(TODAY)}
    read = records.get(f"Encounter/{one['id']}")
    assert read.body == one
    assert records.get(f"Encounter/{one['id']}", If_None_Match=read["ETag"]).status_code == 304


def test_a_birth_is_an_encounter_of_the_mother(
    records: System, people: dict[str, Person], mother: Person
) -> None:
    pregnancy = mother.pregnancies_in_care.get()
    actions.record_birth(
        pregnancy_id=pregnancy.pk, by=CARE, on=TODAY,
        birth=actions.Birth(TODAY, "hospital", "midwife", "caesarean"),
        babies=[actions.NewBaby("live", "female", 2900, "ក")],
    )  # fmt: skip

    (one,) = found(records, "Encounter", patient=mother.pk, type="delivery")

    assert (one["class"]["code"], one["period"]["start"]) == ("IMP", str(TODAY))
    assert records.get(f"Encounter/{pregnancy.pk}").body == one
    baby = Person.objects.get(birth_date=TODAY)
    (weight,) = found(records, "Observation", patient=baby.pk, code="http://loinc.org|8339-4")
    assert weight["valueQuantity"]["value"] == 2900


def test_a_birth_recorded_in_error_says_so_under_the_same_id(
    records: System, people: dict[str, Person], mother: Person
) -> None:
    pregnancy = mother.pregnancies_in_care.get()

    def born(place: str) -> None:
        actions.record_birth(
            pregnancy_id=pregnancy.pk, by=CARE, on=TODAY,
            birth=actions.Birth(TODAY, place, "midwife", "normal"),
            babies=[actions.NewBaby("live", "female", 2900, "ក")],
        )  # fmt: skip

    assert records.get(f"Encounter/{pregnancy.pk}").status_code == 404
    born("hospital")
    (stood,) = found(records, "Encounter", patient=mother.pk, type="delivery")
    actions.withdraw_end(pregnancy_id=pregnancy.pk, reason="another woman's", by=CARE, on=TODAY)

    (one,) = found(records, "Encounter", type="delivery", status="entered-in-error",
                   date=str(TODAY), **{"class": "IMP"})  # fmt: skip
    meta = {"meta": one["meta"], "status": "entered-in-error"}
    assert one == stood | meta
    assert one["meta"]["lastUpdated"] > stood["meta"]["lastUpdated"]
    assert records.get(f"Encounter/{pregnancy.pk}").body == one
    assert not found(records, "Encounter", type="delivery", status="finished")

    born("home")
    (again,) = found(records, "Encounter", patient=mother.pk, type="delivery")
    assert (again["id"], again["status"], again["class"]["code"]) == (one["id"], "finished", "HH")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"date": str(TODAY)}, 1),
        ({"date": f"lt{TODAY}"}, 1),
        ({"date": f"ge{TODAY - timedelta(days=1)}"}, 2),
        ({"type": "antenatal"}, 1),
        ({"type": "newborn"}, 0),
        ({"class": "AMB"}, 1),
        ({"status": "finished"}, 2),
        ({"status": "entered-in-error"}, 0),
        ({"_lastUpdated": f"ge{TODAY}"}, 2),
        ({"_lastUpdated": f"lt{TODAY}"}, 0),
        ({"patient": "x"}, 0),
    ],
)
def test_encounters_are_found_by_what_is_asked(
    query: dict[str, str], number: int, records: System, mother: Person, child: Person
) -> None:
    assert len(found(records, "Encounter", **query)) == number


def test_a_dose_says_what_it_counts_as(records: System, child: Person) -> None:
    doses = found(records, "Immunization", patient=child.pk)

    worth = {
        (one["vaccineCode"]["coding"][0]["code"], one["occurrenceDateTime"]): (
            one["protocolApplied"][0]["doseNumberString"],
            one["protocolApplied"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"],
        )
        for one in doses
    }
    assert [worth[key] for key in sorted(worth)] == [
        ("mr_1", "valid"), ("penta_1", "valid"), ("penta_2", "too_young"),
    ]  # fmt: skip
    (mr,) = [one for one in doses if one["vaccineCode"]["coding"][0]["code"] == "mr"]
    assert mr["vaccineCode"]["coding"][1] == {"system": "http://hl7.org/fhir/sid/cvx", "code": "04"}
    assert (mr["lotNumber"], mr["primarySource"]) == ("B7", True)
    assert records.get(f"Immunization/{mr['id']}").body == mr


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"vaccine-code": "penta"}, 2),
        ({"vaccine-code": "http://hl7.org/fhir/sid/cvx|04"}, 1),
        ({"vaccine-code": "urn:other|04"}, 0),
        ({"date": str(TODAY)}, 1),
        ({"lot-number": "p"}, 2),
        ({"status": "completed"}, 3),
        ({"status": "entered-in-error"}, 0),
        ({"_lastUpdated": f"ge{TODAY}"}, 3),
    ],
)
def test_doses_are_found_by_what_is_asked(
    query: dict[str, str], number: int, records: System, child: Person
) -> None:
    assert len(found(records, "Immunization", **query)) == number


def test_measures_are_observations_with_their_codes_and_units(
    records: System, child: Person
) -> None:
    seen = found(records, "Observation", patient=child.pk)

    values = {
        one["code"]["coding"][0]["code"]: (
            one["valueQuantity"]["value"], one["valueQuantity"]["code"]
        )
        for one in seen
        if "valueQuantity" in one
    }  # fmt: skip
    assert values["29463-7"] == (8.4, "kg")
    assert values["8306-3"] == (74, "cm")
    assert values["56072-2"] == (131, "mm")
    assert values["8310-5"] == (36.8, "Cel")
    assert {"waz", "laz", "wlz", "baz", "acz"} <= values.keys()
    (swollen,) = [one for one in seen if one.get("valueBoolean") is False]
    assert records.get(f"Observation/{swollen['id']}").body == swollen


def test_blood_pressure_is_one_observation_of_two_parts(records: System, mother: Person) -> None:
    (one,) = found(records, "Observation", patient=mother.pk, code="85354-9")

    assert [part["valueQuantity"]["value"] for part in one["component"]] == [165, 100]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"category": "laboratory"}, 3),
        ({"category": "vital-signs"}, 1),
        ({"code": "http://loinc.org|718-7"}, 1),
        ({"code": "718-7,75622-1"}, 2),
        ({"date": f"lt{TODAY - timedelta(days=1)}"}, 0),
        ({"status": "final", "code": "82810-3"}, 1),
        ({"code": "11778-8"}, 1),
    ],
)
def test_observations_are_found_by_what_is_asked(
    query: dict[str, str], number: int, records: System, mother: Person
) -> None:
    assert len(found(records, "Observation", patient=mother.pk, **query)) == number


def test_a_pregnancy_its_danger_signs_and_findings_are_conditions(
    records: System, mother: Person
) -> None:
    seen = found(records, "Condition", patient=mother.pk)

    codes = {one["code"]["coding"][0]["code"]: one for one in seen}
    assert {"77386006", "severe_headache", "severe_systolic"} <= codes.keys()
    assert codes["77386006"]["clinicalStatus"]["coding"][0]["code"] == "active"
    assert codes["77386006"]["evidence"][0]["code"][0]["coding"][0]["code"] == "twins"
    finding = codes["severe_systolic"]
    assert finding["verificationStatus"]["coding"][0]["code"] == "provisional"
    assert "WHO" in finding["note"][0]["text"]
    assert records.get(f"Condition/{finding['id']}").body == finding
    problems = found(records, "Condition", patient=mother.pk, category="problem-list-item")
    assert [one["code"]["coding"][0]["code"] for one in problems] == ["77386006"]


def test_what_comes_next_names_its_days_and_the_line_that_asks(
    records: System, child: Person
) -> None:
    actions.record_contraindication(
        person_id=child.pk, condition="immunodeficiency", since=TODAY, by=CARE, on=TODAY
    )
    (one,) = found(records, "ImmunizationRecommendation", patient=child.pk)

    lines = {line["doseNumberString"]: line for line in one["recommendation"]}
    penta, opv = lines["penta_2"], lines["opv_1"]
    assert penta["forecastStatus"]["coding"][0]["code"] == "overdue"
    assert "line penta_2 of the schedule" in _english(penta["forecastReason"][0])
    assert [day["code"]["coding"][0]["code"] for day in penta["dateCriterion"]] == [
        "30981-5", "30980-7", "59778-1", "59777-3",
    ]  # fmt: skip
    assert opv["forecastStatus"]["coding"][0]["code"] == "contraindicated"
    assert _english(opv["forecastReason"][1]) == (
        "Not to be given: Severely weakened immune system"
    )
    assert records.get(f"ImmunizationRecommendation/{child.pk}").body == one


def _english(concept: dict[str, Any]) -> str:
    parts = concept["_text"]["extension"][0]["extension"]
    return next(str(part["valueString"]) for part in parts if part["url"] == "content")


def test_a_grown_woman_has_no_recommendation(records: System, mother: Person) -> None:
    assert found(records, "ImmunizationRecommendation", patient=mother.pk) == []
    assert records.get(f"ImmunizationRecommendation/{mother.pk}").status_code == 404


def test_advice_to_refer_is_a_proposed_service_request(records: System, mother: Person) -> None:
    (one,) = found(records, "ServiceRequest", patient=mother.pk)

    assert (one["intent"], one["priority"], one["status"]) == ("proposal", "stat", "active")
    reasons = [reason["coding"][0]["code"] for reason in one["reasonCode"]]
    assert "severe_systolic" in reasons
    assert records.get(f"ServiceRequest/{one['id']}").body == one
    assert found(records, "ServiceRequest", patient=mother.pk, intent="order") == []


def test_what_was_withdrawn_is_shown_as_entered_in_error(records: System, child: Person) -> None:
    contact = child.contacts.get()
    actions.withdraw_measure(
        contact_id=contact.pk, measure="muac_mm", reason="x", by=CARE, on=TODAY
    )
    (arm,) = found(records, "Observation", patient=child.pk, code="56072-2")
    assert (arm["status"], arm["valueString"]) == ("entered-in-error", "131")
    before = records.get(f"Encounter/{contact.pk}")["ETag"]

    actions.withdraw_contact(contact_id=contact.pk, reason="x", by=CARE, on=TODAY)

    (one,) = found(records, "Encounter", status="entered-in-error")
    assert one["id"] == str(contact.pk)
    assert records.get(f"Encounter/{contact.pk}")["ETag"] != before
    (dose,) = found(records, "Immunization", **{"vaccine-code": "mr"})
    assert (dose["status"], "protocolApplied" in dose) == ("entered-in-error", False)
    assert found(records, "Observation", patient=child.pk, status="final") == []


@pytest.mark.parametrize("resource_type", TYPES)
def test_elsewhere_nothing_is_found_or_told(
    resource_type: str, records: System, system_of: Callable[..., System], mother: Person,
    child: Person,
) -> None:  # fmt: skip
    elsewhere = system_of("health_record_system", "1602")
    mine = [one for who in (mother, child) for one in found(records, resource_type, patient=who.pk)]
    assert mine

    for one in mine:
        answer = elsewhere.get(f"{resource_type}/{one['id']}")
        assert answer.status_code == 404
        assert AuditEntry.objects.filter(kind="refusal").exists()
    for who in (mother, child):
        assert found(elsewhere, resource_type, patient=who.pk) == []


@pytest.mark.parametrize("resource_type", TYPES)
def test_every_reading_is_audited_for_care(
    resource_type: str, records: System, mother: Person, child: Person
) -> None:
    who = mother if resource_type in ("Condition", "ServiceRequest") else child
    AuditEntry.objects.all().values("pk")
    before = AuditEntry.objects.filter(action="maternal_child.read_care").count()

    one = found(records, resource_type, patient=who.pk)[0]
    records.get(f"{resource_type}/{one['id']}")

    lines = AuditEntry.objects.filter(action="maternal_child.read_care")
    assert lines.count() > before
    assert {(line.purpose, line.area) for line in lines} == {("care", "16010101")}


@pytest.mark.parametrize("resource_type", ["Condition", "Observation", "ServiceRequest"])
def test_a_search_of_everybody_is_too_wide(resource_type: str, records: System) -> None:
    answer = records.find(resource_type)

    assert (answer.status_code, code(answer)) == (400, "interop.fhir_search_too_wide")


@pytest.mark.parametrize("resource_type", TYPES)
@pytest.mark.parametrize("given", ["x", "0198f000-0000-7000-8000-000000000000"])
def test_an_unknown_id_is_not_found(
    resource_type: str, given: str, records: System, people: dict[str, Person]
) -> None:
    assert records.get(f"{resource_type}/{given}").status_code == 404
    assert found(records, resource_type, _id=given) == []


def test_encounters_come_page_by_page(records: System, mother: Person, child: Person) -> None:
    first = records.find("Encounter", _count=1)
    (following,) = [one["url"] for one in first.body["link"] if one["relation"] == "next"]
    second = records.get(following)

    assert len({*ids(first), *ids(second)}) == 2


def test_a_merged_record_is_shown_with_the_person_that_stays(
    records: System, child: Person, places: Any
) -> None:
    again = registry.register_household(
        village=places["16010101"], address="", phone="", by=CARE, on=TODAY, not_duplicates=True,
        members=[registry.NewMember("សុខ", "បុប្ផា", "Sok", "Thida", "female",
                                    child.birth_date, "head")],
    ).memberships.get().person  # fmt: skip
    actions.record_doses(
        person_id=again.pk, doses=[actions.NewDose("bcg", TODAY)], by=CARE, on=TODAY
    )
    change = registry.propose_change(
        kind="merge_people", person=child, proposal={"drop": again.pk}, reason="one child",
        effective_on=TODAY, by=Actor.system("clerk"), on=TODAY,
    )  # fmt: skip
    registry.approve_change(change=change, note="", by=CARE, on=TODAY)

    for who in (child, again):
        doses = found(records, "Immunization", patient=who.pk, **{"vaccine-code": "bcg"})
        assert [one["patient"]["reference"] for one in doses] == [f"Patient/{child.pk}"]
        assert len(found(records, "Observation", patient=who.pk)) > 1


def test_the_summary_is_a_document_of_all_sections(
    records: System, mother: Person, child: Person
) -> None:
    actions.record_contraindication(
        person_id=child.pk, condition="severe_reaction", vaccine="penta", since=TODAY, by=CARE,
        on=TODAY,
    )  # fmt: skip
    bundle = records.get(f"Patient/{child.pk}/$summary").body

    checked(bundle)
    entries = [one["resource"] for one in bundle["entry"]]
    composition = entries[0]
    assert (bundle["type"], composition["resourceType"]) == ("document", "Composition")
    named = {one["fullUrl"] for one in bundle["entry"]}
    sections = {one["code"]["coding"][0]["code"]: one for one in composition["section"]}
    assert {"11450-4", "10160-0", "48765-2", "11369-6", "8716-3", "18776-5"} <= sections.keys()
    for section in sections.values():
        assert {one["reference"] for one in section["entry"]} <= named
    allergy = next(one for one in entries if one["resourceType"] == "AllergyIntolerance")
    assert allergy["code"]["coding"][0]["code"] == "penta"
    assert composition["subject"]["reference"] in named


def test_a_section_of_which_nothing_is_known_says_so(
    records: System, people: dict[str, Person]
) -> None:
    bundle = records.get(f"Patient/{people['Sreymom'].pk}/$summary").body

    told = {
        coding["code"]
        for one in bundle["entry"]
        for part in ("code", "medicationCodeableConcept", "vaccineCode")
        for coding in one["resource"].get(part, {}).get("coding", ())
        if isinstance(one["resource"].get(part), dict)
    }
    assert {
        "no-problem-info", "no-medication-info", "no-allergy-info", "no-immunization-info",
    } <= told  # fmt: skip


def test_the_summary_of_a_mother_has_her_pregnancy_tests_and_medicines(
    records: System, mother: Person
) -> None:
    bundle = records.get(f"Patient/{mother.pk}/$summary").body

    composition = bundle["entry"][0]["resource"]
    titles = [one["title"] for one in composition["section"]]
    assert len(titles) == len(set(titles)) == 8
    codes = {
        coding["code"]
        for one in bundle["entry"]
        for coding in one["resource"].get("medicationCodeableConcept", {}).get("coding", ())
    }
    assert codes == {"iron"}


def test_the_summary_of_somebody_elsewhere_is_not_found(
    system_of: Callable[..., System], child: Person
) -> None:
    elsewhere = system_of("health_record_system", "1602")

    assert elsewhere.get(f"Patient/{child.pk}/$summary").status_code == 404
    assert elsewhere.get("Patient/x/$summary").status_code == 404


def test_the_summary_needs_a_scope_to_read_patients(
    system_of: Callable[..., System], child: Person
) -> None:
    narrow = system_of("health_record_system", "160101", scope="system/Encounter.rs")

    answer = narrow.get(f"Patient/{child.pk}/$summary")

    assert (answer.status_code, code(answer)) == (403, "interop.fhir_scope_missing")


def test_the_metadata_names_the_operation(records: System) -> None:
    (patient,) = [
        one
        for one in records.get("metadata").body["rest"][0]["resource"]
        if one["type"] == "Patient"
    ]

    assert patient["operation"][0]["name"] == "summary"
