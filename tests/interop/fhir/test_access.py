"""Who may do what over FHIR: every role, every scope."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from spean.config.roles import ROLES
from spean.interop.fhir.scopes import covers, grantable
from spean.interop.fhir.table import RESOURCES
from spean.kernel.access import Purpose
from spean.kernel.models import AuditEntry
from spean.locations.models import Place
from spean.registry.models import Household, Person
from tests.interop.fhir.care import immunization, observation
from tests.interop.fhir.claims import claim, eligibility
from tests.interop.fhir.conftest import System, code

MAY_SEARCH = {"health_record_system", "facility_clerk", "health_worker"}
MAY_READ = MAY_SEARCH | {"village_health_volunteer", "health_district_officer"}
CLAIMS = {"health_record_system", "facility_clerk", "facility_chief"}
MAY_RECORD = {"health_record_system", "health_worker"}
MAY_SEE_CARE = MAY_RECORD | {"health_district_officer"}
CARE_TYPES = (
    "Encounter", "Condition", "Observation", "Immunization", "ImmunizationRecommendation",
    "ServiceRequest",
)  # fmt: skip
MAY_SEE_CLAIMS = CLAIMS | {
    "claims_verifier", "certification_chief", "claims_reviewer", "auditor",
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer(
    role: str, system_of: Callable[..., System], family: Household
) -> None:
    system = system_of(role, "1601")
    person = Person.objects.get(given_name_latin="Dara")

    read = system.get(f"Patient/{person.pk}")
    search = system.find("Patient", name="Dara")

    assert read.status_code == (200 if role in MAY_READ else 403)
    assert search.status_code == (200 if role in MAY_SEARCH else 403)
    for open_to_all in ("Location/16", "Organization/moh", "Location", "Organization"):
        assert system.get(open_to_all).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer_about_cover_and_claims(
    role: str, system_of: Callable[..., System], covered: Person
) -> None:
    sent = system_of("health_record_system", "160101").post("Claim", claim(covered)).body["id"]
    system = system_of(role, "1601")
    care = 200 if role in MAY_SEARCH else 403
    sees = 200 if role in MAY_SEE_CLAIMS else 403

    answers = {
        "Coverage": (system.find("Coverage", patient=covered.pk), care),
        "a Coverage": (system.get(f"Coverage/hef-{covered.pk}"), care),
        "question": (system.post("CoverageEligibilityRequest", eligibility(covered)), care),
        "claim": (system.post("Claim", claim(covered, "B")), 201 if role in CLAIMS else 403),
        "Claim": (system.find("Claim"), sees),
        "a Claim": (system.get(f"Claim/{sent}"), sees),
        "ClaimResponse": (system.find("ClaimResponse"), sees),
        "a ClaimResponse": (system.get(f"ClaimResponse/{sent}"), sees),
    }

    assert {name: one.status_code for name, (one, _) in answers.items()} == {
        name: expected for name, (_, expected) in answers.items()
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_its_answer_about_mothers_and_children(
    role: str, system_of: Callable[..., System], family: Household
) -> None:
    person = Person.objects.get(given_name_latin="Bopha")
    system, today = system_of(role, "1601"), timezone.localdate()
    sees, records = (200 if role in MAY_SEE_CARE else 403), role in MAY_RECORD
    summary = 200 if role in MAY_SEE_CARE & MAY_READ else 403

    searches = {
        name: system.find(name, patient=person.pk).status_code
        for name in CARE_TYPES
    }  # fmt: skip
    reads = {name: system.get(f"{name}/{person.pk}").status_code for name in CARE_TYPES}
    sent = {
        "Encounter": {},
        "Immunization": immunization(person, today),
        "Observation": observation(person, today),
    }
    writes = {name: system.post(name, body).status_code for name, body in sent.items()}

    assert searches == dict.fromkeys(CARE_TYPES, sees)
    assert set(reads.values()) == ({404, 200} if sees == 200 else {403})
    assert writes == (
        {"Encounter": 422, "Immunization": 201, "Observation": 422}
        if records
        else dict.fromkeys(sent, 403)
    )
    assert system.get(f"Patient/{person.pk}/$summary").status_code == summary


def test_every_right_in_the_table_is_given_to_some_role() -> None:
    rights = [right for resource in RESOURCES.values() for right in resource.rights.values()]

    unreachable = [
        right
        for right in rights
        for purpose in right.purposes
        if right.permission
        and not any(
            purpose in role.permissions.get(right.permission, ()) for role in ROLES.values()
        )
    ]

    assert len(rights) >= 6
    assert unreachable == []
    assert {p for right in rights for p in right.purposes} <= set(Purpose)


@pytest.mark.parametrize(
    ("scope", "read", "search"),
    [
        ("system/Patient.rs", True, True),
        ("system/Patient.r", True, False),
        ("system/Patient.s", False, True),
        ("system/Patient.read", True, True),
        ("system/*.read", True, True),
        ("system/*.*", True, True),
        ("system/Patient.cruds", True, True),
        ("system/Patient.write", False, False),
        ("system/Patient.cud", False, False),
        ("system/Location.rs", False, False),
        ("user/Patient.rs", False, False),
        ("registry", False, False),
        ("system/Location.rs system/Patient.s", False, True),
    ],
)
def test_a_token_is_good_for_its_scopes_only(
    scope: str, read: bool, search: bool, system_of: Callable[..., System], family: Household
) -> None:
    system = system_of("health_record_system", "160101", scope=scope)
    person = Person.objects.get(given_name_latin="Dara")

    answers = [system.get(f"Patient/{person.pk}"), system.find("Patient", name="Dara")]

    assert [answer.status_code == 200 for answer in answers] == [read, search]
    for answer in answers:
        if answer.status_code != 200:
            assert (answer.status_code, code(answer)) == (403, "interop.fhir_scope_missing")
            assert AuditEntry.objects.filter(kind="refusal").exists()


def test_a_scope_gives_nothing_that_the_roles_do_not(
    system_of: Callable[..., System], family: Household
) -> None:
    system = system_of("analyst", "", scope="system/*.cruds")

    answer = system.find("Patient", name="Dara")

    assert (answer.status_code, code(answer)) == (403, "kernel.not_allowed")


def test_a_token_for_fhir_opens_no_other_address(records: System, family: Household) -> None:
    answer = records.client.get(
        f"/api/v1/registry/households/{family.pk}",
        headers={"Authorization": f"Bearer {records.token}"},
    )

    assert answer.status_code == 401


def test_without_a_good_token_nothing_is_told(records: System, family: Household) -> None:
    for token in ("", "unknown"):
        for address in ("Patient", "Location/16", "Organization"):
            answer = System(token).get(address)
            assert (answer.status_code, code(answer)) == (401, "kernel.not_signed_in")
            assert answer["WWW-Authenticate"] == 'Bearer realm="spean"'
        assert System(token).post("", {"resourceType": "Bundle"}).status_code == 401
        assert System(token).get("metadata").status_code == 200


def test_a_browsers_session_signs_nobody_in(
    client_of: Callable[..., object], places: dict[str, Place]
) -> None:
    browser = System("", client=client_of("health_record_system"))  # type: ignore[arg-type]

    assert browser.get("Location/16").status_code == 401


def test_whoever_asks_too_often_is_told_to_wait(
    records: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spean.interop.fhir.edge._throttle.num_requests", 2)

    answers = [records.get("Location/16") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"


def test_every_scope_that_may_be_asked_for_is_understood() -> None:
    scopes = grantable(RESOURCES)

    assert len(scopes) == (len(RESOURCES) + 1) * 34
    for scope in scopes:
        offered = scope.rpartition(".")[2]
        assert covers(scope, "Patient", "read") == (
            scope.startswith(("system/*", "system/Patient")) and offered != "write" and (
                "r" in offered or offered == "*"
            )
        )  # fmt: skip
