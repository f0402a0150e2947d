"""The same families as the beneficiary, civil and disability registries know them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from spean.interop.models import OutsideEnrolment, Release
from spean.kernel.access import Actor
from spean.programmes.models import Enrolment
from spean.registry import actions as registry
from spean.registry.models import Household, Person
from tests.interop.spdci.conftest import Caller, expression, identifier

NUMBER = "1234/1988"
FUNCTIONING = {
    "seeing": 3, "hearing": 1, "walking": 2, "remembering": 1, "self_care": 1, "communicating": 1,
}  # fmt: skip


@pytest.fixture
def asking(caller: Callable[..., Caller], homes: Any) -> Caller:
    return caller()


@pytest.fixture
def enrolment(homes: dict[str, Household]) -> Enrolment:
    for programme in ("disability_allowance", "base_support"):
        made = Enrolment.objects.create(
            household=homes["sok"], programme=programme, village="16010101", state="enrolled",
            since=date(2026, 11, 24), amount=1000,
        )  # fmt: skip
    return Enrolment.objects.get(programme="disability_allowance") if made else made


def lookup(asking: Caller, path: str, criteria: str, query: dict[str, Any]) -> Any:
    message = {
        "transaction_id": str(uuid4()),
        criteria: {"query_type": "expression", "query": query},
    }
    answer = asking.send(path, "search", message)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["message"]["transaction_id"] == body["transaction_id"]
    return body["message"]


def enrolled(asking: Caller, number: str, programme: str = "") -> str:
    query: dict[str, Any] = {"person_identifier": {"eq": number}}
    if programme:
        query["programme_identifier.program.programme_identifier"] = {"eq": programme}
    found = lookup(asking, "ibr/registry/sync/enrolled", "enrolled_criteria", query)
    return str(found["enrolled_response"][0]["enrolled_status"])


def test_a_beneficiary_is_found_with_its_programme(asking: Caller, enrolment: Enrolment) -> None:
    [record] = asking.records(identifier("BRN", NUMBER), registry="ibr")

    assert record["enrollment_status"] == "1"
    assert record["enrollment_date"] == "2026-11-24T00:00:00+07:00"
    assert record["programme_identifier"][0]["programme_name"] == "Disability allowance"
    assert record["group"]["group_size"] == 2


def test_a_confidential_programme_is_never_told(asking: Caller, enrolment: Enrolment) -> None:
    query = expression({"programme_identifier": "base_support"})

    assert asking.records(query, registry="ibr") == []
    assert enrolled(asking, NUMBER, "base_support") == "no"


def test_whether_somebody_is_enrolled(asking: Caller, enrolment: Enrolment) -> None:
    assert enrolled(asking, NUMBER) == "yes"
    assert enrolled(asking, NUMBER, "disability_allowance") == "yes"
    assert enrolled(asking, NUMBER, "scholarship") == "no"
    assert enrolled(asking, "unknown") == "no"
    given = Release.objects.all()
    assert [row.fields for row in given] == [["programmes"]] * 3  # a no tells something too


@pytest.mark.parametrize(
    "member",
    [
        {"member_identifier": NUMBER},
        {"member_identifier": [{"identifier_type": "BRN", "identifier_value": NUMBER}]},
        {"demographic_info": {"identifier": [{"identifier_value": NUMBER}]}},
        {
            "demographic_info": {
                "person": {"identifier_type": "BRN", "identifier_value": NUMBER},
            }
        },
    ],
)
def test_a_programme_tells_us_of_its_beneficiaries(asking: Caller, member: Any) -> None:
    beneficiary = {
        "member": member,
        "programme_identifier": [{"programme_identifier": "NSSF", "programme_name": "Pension"}],
        "enrollment_date": "2026-01-02T00:00:00+07:00",
        "enrollment_status": "Active",
    }
    unknown = beneficiary | {"member": {"member_identifier": "nobody"}}
    message = {
        "transaction_id": "t-1",
        "enrolled_updates": {"beneficiaries": [beneficiary, unknown]},
    }
    path = "ibr/registry/sync/enrollment/updates"
    answer = asking.send(path, "notify", message, status="succ").json()

    assert [one["status"] for one in answer["enrolled_response"]] == ["succ", "rjct"]
    told = OutsideEnrolment.objects.get()
    assert (told.programme, told.since, told.status) == ("NSSF", date(2026, 1, 2), "1")
    assert enrolled(asking, NUMBER, "NSSF") == "yes"
    ended = beneficiary | {"enrollment_status": "Graduated"}
    again = {"transaction_id": "t-2", "enrolled_updates": {"beneficiaries": [ended]}}
    asking.send(path, "notify", again, status="succ")
    assert enrolled(asking, NUMBER, "NSSF") == "no"
    assert OutsideEnrolment.objects.count() == 1


def test_the_samples_own_form_of_a_beneficiary_is_read_too(asking: Caller) -> None:
    sample = {
        "assistance_unit": "1",
        "member": {
            "demographic_info": {"person": {"identifier_type": "BRN", "identifier_value": NUMBER}},
            "programme_identifier": {
                "programme": {"programme_identifier": "DCI001", "programme_name": "Test"},
                "enrolment_date": "2024-02-02",
                "enrolment_status": "Active",
            },
        },
    }
    message = {"transaction_id": "t-1", "enrolled_updates": {"beneficiaries": [sample]}}
    path = "ibr/registry/sync/enrollment/updates"

    assert asking.send(path, "notify", message, status="succ").status_code == 200
    assert enrolled(asking, NUMBER, "DCI001") == "yes"


def test_the_civil_registry_knows_the_living_and_the_dead(
    asking: Caller, homes: dict[str, Household], system: Actor
) -> None:
    person = Person.objects.get(given_name_latin="Thida")
    Person.objects.filter(pk=person.pk).update(death_date=date(2026, 11, 25))

    everybody = asking.records(expression({"sex": {"$in": ["male", "female"]}}), registry="crvs")
    [dead] = asking.records(expression({"death_date": {"$gt": "2026-01-01"}}), registry="crvs")

    assert len(everybody) == 6
    assert dead["@type"] == "CRVSPerson"
    assert dead["death_date"] == "2026-11-25T00:00:00+07:00"
    assert dead["name"]["given_name"] == "Thida"


@pytest.fixture
def assessed(homes: dict[str, Household], system: Actor) -> None:
    """Record difficulties in seeing and walking for Sok Dara."""
    person = Person.objects.get(given_name_latin="Dara")
    change = registry.propose_change(
        kind="record_functioning", household=None, person=person, reason="Asked",
        proposal=FUNCTIONING, effective_on=date(2026, 11, 24), by=system,
        on=date(2026, 11, 26),
    )  # fmt: skip
    registry.approve_change(
        change=change, by=Actor(None, system.purpose, "council"), on=date(2026, 11, 26)
    )


def test_the_disability_registry_gives_one_record_an_answer(asking: Caller, assessed: None) -> None:
    answer = asking.search(identifier("BRN", NUMBER), registry="dr").json()

    [response] = answer["message"]["search_response"]
    record = response["data"]["reg_records"]
    assert record["personal_details"]["is_disabled"] is True
    assert record["personal_details"]["disability_info"][0] == {
        "@type": "DisabilityInfo", "disability_limitation_type": "VIS_SS",
        "functional_severity": "3",
    }  # fmt: skip
    assert record["disability_details"] == [
        {"@type": "DisabilityDetails", "impairment_type": "1", "impairment_level": "3"},
        {"@type": "DisabilityDetails", "impairment_type": "3", "impairment_level": "1"},
    ]


def test_whether_somebody_is_disabled_and_how(asking: Caller, assessed: None) -> None:
    query = {"member.member_identifier": {"eq": NUMBER}}

    found = {
        path: lookup(asking, f"dr/registry/sync/{path}", "disabled_criteria", query)
        for path in ("disabled", "get-disability-details", "get-disability-support")
    }

    assert found["disabled"]["disabled_response"][0]["disabled_status"] == "yes"
    details = found["get-disability-details"]["search_response"][0]["data"]["reg_records"]
    assert len(details[0]["disability_details"]) == 2
    support = found["get-disability-support"]["search_response"][0]["data"]["reg_records"]
    assert support == [[]]
    nobody = {"member.member_identifier": {"eq": "nobody"}}
    other = lookup(asking, "dr/registry/sync/disabled", "disabled_criteria", nobody)
    assert other["disabled_response"][0]["disabled_status"] == "no"


def test_a_purpose_without_disability_is_told_nothing_of_it(
    caller: Callable[..., Caller], homes: Any
) -> None:
    paying = caller(purpose="payment")
    message = {"transaction_id": "1", "disabled_criteria": {"query": {"identifier": NUMBER}}}

    answer = paying.send("dr/registry/sync/disabled", "search", message)

    assert answer.status_code == 403


def test_a_registry_that_tells_more_than_a_purpose_gives_is_closed_to_it(
    caller: Callable[..., Caller], homes: Any
) -> None:
    care, paying = caller(sender_id="a", purpose="care"), caller(purpose="payment")

    for asking, closed in ((care, "ibr"), (paying, "dr")):
        body = asking.search(identifier("BRN", NUMBER), registry=closed).json()
        response = body["message"]["search_response"][0]
        assert response["status_reason_code"] == "rjct.search_criteria.invalid"


@pytest.mark.parametrize("query", ["", [], {}, {"shoe": {"eq": 1}}, {"identifier": {"lt": "1"}}])
def test_a_question_without_an_identifier_is_refused(asking: Caller, query: Any) -> None:
    message = {"transaction_id": "1", "disabled_criteria": {"query": query}}

    answer = asking.send("dr/registry/sync/disabled", "search", message)

    assert answer.status_code == 400
