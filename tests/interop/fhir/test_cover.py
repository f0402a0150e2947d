"""Who pays for a person: Coverage, the question of eligibility, and the schemes that pay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from spean.health_equity.models import Listing
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.kernel.periods import Period
from spean.registry import actions as registry
from spean.registry.models import EquityCard, Person
from spean.targeting.models import PovertyStatus
from tests.health_equity.conftest import SINCE
from tests.interop.fhir.claims import TODAY, concept, eligibility, khr
from tests.interop.fhir.conftest import System, code, ids

CARD = "https://spean.example/fhir/id/equity-card"


@pytest.fixture
def equity_card(covered: Person, system: Actor) -> EquityCard:
    """Give the card of the family that is covered."""
    home = covered.memberships.get().household
    valid = Period(SINCE, TODAY + timedelta(days=365))
    return registry.issue_card(household=home, category="poor_1", valid=valid, by=system, on=SINCE)


@pytest.fixture
def worker(covered: Person) -> Person:
    """Let the mother be a worker as well, on her scheme's list."""
    Listing.objects.create(person=covered, group="worker", number="W-77", source="list",
                           start=SINCE, listed_by="test")  # fmt: skip
    return covered


def test_a_coverage_says_who_pays_since_when_and_for_which_group(
    records: System, covered: Person
) -> None:
    read = records.get(f"Coverage/hef-{covered.pk}")

    assert read.status_code == 200
    assert read.body["status"] == "active"
    assert read.body["beneficiary"] == {"reference": f"Patient/{covered.pk}"}
    assert read.body["payor"] == [{"reference": "Organization/scheme-hef"}]
    assert read.body["class"][0]["value"] == "poor_1"
    last = TODAY + timedelta(days=364)
    assert read.body["period"] == {"start": SINCE.isoformat(), "end": last.isoformat()}
    assert AuditEntry.objects.filter(action="health_equity.cover_checked").count() == 1


def test_a_cover_that_ran_out_is_cancelled_under_the_same_id(
    records: System, covered: Person
) -> None:
    PovertyStatus.objects.update(end=TODAY)

    assert records.get(f"Coverage/hef-{covered.pk}").body["status"] == "cancelled"
    assert ids(records.find("Coverage", patient=covered.pk, status="active")) == []
    assert ids(records.find("Coverage", patient=covered.pk, status="cancelled")) != []


def test_each_scheme_of_a_person_is_found_by_person_number_and_status(
    records: System, worker: Person, equity_card: EquityCard
) -> None:
    hef, workers = f"hef-{worker.pk}", f"workers-{worker.pk}"
    daughter = f"hef-{Person.objects.get(given_name_latin='Thida').pk}"

    def found(**query: Any) -> set[str]:
        return set(ids(records.find("Coverage", **query)))

    assert found(patient=f"Patient/{worker.pk}") == {hef, workers}
    assert found(beneficiary=worker.pk) == {hef, workers}
    assert found(_id=workers) == {workers}
    assert found(identifier="W-77") == {workers}
    assert found(identifier=f"{CARD}|{equity_card.number}") == {hef, daughter}
    assert found(identifier=equity_card.number, patient=worker.pk) == {hef}
    assert found(patient=worker.pk, status="cancelled") == set()
    for nothing in ({"_id": "x"}, {"patient": "x"}, {"identifier": "http://x|W-77"}):
        assert found(**nothing) == set()


def test_the_cover_of_a_nation_is_not_listed(records: System, covered: Person) -> None:
    for query in ({}, {"status": "active"}):
        answer = records.find("Coverage", **query)
        assert (answer.status_code, code(answer)) == (400, "interop.fhir_search_too_wide")


def test_cover_elsewhere_is_not_found(covered: Person, system_of: Callable[..., System]) -> None:
    other = system_of("health_record_system", "1602")

    assert other.get(f"Coverage/hef-{covered.pk}").status_code == 404
    assert ids(other.find("Coverage", patient=covered.pk)) == []
    answer = other.post("CoverageEligibilityRequest", eligibility(covered))
    assert (answer.status_code, code(answer)) == (422, "interop.fhir_patient_not_named")


def test_no_scheme_means_no_coverage(records: System, covered: Person) -> None:
    for unknown in (f"veterans-{covered.pk}", "hef-x", f"{covered.pk}", "x"):
        assert records.get(f"Coverage/{unknown}").status_code == 404


