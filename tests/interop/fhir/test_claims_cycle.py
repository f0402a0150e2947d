"""A health record system's whole cycle: find, ask, claim, read the answer; and its mistakes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from spean.health_equity.models import Claim
from spean.kernel.models import AuditEntry
from spean.locations.models import Facility
from spean.registry.models import Person
from tests.interop.fhir.claims import CAME, MINE, claim, concept, eligibility, khr, line
from tests.interop.fhir.conftest import System, code, ids

KHMER = range(0x1780, 0x1800)


def reasons(response: Any) -> set[str]:
    lines = [one for item in response.body["item"] for one in item["adjudication"]]
    found = [*lines, *response.body.get("adjudication", [])]
    return {one["reason"]["coding"][0]["code"] for one in found if "reason" in one}


def says_both_languages(text: str, beside: Any) -> bool:
    (other,) = [
        p["valueString"] for p in beside["extension"][0]["extension"] if p["url"] == "content"
    ]
    return sum(any(ord(char) in KHMER for char in one) for one in (text, other)) == 1


def test_from_the_patient_to_the_answer(records: System, covered: Person) -> None:
    (patient,) = ids(records.find("Patient", name="Sok Bopha"))
    asked = records.post(
        "CoverageEligibilityRequest", eligibility(covered, "validation", "benefits")
    )
    (cover,) = ids(records.find("Coverage", patient=f"Patient/{patient}", status="active"))
    body = claim(covered, insurance=[
        {"sequence": 1, "focal": True, "coverage": {"reference": f"Coverage/{cover}"}}
    ], total=khr(4000))  # fmt: skip
    sent = records.post("Claim", body)
    response = records.get(f"ClaimResponse/{sent.body['id']}")
    again = records.post("Claim", body)
    conditional = records.post("Claim", body, **{"If-None-Exist": f"identifier={MINE}|A-1"})

    assert asked.status_code == 200
    assert asked.body["insurance"][0]["inforce"] is True
    assert (sent.status_code, response.status_code) == (201, 200)
    assert sent["Location"].endswith(f"/Claim/{sent.body['id']}")
    assert response.body["outcome"] == "complete"
    assert response.body["request"] == {"reference": f"Claim/{sent.body['id']}"}
    paid = [one["amount"] for one in response.body["total"]]
    assert paid == [khr(4000), khr(4000)]
    for answer in (again, conditional):
        assert (answer.status_code, answer.body) == (200, sent.body)
    assert Claim.objects.get().source == "fhir"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        "registry.read_person", "health_equity.cover_checked", "health_equity.submit_claims",
        "health_equity.adjudicate", "health_equity.read_claim",
    } <= actions  # fmt: skip


def test_what_was_claimed_is_read_back(records: System, covered: Person) -> None:
    body = claim(covered, "A-2", line(), line(2, "transport", quantity={"value": 3}, net=khr(9000)),
                 referral={"display": "HC2"})  # fmt: skip
    sent = records.post("Claim", body)

    read = records.get(f"Claim/{sent.body['id']}")
    assert read.body == sent.body
    for name in ("item", "billablePeriod", "use", "type", "provider", "priority", "diagnosis"):
        given = read.body[name]
        if name == "item":
            given = [{k: v for k, v in one.items() if k in body["item"][n]}
                     for n, one in enumerate(given)]  # fmt: skip
        assert given == body[name], name
    assert read.body["identifier"][1] == body["identifier"][0]
    assert read.body["patient"]["reference"] == f"Patient/{covered.pk}"
    assert read.body["total"] == khr(13000)
    assert "referral" in read.body


def test_a_claim_is_found_by_each_parameter(records: System, covered: Person) -> None:
    sent = records.post("Claim", claim(covered)).body["id"]
    number = records.get(f"Claim/{sent}").body["identifier"][0]["value"]

    for found in (
        {"_id": sent}, {"identifier": "A-1"}, {"identifier": f"{MINE}|A-1"},
        {"identifier": number}, {"patient": f"Patient/{covered.pk}"},
        {"provider": "Organization/HC1"}, {"status": "active"}, {"created": "ge2020"},
    ):  # fmt: skip
        assert ids(records.find("Claim", **found)) == [sent], found
    for nothing in (
        {"_id": "x"}, {"identifier": "A-9"}, {"identifier": "http://other|A-1"},
        {"patient": "Patient/x"}, {"provider": "HC2"}, {"status": "cancelled"},
        {"created": "lt2020"},
    ):  # fmt: skip
        assert ids(records.find("Claim", **nothing)) == [], nothing
    for found in (
        {"request": f"Claim/{sent}"}, {"patient": str(covered.pk)}, {"outcome": "complete"},
    ):  # fmt: skip
        assert ids(records.find("ClaimResponse", **found)) == [sent], found
    assert ids(records.find("ClaimResponse", outcome="queued")) == []


def test_a_patient_may_be_named_inside_the_claim(records: System, covered: Person) -> None:
    card = covered.memberships.get().household.identifiers.filter(kind="equity_card").first()
    inside = {"resourceType": "Patient", "id": "p", "birthDate": "1990-01-01", "gender": "female",
              "name": [{"family": "Sok", "given": ["Bopha"]}]}  # fmt: skip
    body = claim(covered, contained=[inside], patient={"reference": "#p"})

    unknown = records.post("Claim", body)
    response = records.get(f"ClaimResponse/{unknown.body['id']}")

    assert card is None
    assert (unknown.status_code, reasons(response)) == (201, {"person_unknown"})
    assert unknown.body["patient"] == {"type": "Patient", "display": "Sok Bopha"}


def test_what_the_rules_find_is_answered_with_reasons_in_both_languages(
    records: System, covered: Person
) -> None:
    daughter = Person.objects.get(given_name_latin="Thida")
    before = (daughter.birth_date - timedelta(days=1)).isoformat()
    early = records.post(
        "Claim",
        claim(
            daughter, "A-1", line(servicedDate=before),
            billablePeriod={"start": before, "end": before},
        ),
    )  # fmt: skip
    dear = records.post("Claim", claim(covered, "A-2", line(net=khr(90_000))))

    rejected = records.get(f"ClaimResponse/{early.body['id']}")
    reduced = records.get(f"ClaimResponse/{dear.body['id']}")

    assert "before_birth" in reasons(rejected)
    assert rejected.body["total"][1]["amount"] == khr(0)
    assert reasons(reduced) == {"over_fee"}
    told = [one for one in reduced.body["item"][0]["adjudication"] if "reason" in one]
    assert says_both_languages(told[0]["reason"]["text"], told[0]["reason"]["_text"])
    assert says_both_languages(reduced.body["disposition"], reduced.body["_disposition"])


CONTAINED = {
    "resourceType": "Patient",
    "id": "p",
    "birthDate": (CAME + timedelta(days=1)).isoformat(),
}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown service": ({"item": [line(service="massage")]}, "interop.fhir_service_not_known"),
    "a service of another system": (
        {"item": [line(productOrService=concept("http://other", "outpatient"))]},
        "interop.fhir_service_not_known",
    ),
    "a birth after the visit": (
        {"contained": [CONTAINED], "patient": {"reference": "#p"}}, "interop.fhir_born_later",
    ),
    "another currency": (
        {"item": [line(net={"value": 1, "currency": "USD"})]}, "interop.fhir_other_currency",
    ),
    "no currency": ({"item": [line(net={"value": 1})]}, "interop.fhir_other_currency"),
    "half a riel": ({"item": [line(net=khr(0.5))]}, "health_equity.value_impossible"),
    "an amount beyond all": ({"item": [line(net=khr(1e300))]}, "health_equity.value_impossible"),
    "a negative amount": ({"item": [line(net=khr(-5))]}, "health_equity.value_impossible"),
    "no line": ({"item": []}, "health_equity.lines_impossible"),
    "lines out of order": ({"item": [line(2)]}, "health_equity.value_impossible"),
    "a total that differs": ({"total": khr(1)}, "health_equity.value_impossible"),
    "no price": ({"item": [{"sequence": 1, "productOrService": line()["productOrService"]}]},
                 "interop.fhir_element_missing"),
    "half a date": ({"billablePeriod": {"start": "2026-03", "end": "2026-03"}},
                    "health_equity.value_impossible"),
    "a day before all days": (
        {"billablePeriod": {"start": "0001-01-01", "end": "0001-01-01"}},
        "locations.unknown_facility",
    ),
    "no days": ({"billablePeriod": {}}, "interop.fhir_element_missing"),
    "no number": ({"identifier": []}, "interop.fhir_element_missing"),
    "no diagnosis of ICD-10": (
        {"diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"text": "ill"}}]},
        "health_equity.diagnosis_unknown",
    ),
    "a draft": ({"status": "draft"}, "health_equity.value_impossible"),
    "a status that is only an extension": (
        {"status": None, "_status": {"extension": [{"url": "http://x", "valueCode": "y"}]}},
        "health_equity.value_impossible",
    ),
    "a preauthorisation": ({"use": "preauthorization"}, "health_equity.value_impossible"),
    "an unknown scheme": (
        {"insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "mine"}}]},
        "interop.fhir_payer_unknown",
    ),
    "an exemption": ({"insurance": [{"sequence": 1, "focal": True, "coverage": {
        "identifier": {"system": "https://spean.example/fhir/id/scheme", "value": "exemption"}}}]},
        "health_equity.scheme_not_claimed"),
    "a patient who is not inside": (
        {"patient": {"reference": "#q"}}, "interop.fhir_element_missing",
    ),
    "no facility": ({"provider": {"display": "x"}}, "interop.fhir_element_missing"),
    "an unknown facility": (
        {"provider": {"reference": "Organization/HC7"}}, "locations.unknown_facility",
    ),
    "a foreign facility": ({"provider": {"reference": "Organization/HC2"}}, "kernel.not_allowed"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_claim_is_refused_in_both_languages_and_nothing_is_kept(
    what: str, records: System, covered: Person, facility_of: Callable[..., Facility]
) -> None:
    facility_of("HC2", place="16020101")
    differs, expected = BAD[what]
    body = {name: value for name, value in (claim(covered) | differs).items() if value is not None}

    answer = records.post("Claim", body)

    assert code(answer) == expected
    assert 400 <= answer.status_code < 500
    told = answer.body["issue"][0]["details"]
    assert says_both_languages(told["text"], told["_text"])
    assert not Claim.objects.exists()


def test_ten_thousand_lines_are_refused(records: System, covered: Person) -> None:
    answer = records.post("Claim", claim(covered, "A-1", *(line(n) for n in range(1, 10_001))))

    assert (answer.status_code, code(answer)) in (
        (422, "health_equity.lines_impossible"), (413, "interop.fhir_too_large"),
    )  # fmt: skip
    assert not Claim.objects.exists()


def test_another_claim_under_a_used_number_is_refused(records: System, covered: Person) -> None:
    records.post("Claim", claim(covered))

    answer = records.post("Claim", claim(covered, "A-1", line(net=khr(3000))))

    assert (answer.status_code, code(answer)) == (409, "health_equity.claim_number_used")
    assert Claim.objects.count() == 1


def test_claims_of_another_area_are_neither_read_nor_found(
    records: System, covered: Person, system_of: Callable[..., System]
) -> None:
    sent = records.post("Claim", claim(covered)).body["id"]
    other = system_of("health_record_system", "1602")

    for resource in ("Claim", "ClaimResponse"):
        assert other.get(f"{resource}/{sent}").status_code == 404
        assert ids(other.find(resource)) == []
        assert records.get(f"{resource}/x").status_code == 404
    assert AuditEntry.objects.filter(kind="refusal").count() == 2


def test_a_held_claim_waits_and_a_withdrawn_one_is_cancelled(
    records: System, covered: Person
) -> None:
    sent = records.post("Claim", claim(covered)).body["id"]
    Claim.objects.update(state="held", amount=None)
    held = records.get(f"ClaimResponse/{sent}")
    Claim.objects.update(state="withdrawn")
    withdrawn = records.get(f"Claim/{sent}")

    assert held.body["outcome"] == "queued"
    assert withdrawn.body["status"] == "cancelled"
