"""A reviewer overrides, a facility appeals, another answers; everything stays on record."""

from collections.abc import Callable
from datetime import date

import pytest

from spean.health_equity import actions
from spean.health_equity.models import Claim
from spean.health_equity.queries.claims import to_review
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.locations.models import Facility
from tests.health_equity.conftest import DAY

ON = date(2026, 4, 1)


@pytest.fixture
def reviewer(actor: Callable[..., Actor]) -> Actor:
    """Give a reviewer of claims."""
    return actor("claims_reviewer", "", Purpose.PAYMENT)


@pytest.fixture
def clerk(actor: Callable[..., Actor]) -> Actor:
    """Give the clerk of the facility's commune."""
    return actor("facility_clerk", "160101", Purpose.PAYMENT)


@pytest.fixture
def rejected(claim_of: Callable[..., Claim], system: Actor) -> Claim:
    """Give a claim of two lines that was rejected for its diagnosis."""
    claim = claim_of({"asked": 4000}, {"service": "emergency", "asked": 20_000}, diagnoses=["x"])
    actions.adjudicate(claim_ids=[claim.pk], by=system, on=ON)
    return claim


@pytest.fixture
def held(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility], system: Actor
) -> Claim:
    """Give a claim that is held for a document."""
    hospital = facility_of("H1", "cpa2")
    claim = claim_of({"service": "inpatient_adult", "asked": 120_000}, facility=hospital)
    actions.adjudicate(claim_ids=[claim.pk], by=system, on=ON)
    return claim


@pytest.mark.parametrize(
    ("amounts", "outcome"),
    [({1: 4000, 2: 20_000}, "accepted"), ({1: 4000, 2: 0}, "reduced"), ({1: 0, 2: 0}, "rejected")],
)
def test_a_reviewer_judges_line_by_line_and_what_was_judged_before_stays(
    rejected: Claim, reviewer: Actor, amounts: dict[int, int], outcome: str
) -> None:
    actions.override_claim(
        claim_id=rejected.pk, amounts=amounts, reason="A09 was meant", by=reviewer, on=ON
    )

    rejected.refresh_from_db()
    rules, override = rejected.adjudications.order_by("sequence")
    assert (rejected.state, rejected.amount) == (outcome, sum(amounts.values()))
    assert (rules.outcome, override.outcome, override.reason) == (
        "rejected", outcome, "A09 was meant")  # fmt: skip


@pytest.mark.parametrize("amounts", [{}, {1: 4000}, {1: 4001, 2: 0}, {1: -1, 2: 0},
                                     {1: 0, 2: 0, 3: 0}])  # fmt: skip
def test_an_amount_lies_between_nothing_and_what_was_asked(
    rejected: Claim, reviewer: Actor, amounts: dict[int, int]
) -> None:
    with pytest.raises(actions.AmountImpossible):
        actions.override_claim(
            claim_id=rejected.pk, amounts=amounts, reason="r", by=reviewer, on=ON
        )


def test_a_judgement_of_a_person_has_a_reason(rejected: Claim, reviewer: Actor) -> None:
    with pytest.raises(actions.WhyMissing):
        actions.override_claim(
            claim_id=rejected.pk, amounts={1: 0, 2: 0}, reason=" ", by=reviewer, on=ON
        )


def test_nobody_judges_what_they_claimed(
    claim_of: Callable[..., Claim], system: Actor, reviewer: Actor
) -> None:
    claim = claim_of(submitted_by=reviewer.name)
    actions.adjudicate(claim_ids=[claim.pk], by=system, on=ON)

    with pytest.raises(actions.NotOwnClaim):
        actions.override_claim(claim_id=claim.pk, amounts={1: 0}, reason="r", by=reviewer, on=ON)


def test_what_waits_for_the_rules_is_not_overridden(
    claim_of: Callable[..., Claim], reviewer: Actor
) -> None:
    with pytest.raises(actions.NotJudged):
        actions.override_claim(
            claim_id=claim_of().pk, amounts={1: 0}, reason="r", by=reviewer, on=ON
        )


