"""What one scheme leaves is asked of the next over FHIR, and shown so: insurances in order."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from spean.health_equity import actions
from spean.health_equity.models import Claim, Listing
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility
from spean.registry.models import Person
from tests.interop.fhir.claims import CAME, MINE, SCHEME, TODAY, claim, concept, khr, line
from tests.interop.fhir.conftest import System, code, ids
from tests.interop.fhir.test_claims_cycle import reasons, says_both_languages

RELATION = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
OTHERS = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication"
Json = dict[str, Any]


def insured(*schemes: str, answer: str = "", focal: int = -1) -> list[Json]:
    """Write insurances by schemes in their order: the last one is asked, the first has answered."""
    listed: list[Json] = [
        {"sequence": n, "focal": False,
         "coverage": {"identifier": {"system": SCHEME, "value": one}}}
        for n, one in enumerate(schemes, 1)
    ]  # fmt: skip
    listed[focal]["focal"] = True
    if answer:
        listed[0]["claimResponse"] = {"reference": f"ClaimResponse/{answer}"}
    return listed


@pytest.fixture
def worker(covered: Person, facility_of: Callable[..., Facility]) -> Person:
    """Give the poor mother, whom social security covers too; both pay the health centre."""
    facility_of(scheme="workers")
    Listing.objects.create(person=covered, group="worker", start=date(2020, 1, 1), source="t",
                           listed_by="t")  # fmt: skip
    return covered


@pytest.fixture
def first(records: System, worker: Person) -> str:
    """Claim a consultation from social security, which pays 1,000 of it."""
    sent = records.post("Claim", claim(worker, "A-1", insurance=insured("workers")))
    pays(sent.body["id"], 1000)
    return str(sent.body["id"])


def pays(claim_id: str, amount: int) -> None:
    """Let a reviewer judge what a claim of one line is paid."""
    reviewer = Actor.system("reviewer", purpose=Purpose.PAYMENT)
    actions.override_claim(claim_id=UUID(claim_id), amounts={1: amount},
                           reason="half", by=reviewer, on=TODAY)  # fmt: skip


def rest(patient: Person, first: str, *lines: Json, **more: Any) -> Json:
    """Write the claim of what social security left to the Fund; say what differs."""
    given = {"insurance": insured("workers", "hef", answer=first)} | more
    return claim(patient, "A-2", *lines, **given)


def amounts(rows: list[Json]) -> dict[str, Json]:
    """Give the amounts of an answer by the code of what they are."""
    return {one["category"]["coding"][0]["code"]: one["amount"] for one in rows if "amount" in one}


@pytest.mark.parametrize("asked", [4000, 3000])
def test_the_next_payer_adds_what_the_first_left_whether_all_or_the_rest_is_asked(
    records: System, worker: Person, first: str, asked: int
) -> None:
    sent = records.post("Claim", rest(worker, first, line(net=khr(asked))))

    answer = records.get(f"ClaimResponse/{sent.body['id']}").body
    made = Claim.objects.get(pk=sent.body["id"])
    assert (sent.status_code, answer["outcome"]) == (201, "complete")
    assert (str(made.remainder_of_id), made.scheme, made.asked, made.amount, made.whole) == (
        first, "hef", asked, 3000, 4000)  # fmt: skip
    assert reasons(records.get(f"ClaimResponse/{sent.body['id']}")) == (
        {"paid_by_another"} if asked == 4000 else set()
    )
    told = {"submitted": khr(asked), "benefit": khr(3000), "priorpayerpaid": khr(1000)}
    assert amounts(answer["total"]) == told
    assert amounts(answer["item"][0]["adjudication"]) == told


def kept(made: Claim) -> tuple[Any, ...]:
    """Give what is kept of a remainder, and how it was judged."""
    made.refresh_from_db()
    (judged,) = made.adjudications.all()
    return (made.remainder_of_id, made.scheme, made.asked, made.whole, made.person, made.came_on,
            made.left_on, made.state, made.amount, judged.codes, judged.lines)  # fmt: skip


def test_it_is_kept_and_judged_like_one_that_the_page_builds(
    records: System, worker: Person, first: str, actor: Callable[..., Actor]
) -> None:
    clerk = actor("facility_clerk", "160101", Purpose.PAYMENT)
    with transaction.atomic():
        built = actions.claim_remainder(claim_id=UUID(first), by=clerk, on=TODAY)
        actions.adjudicate(claim_ids=[built.pk], by=Actor.system("t"), on=TODAY)
        by_page = kept(built)
        transaction.set_rollback(True)

    sent = records.post("Claim", rest(worker, first, line(net=khr(3000)))).body["id"]

    assert kept(Claim.objects.get(pk=sent)) == by_page
    assert by_page[-3] == 3000


def test_one_that_the_page_built_is_shown_with_who_was_asked_before(
    records: System, worker: Person, first: str, actor: Callable[..., Actor]
) -> None:
    clerk = actor("facility_clerk", "160101", Purpose.PAYMENT)
    built = actions.claim_remainder(claim_id=UUID(first), by=clerk, on=TODAY)
    actions.adjudicate(claim_ids=[built.pk], by=Actor.system("t"), on=TODAY)

    shown = records.get(f"Claim/{built.pk}").body
    answer = records.get(f"ClaimResponse/{built.pk}").body

    asked = {"sequence": 2, "focal": True,
             "coverage": {"reference": f"Coverage/hef-{worker.pk}"}}  # fmt: skip
    assert shown["insurance"] == answer["insurance"] == [
        {"sequence": 1, "focal": False, "coverage": {"reference": f"Coverage/workers-{worker.pk}"},
         "claimResponse": {"reference": f"ClaimResponse/{first}"}}, asked,
    ]  # fmt: skip
    assert shown["related"] == [
        {"claim": {"reference": f"Claim/{first}"}, "relationship": concept(RELATION, "prior")}
    ]
    (other,) = [one for one in answer["total"] if one["category"]["coding"][0]["system"] == OTHERS]
    assert other["amount"] == khr(1000)
    alone = records.get(f"Claim/{first}").body
    assert [one["sequence"] for one in alone["insurance"]] == [1]
    assert "related" not in alone
    assert set(amounts(records.get(f"ClaimResponse/{first}").body["total"])) == {
        "submitted", "benefit"}  # fmt: skip
    assert set(ids(records.find("Claim", patient=str(worker.pk)))) == {first, str(built.pk)}


@pytest.mark.parametrize(
    "named",
    [
        lambda first: {"related": [{"claim": {"reference": f"Claim/{first}"},
                                    "relationship": concept(RELATION, "prior")}],
                       "insurance": insured("hef")},
        lambda first: {"insurance": [
            insured("workers", "hef")[0] | {"claimResponse": {
                "identifier": {"system": MINE, "value": "A-1"}}},
            insured("workers", "hef")[1]]},
        lambda first: {"insurance": insured("workers", "hef", answer=first),
                       "related": [{"claim": {"identifier": {"system": MINE, "value": "A-1"}},
                                    "relationship": concept(RELATION, "prior")}]},
    ],
    ids=["as the prior claim", "by the claimant's number", "in both ways"],
)  # fmt: skip
def test_the_claim_before_may_be_named_in_each_way_that_fhir_has(
    records: System, worker: Person, first: str, named: Callable[[str], Json]
) -> None:
    sent = records.post("Claim", rest(worker, first, **named(first)))

    assert sent.status_code == 201
    assert [one["focal"] for one in sent.body["insurance"]] == [False, True]


def test_a_repeat_is_the_same_claim_and_another_under_its_number_is_refused(
    records: System, worker: Person, first: str
) -> None:
    body = rest(worker, first)
    sent = records.post("Claim", body)
    again = records.post("Claim", body)
    alone = records.post("Claim", body | {"insurance": insured("hef")})

    assert (again.status_code, again.body) == (200, sent.body)
    assert (alone.status_code, code(alone)) == (409, "health_equity.claim_number_used")
    assert Claim.objects.count() == 2


BEFORE = CAME.replace(day=1).isoformat()
BAD: dict[str, tuple[Json, int, str]] = {
    "no such claim": (
        {"insurance": insured("workers", "hef", answer="x")}, 422, "interop.fhir_prior_unknown",
    ),
    "two that are asked": (
        {"insurance": [one | {"focal": True} for one in insured("workers", "hef")]},
        422, "interop.fhir_focal_unclear",
    ),
    "none that is asked": (
        {"insurance": [one | {"focal": False} for one in insured("workers", "hef")]},
        422, "interop.fhir_focal_unclear",
    ),
    "a service that was not claimed": (
        {"item": [line(service="emergency")]}, 422, "health_equity.not_of_case",
    ),
    "more of a service": (
        {"item": [line(quantity={"value": 2})]}, 422, "health_equity.not_of_case",
    ),
    "other days": (
        {"billablePeriod": {"start": BEFORE, "end": CAME.isoformat()}},
        422, "health_equity.not_of_case",
    ),
    "the scheme that answered": (
        {"related": [], "insurance": "workers again"}, 409, "health_equity.nothing_left",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_remainder_is_refused_in_both_languages(
    what: str, records: System, worker: Person, first: str
) -> None:
    differs, status, expected = BAD[what]
    if differs.get("insurance") == "workers again":
        differs = {"insurance": insured("workers", "workers", answer=first)}

    answer = records.post("Claim", rest(worker, first) | differs)

    assert (answer.status_code, code(answer)) == (status, expected)
    told = answer.body["issue"][0]["details"]
    assert says_both_languages(told["text"], told["_text"])
    assert Claim.objects.count() == 1


def test_another_patients_case_is_not_taken_for_this_ones(
    records: System, worker: Person, first: str
) -> None:
    daughter = Person.objects.get(given_name_latin="Thida")

    answer = records.post("Claim", rest(daughter, first))

    assert code(answer) == "health_equity.not_of_case"


def test_the_next_payer_waits_until_the_first_has_answered(
    records: System, worker: Person, first: str
) -> None:
    Claim.objects.filter(pk=first).update(state="held", amount=None)

    answer = records.post("Claim", rest(worker, first))

    assert (answer.status_code, code(answer)) == (409, "health_equity.nothing_left")


def test_a_claim_of_another_area_is_no_case_of_ones_own(
    records: System, worker: Person, first: str, system_of: Callable[..., System],
    facility_of: Callable[..., Facility],
) -> None:  # fmt: skip
    facility_of("HC2", place="16020101")
    other = system_of("health_record_system", "1602")
    provider = {"reference": "Organization/HC2"}

    answer = other.post("Claim", rest(worker, first, provider=provider))

    assert code(answer) == "interop.fhir_prior_unknown"


def test_however_much_is_asked_all_together_never_pay_more_than_the_fee(
    records: System, worker: Person, first: str
) -> None:
    sent = records.post("Claim", rest(worker, first, line(net=khr(900_000)))).body["id"]

    with pytest.raises(actions.MoreThanFee):
        pays(sent, 4001)
    assert Claim.objects.get(pk=sent).amount == 3000
