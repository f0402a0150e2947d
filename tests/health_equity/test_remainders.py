"""What one payer leaves is claimed from the next, and all together never pay more than the fee."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from spean.config.roles import ROLES
from spean.health_equity import actions
from spean.health_equity.models import Claim, Contract, Listing
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility
from spean.registry.models import Person
from tests.calls import post
from tests.health_equity.conftest import DAY

ON = date(2026, 4, 1)
CLERKS = {"facility_clerk", "facility_chief", "health_record_system"}
DELIVERY = {"service": "delivery", "asked": 80_000}
PAPERS = {"diagnoses": ["O80"], "documents": ["birth_record"], "scheme": "workers"}


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk of the facility's commune."""
    return actor("facility_clerk", "160101", Purpose.PAYMENT)


@pytest.fixture
def reviewer(actor: Callable[..., Actor]) -> Actor:
    """Give a reviewer of claims."""
    return actor("claims_reviewer", "", Purpose.PAYMENT)


@pytest.fixture
def worker(mother: Person, facility_of: Callable[..., Facility]) -> Person:
    """Give the poor mother, whom social security covers too; both pay the health centre."""
    facility_of()
    facility_of(scheme="workers")
    Listing.objects.create(person=mother, group="worker", start=date(2020, 1, 1), source="t",
                           listed_by="t")  # fmt: skip
    return mother


def judge(claim: Claim) -> Claim:
    actions.adjudicate(claim_ids=[claim.pk], by=Actor.system("t"), on=ON)
    claim.refresh_from_db()
    return claim


@pytest.fixture
def first(worker: Person, claim_of: Callable[..., Claim], reviewer: Actor) -> Claim:
    """Give a delivery for which social security pays 50,000 of 80,000."""
    claim = judge(claim_of(DELIVERY, **PAPERS))
    actions.override_claim(claim_id=claim.pk, amounts={1: 50_000}, reason="half a stay",
                           by=reviewer, on=ON)  # fmt: skip
    claim.refresh_from_db()
    return claim


@pytest.fixture
def rest(first: Claim, clerk: Actor) -> Claim:
    """Claim the rest from the Fund."""
    return actions.claim_remainder(claim_id=first.pk, by=clerk, on=ON)


def test_the_next_payer_is_asked_for_what_its_fee_leaves_and_pays_it(
    first: Claim, rest: Claim
) -> None:
    assert (rest.scheme, rest.remainder_of, rest.asked, rest.whole, rest.state) == (
        "hef", first, 30_000, 80_000, "submitted")  # fmt: skip
    assert rest.external == f"{first.number}+1"

    judged = judge(rest)

    assert (judged.state, judged.amount) == ("accepted", 30_000)
    assert judged.adjudications.get().codes == []


def test_each_scheme_is_asked_once_and_when_those_before_have_answered(
    rest: Claim, clerk: Actor, first: Claim
) -> None:
    with pytest.raises(actions.NothingLeft):  # the Fund has not answered
        actions.claim_remainder(claim_id=first.pk, by=clerk, on=ON)
    judge(rest)
    with pytest.raises(actions.NothingLeft):  # nobody is left
        actions.claim_remainder(claim_id=rest.pk, by=clerk, on=ON)


def test_a_claim_that_was_rejected_is_asked_of_the_next_payer_whole(
    worker: Person, claim_of: Callable[..., Claim], clerk: Actor
) -> None:
    Contract.objects.filter(scheme="workers").update(start=DAY + timedelta(days=1))
    first = judge(claim_of(DELIVERY, **PAPERS))
    assert (first.state, first.adjudications.get().codes) == ("rejected", ["not_contracted"])

    rest = judge(actions.claim_remainder(claim_id=first.pk, by=clerk, on=ON))

    assert (rest.state, rest.amount) == ("accepted", 80_000)


@pytest.mark.parametrize(
    ("first_pays", "asked", "left"),
    [(4000, None, None), (3999, 1, 1), (1000, 3000, 3000), (5000, None, None)],
)
def test_the_next_payer_adds_up_to_its_own_fee(
    worker: Person, claim_of: Callable[..., Claim], clerk: Actor, reviewer: Actor,
    first_pays: int, asked: int | None, left: int | None,
) -> None:  # fmt: skip
    first = judge(claim_of({"asked": 6000}, scheme="workers"))
    actions.override_claim(claim_id=first.pk, amounts={1: first_pays}, reason="r", by=reviewer,
                           on=ON)  # fmt: skip
    if asked is None:
        with pytest.raises(actions.NothingLeft):
            actions.claim_remainder(claim_id=first.pk, by=clerk, on=ON)
        return

    rest = judge(actions.claim_remainder(claim_id=first.pk, by=clerk, on=ON))

    assert (rest.asked, rest.amount) == (asked, left)


