"""Claims are judged by named rules; each judgement is kept and says why."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from spean.health_equity import actions, jobs
from spean.health_equity.actions import adjudication
from spean.health_equity.models import Claim, Contract, Listing, Suspension
from spean.health_equity.queries.claims import Asked
from spean.health_equity.queries.claims import claim as read_claim
from spean.health_equity.queries.judgements import explained
from spean.kernel import runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry, LongRun
from spean.locations.models import Facility
from spean.registry.models import Person
from tests.health_equity.conftest import DAY

ON = date(2026, 4, 1)
STAY = {"service": "inpatient_adult", "asked": 120_000}
PAPERS = {"documents": ["discharge_note"]}


def judge(*claims: Claim, by: Actor | None = None) -> list[tuple[str, list[str]]]:
    """Judge claims together; give the outcome and codes of each."""
    actions.adjudicate(claim_ids=[one.pk for one in claims], by=by or Actor.system("t"), on=ON)
    return [(one.outcome, one.codes) for claim in claims for one in claim.adjudications.all()]


def test_a_claim_that_is_in_order_is_accepted(claim_of: Callable[..., Claim]) -> None:
    claim = claim_of()

    outcomes = actions.adjudicate(claim_ids=[claim.pk], by=Actor.system("t"), on=ON)

    claim.refresh_from_db()
    (kept,) = claim.adjudications.all()
    assert outcomes == {"accepted": 1}
    assert (claim.state, claim.amount) == ("accepted", Decimal(4000))
    assert (kept.outcome, kept.amount, kept.codes) == ("accepted", Decimal(4000), [])
    assert kept.lines == [{"place": 1, "codes": [], "quantity": 1, "amount": 4000}]


def test_a_facility_suspended_on_the_day_is_paid_for_the_days_around_it(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]
) -> None:
    Suspension.objects.create(facility=facility_of(), reason="t", start=DAY, made_by="t",
                              end=DAY + timedelta(days=1))  # fmt: skip
    next_day = DAY + timedelta(days=1)
    lines = ({"on": DAY}, {"on": next_day, "service": "emergency", "asked": 20_000})

    claim = claim_of(*lines, left_on=DAY + timedelta(days=1), submitted_on=ON)

    assert judge(claim) == [("reduced", ["facility_suspended"])]
    assert [one["amount"] for one in claim.adjudications.get().lines] == [0, 20_000]


def test_a_facility_without_contract_on_the_day_is_not_paid(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]
) -> None:
    Contract.objects.filter(facility=facility_of()).update(end=DAY)

    assert judge(claim_of()) == [("rejected", ["not_contracted"])]


@pytest.mark.parametrize(
    ("line", "given", "codes"),
    [
        ({"service": "caesarean"}, {},
         ["wrong_level", "diagnosis_not_for_service", "document_missing"]),
        ({"service": "massage"}, {}, ["service_unknown"]),
        ({"service": "transport"}, {"scheme": "workers", "documents": ["receipt"]},
         ["not_contracted", "not_in_package", "not_covered"]),
        ({}, {"person": None}, ["person_unknown"]),
        ({}, {"person": None, "birth_date": date(2026, 3, 11)}, ["person_unknown", "before_birth"]),
        ({}, {"birth_date": date(1990, 1, 2)}, ["birth_date_differs"]),
        ({"on": date(2024, 1, 1)},
         {"came_on": date(2024, 1, 1), "left_on": date(2024, 1, 1)}, ["not_covered", "late"]),
        ({"on": date(2027, 1, 2)},
         {"came_on": date(2027, 1, 2), "left_on": date(2027, 1, 2),
          "submitted_on": date(2027, 1, 3)}, ["cover_ended"]),
    ],
)  # fmt: skip
def test_a_claim_that_is_wrong_says_in_what(
    claim_of: Callable[..., Claim], line: dict[str, Any], given: dict[str, Any], codes: list[str]
) -> None:
    ((outcome, found),) = judge(claim_of(line, **given))

    assert found == codes
    assert outcome == ("held" if codes == ["birth_date_differs"] else "rejected")


def test_the_same_service_of_a_day_is_paid_once_whatever_the_order(
    claim_of: Callable[..., Claim],
) -> None:
    first, second = claim_of(), claim_of()

    assert judge(second) == [("rejected", ["duplicate"])]
    assert judge(first) == [("accepted", [])]


def test_a_withdrawn_claim_is_no_duplicate(claim_of: Callable[..., Claim]) -> None:
    claim_of(state="withdrawn")

    assert judge(claim_of()) == [("accepted", [])]


def test_a_claim_seen_only_after_a_later_one_was_paid_is_not_paid_too(
    claim_of: Callable[..., Claim],
) -> None:
    judge(claim_of(number="T9"))

    assert judge(claim_of(number="T1")) == [("rejected", ["duplicate"])]


def test_a_person_merged_into_another_has_claimed_before(
    claim_of: Callable[..., Claim], mother: Person, family_in: Callable[..., Any], village: Any
) -> None:
    other = family_in(village).memberships.get(relation="head").person
    claim_of(person=other)
    Person.objects.filter(pk=other.pk).update(merged_into=mother)

    assert judge(claim_of()) == [("rejected", ["duplicate"])]


def test_two_stays_may_meet_on_a_day_and_not_overlap(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]
) -> None:
    there, here = facility_of("H1", "cpa2"), facility_of("H2", "cpa2", "16020101")
    days = [{"came_on": DAY + timedelta(days=a), "left_on": DAY + timedelta(days=b),
             "submitted_on": ON} for a, b in ((0, 3), (3, 5), (4, 6))]  # fmt: skip
    claims = [claim_of(STAY | {"on": one["came_on"]}, facility=where, **one, **PAPERS)
              for where, one in zip((there, here, there), days, strict=True)]  # fmt: skip

    assert judge(*claims) == [
        ("accepted", []), ("accepted", []), ("rejected", ["overlapping_stay"])]  # fmt: skip


def test_a_scheme_that_pays_first_is_asked_first(
    claim_of: Callable[..., Claim], mother: Person
) -> None:
    Listing.objects.create(person=mother, group="worker", start=DAY, source="t", listed_by="t")

    assert judge(claim_of()) == [("rejected", ["other_payer_first"])]


def test_the_fee_is_that_of_the_level_on_the_day(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]
) -> None:
    hospital = facility_of("H1", "cpa1")

    claim = claim_of({"asked": 9000}, facility=hospital)

    assert judge(claim) == [("reduced", ["over_fee"])]
    assert claim.adjudications.get().amount == 8000


def test_a_held_claim_has_no_amount_yet_and_says_what_the_rules_would_pay(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]
) -> None:
    claim = claim_of(STAY, facility=facility_of("H1", "cpa2"))

    assert judge(claim) == [("held", ["document_missing"])]
    claim.refresh_from_db()
    assert (claim.amount, claim.adjudications.get().lines[0]["amount"]) == (None, 120_000)


def test_each_line_is_explained_with_the_policy_of_its_day(
    claim_of: Callable[..., Claim], system: Actor
) -> None:
    claim = claim_of({"asked": 5000}, birth_date=date(1980, 1, 1))
    judge(claim)

    found = read_claim(claim.pk, by=system)
    said = explained(found, found.adjudications.get())

    (about_claim,), (line,) = said.reasons, said.lines
    assert (about_claim.code, about_claim.source) == ("birth_date_differs", None)
    ((reason,), amount) = line.reasons, line.amount
    assert (reason.code, amount) == ("over_fee", 4000)
    assert reason.source is not None
    assert (reason.source.key, reason.source.since) == (
        "health_equity.fees.hef", date(2019, 1, 1))  # fmt: skip
    assert AuditEntry.objects.filter(action="health_equity.read_claim").count() == 1


def test_what_is_judged_is_not_judged_again(claim_of: Callable[..., Claim]) -> None:
    claim = claim_of()
    judge(claim)

    with pytest.raises(actions.NothingToJudge):
        judge(claim)


def test_what_was_judged_stands(claim_of: Callable[..., Claim]) -> None:
    claim = claim_of()
    judge(claim)

    for statement in ("UPDATE health_equity_adjudication SET amount = 1",
                      "DELETE FROM health_equity_adjudication",
                      "DELETE FROM health_equity_claim"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "column", [f.column for f in Claim._meta.concrete_fields if f.name not in {"state", "amount"}]
)
def test_what_was_claimed_stands(claim_of: Callable[..., Claim], column: str) -> None:
    claim_of()
    table = "health_equity_claim"
    changed = {
        "uuid": "gen_random_uuid()", "boolean": f"NOT {column}", "bigint": "0",
        "date": "'1999-01-01'", "timestamp with time zone": "'1999-01-01'",
        "numeric": f"coalesce({column}, 0) + 1", "character varying": "'x'", "ARRAY": "'{x}'",
    }  # fmt: skip

    with (
        pytest.raises(DatabaseError, match="what was claimed stands"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT data_type FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = %s", [table, column],
        )  # fmt: skip
        cursor.execute(f"UPDATE {table} SET {column} = {changed[cursor.fetchone()[0]]}")


def test_what_was_withdrawn_stays_withdrawn(claim_of: Callable[..., Claim]) -> None:
    claim_of(state="withdrawn")

    with pytest.raises(DatabaseError, match="what was claimed stands"), transaction.atomic():
        Claim.objects.update(state="submitted")


def test_the_statement_for_a_few_claims_is_planned_once(claim_of: Callable[..., Claim]) -> None:
    for name in ("A1", "A2", "A3"):
        judge(claim_of(external=name))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%health_equity_adjudication%'"
        )
        assert cursor.fetchone() == (3,)


def test_only_a_reviewer_lets_the_rules_judge(
    claim_of: Callable[..., Claim], actor: Callable[..., Actor]
) -> None:
    claim = claim_of()

    with pytest.raises(NotAllowed):
        judge(claim, by=actor("facility_clerk", "160101", Purpose.PAYMENT))
    assert judge(claim, by=actor("claims_reviewer", "", Purpose.PAYMENT))[0][0] == "accepted"


def test_long_work_judges_in_parts_and_goes_on_after_it_was_stopped(
    claim_of: Callable[..., Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        day = DAY + timedelta(days=8 * n)
        claim_of({"on": day}, came_on=day, left_on=day, submitted_on=date(2026, 6, 1))
    before = date(2026, 2, 10)
    claim_of({"on": before}, came_on=before, left_on=before, month=date(2026, 2, 1))
    monkeypatch.setattr(adjudication, "AT_ONCE", 2)
    monkeypatch.setattr(jobs, "WORKERS", 1)
    march = {"on": "2026-03-20"}
    run = LongRun.objects.create(kind="claims", parameters=march, started_by="t")
    steps: list[int] = []

    def stop_at_the_second(self: Any, doing: str, done: int, total: int) -> None:
        steps.append(done)
        if steps == [0, 2]:
            raise runs.Cancelled

    monkeypatch.setattr(runs.Progress, "step", stop_at_the_second)

    with pytest.raises(runs.Cancelled):
        jobs.adjudicate_claims(runs.Progress(run))
    assert Claim.objects.filter(state="accepted").count() == 2
    rest = jobs.adjudicate_claims(runs.Progress(run))

    assert rest == {"accepted": 3}
    assert steps == [0, 2, 0, 2]
    assert Claim.objects.filter(state="submitted").count() == 1


def test_a_month_of_a_facility_is_judged_alone(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility]
) -> None:
    claim_of()
    other = claim_of(facility=facility_of("HC2", place="16020101"))

    actions.adjudicate_waiting(asked=Asked("HC1", DAY), by=Actor.system("t"), on=ON)

    other.refresh_from_db()
    assert other.state == "submitted"