def test_an_appeal_that_is_upheld_judges_anew(
    rejected: Claim, clerk: Actor, reviewer: Actor
) -> None:
    appeal = actions.appeal_claim(claim_id=rejected.pk, text="See the file", by=clerk, on=ON)

    actions.answer_appeal(
        appeal_id=appeal.pk, upheld=True, amounts={1: 4000, 2: 0}, answer="Seen", by=reviewer,
        on=ON,
    )  # fmt: skip

    rejected.refresh_from_db()
    appeal.refresh_from_db()
    assert (rejected.state, rejected.amount) == ("reduced", 4000)
    assert [one.kind for one in rejected.adjudications.order_by("sequence")] == [
        "rules", "appeal"]  # fmt: skip
    assert (appeal.upheld, appeal.answered_by) == (True, reviewer.name)
    with pytest.raises(actions.AnsweredAlready):
        actions.answer_appeal(appeal_id=appeal.pk, upheld=False, amounts={}, answer="No",
                              by=reviewer, on=ON)  # fmt: skip


def test_an_appeal_that_is_not_upheld_leaves_the_judgement(
    rejected: Claim, clerk: Actor, reviewer: Actor
) -> None:
    appeal = actions.appeal_claim(claim_id=rejected.pk, text="See the file", by=clerk, on=ON)

    actions.answer_appeal(appeal_id=appeal.pk, upheld=False, amounts={}, answer="No such code",
                          by=reviewer, on=ON)  # fmt: skip

    rejected.refresh_from_db()
    assert (rejected.state, rejected.adjudications.count()) == ("rejected", 1)


@pytest.mark.parametrize(("on", "late"), [(date(2026, 5, 1), False), (date(2026, 5, 2), True)])
def test_an_appeal_is_made_within_thirty_days(
    rejected: Claim, clerk: Actor, on: date, *, late: bool
) -> None:
    if late:
        with pytest.raises(actions.AppealLate):
            actions.appeal_claim(claim_id=rejected.pk, text="t", by=clerk, on=on)
    else:
        assert actions.appeal_claim(claim_id=rejected.pk, text="t", by=clerk, on=on).pk


def test_only_what_was_cut_is_appealed_and_once(rejected: Claim, held: Claim, clerk: Actor) -> None:
    actions.appeal_claim(claim_id=rejected.pk, text="t", by=clerk, on=ON)

    for claim in (rejected, held):
        with pytest.raises(actions.NothingToAppeal):
            actions.appeal_claim(claim_id=claim.pk, text="t", by=clerk, on=ON)


def test_who_judged_does_not_answer_the_appeal(
    rejected: Claim, clerk: Actor, reviewer: Actor, actor: Callable[..., Actor]
) -> None:
    actions.override_claim(
        claim_id=rejected.pk, amounts={1: 0, 2: 0}, reason="r", by=reviewer, on=ON
    )
    appeal = actions.appeal_claim(claim_id=rejected.pk, text="t", by=clerk, on=ON)
    given = {"appeal_id": appeal.pk, "upheld": False, "amounts": {}, "answer": "No", "on": ON}

    with pytest.raises(actions.NotOwnClaim):
        actions.answer_appeal(**given, by=reviewer)
    other = actor("claims_reviewer", "", Purpose.PAYMENT, name="another")
    assert actions.answer_appeal(**given, by=other).answered_by == "another"


def test_a_clerk_of_elsewhere_does_not_appeal(rejected: Claim, actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        actions.appeal_claim(
            claim_id=rejected.pk, text="t", by=actor("facility_clerk", "1602", Purpose.PAYMENT),
            on=ON,
        )  # fmt: skip


def test_what_is_held_or_appealed_waits_for_a_reviewer(
    rejected: Claim, held: Claim, claim_of: Callable[..., Claim], clerk: Actor, reviewer: Actor
) -> None:
    claim_of(came_on=DAY, number="T999")
    assert list(to_review(by=reviewer)) == [held]

    actions.appeal_claim(claim_id=rejected.pk, text="t", by=clerk, on=ON)

    assert set(to_review(by=reviewer)) == {held, rejected}