def test_the_answer_names_the_benefits_at_the_facilitys_level(
    records: System, covered: Person
) -> None:
    answer = records.post(
        "CoverageEligibilityRequest", eligibility(covered, "validation", "benefits")
    )

    assert (answer.status_code, answer.body["resourceType"]) == (
        200, "CoverageEligibilityResponse",
    )  # fmt: skip
    (insurance,) = answer.body["insurance"]
    assert insurance["coverage"] == {"reference": f"Coverage/hef-{covered.pk}"}
    assert insurance["inforce"] is True
    fees = {one["productOrService"]["coding"][0]["code"]: one["benefit"][0]["allowedMoney"]
            for one in insurance["item"]}  # fmt: skip
    assert fees["outpatient"] == khr(4000)
    assert "caesarean" not in fees
    assert "Location" not in answer.headers


def test_the_reason_comes_in_the_language_that_was_asked_for(
    records: System, covered: Person
) -> None:
    PovertyStatus.objects.update(end=TODAY)
    english = records.post("CoverageEligibilityRequest", eligibility(covered)).body
    records.language = "km"
    khmer = records.post("CoverageEligibilityRequest", eligibility(covered)).body

    assert english["insurance"][0]["inforce"] is False
    assert english["disposition"].startswith("Expired. The cover has run out.")
    assert khmer["_disposition"]["extension"][0]["extension"][1] == {
        "url": "content", "valueString": english["disposition"],
    }  # fmt: skip
    assert english["error"][0]["code"]["text"] == "Health Equity Fund: Has run out"
    assert khmer["error"][0]["code"]["coding"] == english["error"][0]["code"]["coding"]
    assert khmer["disposition"] != english["disposition"]


def test_who_pays_first_is_first_and_one_scheme_may_be_asked(
    records: System, worker: Person
) -> None:
    def asked(**more: Any) -> list[str]:
        answer = records.post("CoverageEligibilityRequest", eligibility(worker, **more))
        return [one["coverage"]["reference"].split("/")[1] for one in answer.body["insurance"]]

    assert asked() == [f"workers-{worker.pk}", f"hef-{worker.pk}"]
    assert asked(insurer={"reference": "Organization/scheme-hef"}) == [f"hef-{worker.pk}"]


def test_a_person_is_named_by_a_number_that_is_theirs_alone(
    records: System, covered: Person, equity_card: EquityCard
) -> None:
    by_card = {"identifier": {"system": CARD, "value": equity_card.number}}

    answer = records.post("CoverageEligibilityRequest", eligibility(covered, patient=by_card))

    assert code(answer) == "interop.fhir_patient_not_named"  # of the mother and of her daughter


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({"purpose": ["auth-requirements"]}, "interop.fhir_purpose_not_answered"),
        ({"insurer": {"reference": "Organization/HC1"}}, "interop.fhir_payer_unknown"),
        ({"patient": {"reference": "Patient/x"}}, "interop.fhir_patient_not_named"),
        ({"patient": {"display": "Bopha"}}, "interop.fhir_patient_not_named"),
        ({"servicedDate": "1900-01-01"}, "kernel.policy_not_in_force"),
        ({"servicedDate": "2026"}, "health_equity.value_impossible"),
    ],
)
def test_a_question_without_an_answer_is_refused(
    differs: dict[str, Any], expected: str, records: System, covered: Person
) -> None:
    answer = records.post("CoverageEligibilityRequest", eligibility(covered) | differs)

    assert code(answer) == expected
    assert 400 <= answer.status_code < 500


def test_the_schemes_are_organizations_that_pay(records: System, covered: Person) -> None:
    payers = set(ids(records.get("Organization?type=pay")))

    assert payers == {
        "scheme-hef", "scheme-workers", "scheme-civil-servants",
        "scheme-former-civil-servants", "scheme-veterans",
    }  # fmt: skip
    fund = records.get("Organization/scheme-hef").body
    assert fund["alias"] == ["Health Equity Fund"]
    assert fund["type"] == [
        concept("http://terminology.hl7.org/CodeSystem/organization-type", "pay")
        | {"text": "Payer", "coding": fund["type"][0]["coding"]}
    ]
    assert ids(records.get("Organization?identifier=hef")) == ["scheme-hef"]
    assert ids(records.get("Organization?name=Health Equity")) == ["scheme-hef"]


def test_what_is_asked_only_cannot_be_read(records: System, places: object) -> None:
    for answer in (
        records.get("CoverageEligibilityRequest/x"), records.get("CoverageEligibilityRequest"),
    ):  # fmt: skip
        assert (answer.status_code, code(answer)) == (405, "interop.fhir_not_offered")