def test_a_later_judgement_never_pays_more_than_the_fee_together(
    first: Claim, rest: Claim, reviewer: Actor
) -> None:
    judge(rest)

    with pytest.raises(actions.MoreThanFee) as refused:
        actions.override_claim(claim_id=first.pk, amounts={1: 50_001}, reason="r", by=reviewer,
                               on=ON)  # fmt: skip
    assert "30,000" in str(refused.value)
    assert "50,000" in str(refused.value)
    actions.override_claim(claim_id=rest.pk, amounts={1: 10_000}, reason="r", by=reviewer, on=ON)
    actions.override_claim(claim_id=first.pk, amounts={1: 70_000}, reason="r", by=reviewer, on=ON)


def test_the_database_holds_the_fee_whoever_writes(first: Claim, rest: Claim) -> None:
    judge(rest)

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=first.pk).update(amount=50_001)


def test_what_a_payer_was_judged_meanwhile_is_taken_off_by_the_rules(
    first: Claim, rest: Claim, reviewer: Actor
) -> None:
    actions.override_claim(claim_id=first.pk, amounts={1: 65_000}, reason="r", by=reviewer, on=ON)

    judged = judge(rest)

    assert (judged.state, judged.amount) == ("reduced", 15_000)
    assert judged.adjudications.get().codes == ["paid_by_another"]


@pytest.mark.parametrize(
    ("pays_first", "earlier", "paid"),
    [(50_000, 7_966_000, 4000), (50_000, 7_966_001, 3999),  # 30,000 are left of the delivery
     (65_000, 7_981_000, 4000), (65_000, 7_981_001, 3999)],
)  # fmt: skip
def test_the_years_ceiling_counts_what_is_left_of_a_case_not_the_whole_price_asked(
    first: Claim, claim_of: Callable[..., Claim], reviewer: Actor,
    pays_first: int, earlier: int, paid: int,
) -> None:  # fmt: skip
    actions.override_claim(claim_id=first.pk, amounts={1: pays_first}, reason="r", by=reviewer,
                           on=ON)  # fmt: skip
    rest = claim_of(DELIVERY, **PAPERS | {"scheme": "hef"}, remainder_of=first, whole=80_000)
    before, after = DAY - timedelta(days=30), DAY + timedelta(days=10)
    claim_of({"asked": earlier, "on": before}, came_on=before, left_on=before)
    Listing.objects.update(end=after)  # then the Fund pays first
    later = claim_of({"on": after}, came_on=after, left_on=after, submitted_on=ON)

    judge(rest)

    assert rest.asked == 80_000
    assert judge(later).amount == paid


def test_a_remainder_is_no_care_of_its_own(
    first: Claim, rest: Claim, claim_of: Callable[..., Claim]
) -> None:
    judge(rest)

    again = judge(claim_of(DELIVERY, **PAPERS | {"scheme": "hef"}))

    assert again.state == "rejected"
    assert "duplicate" in again.adjudications.get().codes


def test_the_first_claim_stays_while_the_rest_is_claimed(
    worker: Person, claim_of: Callable[..., Claim], clerk: Actor
) -> None:
    Contract.objects.filter(scheme="workers").update(start=DAY + timedelta(days=1))
    first = judge(claim_of(DELIVERY, **PAPERS))
    rest = actions.claim_remainder(claim_id=first.pk, by=clerk, on=ON)

    with pytest.raises(actions.RemainderClaimed):
        actions.withdraw_claim(claim_id=first.pk, reason="wrong", by=clerk, on=ON)
    actions.withdraw_claim(claim_id=rest.pk, reason="wrong", by=clerk, on=ON)
    actions.withdraw_claim(claim_id=first.pk, reason="wrong", by=clerk, on=ON)


def test_building_a_month_claims_what_was_left_too_and_once(first: Claim, clerk: Actor) -> None:
    month: dict[str, Any] = {"facility": "HC1", "month": DAY, "by": clerk, "on": ON}

    (made,) = actions.build_claims(**month)

    assert (made.remainder_of_id, made.asked) == (first.pk, Decimal(30_000))
    assert list(actions.build_claims(**month)) == []


def test_the_claim_shows_who_pays_what_and_asks_the_next_payer_from_the_page(
    first: Claim, client_of: Callable[..., Client]
) -> None:
    client = client_of("facility_clerk", "1601")

    done = client.post(f"/claims/{first.pk}/remainder")
    rest = Claim.objects.get(remainder_of=first)
    shown = client.get(f"/claims/{rest.pk}").content.decode()

    assert done["Location"] == f"/claims/{rest.pk}"
    for text in ("Who pays what", "Social security of workers", "Health Equity Fund", "50,000"):
        assert text in shown
    again = client.post(f"/claims/{first.pk}/remainder", follow=True)
    assert "No other scheme of the patient" in again.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_answer(
    first: Claim, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)

    made = post(client, f"health_equity/claims/{first.pk}/remainder")
    page = client.post(f"/claims/{first.pk}/remainder")

    assert made.status_code == (201 if role in CLERKS else 403)
    assert page.status_code == (302 if role in CLERKS else 403)
    if role in CLERKS:
        assert made.json()["remainder_of"] == str(first.pk)
