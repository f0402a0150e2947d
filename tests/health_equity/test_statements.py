"""What a facility is paid for a month: claims, corrections, grants; each claim once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from spean.config.roles import ROLES
from spean.health_equity import actions
from spean.health_equity.models import Claim, QualityScore, Sample, Statement
from spean.kernel.access import Actor, Purpose
from tests.calls import post
from tests.health_equity.conftest import DAY, FEE, MONTH
from tests.health_equity.test_verification import check, close

MARCH, LATER = date(2026, 3, 1), date(2026, 4, 10)
GRANT = 2_000_000


def make(month: date, by: Actor) -> Statement:
    (made,) = actions.make_statements(scheme="hef", month=month, by=by, on=LATER)
    return made


@pytest.fixture
def verified(sample: Sample, verifier: Actor, certifier: Actor) -> None:
    """Check the whole sample of February, one claim of which is worth 1,000 less."""
    first, *others = sample.claims.order_by("claim__number")
    check(first, verifier, finding="over_claim", right=FEE - 1000)
    for row in others:
        check(row, verifier)
    close(sample, certifier)


def test_a_statement_adds_up_claims_corrections_and_the_fixed_grant(
    verified: None,
    certifier: Actor,
) -> None:
    made = make(MONTH, certifier)

    assert (made.claims, made.asked, made.claimed) == (6, 6 * FEE, 6 * FEE - 1000)
    assert (made.fixed_grant, made.total) == (GRANT, 6 * FEE - 1000 + GRANT)
    assert made.policies[0]["key"] == "health_equity.grants"


def test_a_month_is_stated_once_and_only_when_verified_and_over(
    sample: Sample,
    certifier: Actor,
) -> None:
    with pytest.raises(actions.SampleOpen):
        make(MONTH, certifier)
    with pytest.raises(actions.MonthNotOver):
        actions.make_statements(scheme="hef", month=LATER, by=certifier, on=LATER)


def test_no_claim_is_stated_twice_and_what_changes_later_comes_as_a_difference(
    verified: None,
    certifier: Actor,
    paid_claim: Callable[..., Claim],
) -> None:
    make(MONTH, certifier)
    with pytest.raises(actions.StatedAlready):
        make(MONTH, certifier)
    Claim.objects.filter(number="C-00002").update(state="rejected", amount=0)

    march = make(MARCH, certifier)

    assert (march.claims, march.claimed) == (1, -FEE)
    assert march.total == GRANT - FEE


def test_a_quarters_last_month_pays_quality_by_the_verified_score(
    verified: None,
    certifier: Actor,
    actor: Callable[..., Actor],
) -> None:
    district = actor("quality_assessor", "1601", Purpose.PAYMENT)
    score = actions.score_quality(
        facility="HC1", quarter=MONTH, score=Decimal(92), by=district, on=DAY
    )
    assert score.quarter == date(2026, 1, 1)
    make(MONTH, certifier)

    with pytest.raises(actions.GroundsNeeded):
        actions.verify_score(score_id=score.pk, score=Decimal(85), reason="", by=certifier)
    actions.verify_score(
        score_id=score.pk, score=Decimal(85), reason="No handwashing", by=certifier
    )

    assert make(MARCH, certifier).performance_grant == 6_000_000 * 90 // 100


def test_nobody_verifies_their_own_score_and_a_score_is_a_percentage(
    verified: None,
    certifier: Actor,
    actor: Callable[..., Actor],
) -> None:
    district = actor("quality_assessor", "1601", Purpose.PAYMENT)

    with pytest.raises(actions.ScoreImpossible):
        actions.score_quality(facility="HC1", quarter=MONTH, score=Decimal(101), by=district,
                              on=DAY)  # fmt: skip
    actions.score_quality(facility="HC1", quarter=MONTH, score=Decimal(90), by=district, on=DAY)
    with pytest.raises(actions.ScoredAlready):
        actions.score_quality(facility="HC1", quarter=MONTH, score=Decimal(91), by=district,
                              on=DAY)  # fmt: skip
    QualityScore.objects.update(scored_by=certifier.name)
    with pytest.raises(actions.OwnScore):
        actions.verify_score(score_id=QualityScore.objects.get().pk, score=Decimal(90), reason="",
                             by=certifier)  # fmt: skip


def test_what_is_below_nothing_is_carried_over(
    verified: None,
    certifier: Actor,
) -> None:
    make(MONTH, certifier)
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.update(total=-500)
    Statement.objects.update(total=-500, claimed=-500, given_back=0, fixed_grant=0)

    march = make(MARCH, certifier)

    assert (march.carried, march.total) == (-500, GRANT - 500)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_and_does_what_it_may(
    verified: None,
    client_of: Callable[..., Client],
    role: str,
    certifier: Actor,
) -> None:
    made = make(MONTH, certifier)
    client = client_of(role, "1601" if role in {"facility_chief", "quality_assessor"} else "")
    sees = {"facility_chief", "certification_chief", "scheme_payer", "auditor", "facility_clerk",
            "programme_officer"}  # fmt: skip
    reads = ["/care/statements", f"/care/statements/{made.pk}",
             "/api/v1/health_equity/statements", f"/api/v1/health_equity/statements/{made.pk}",
             f"/api/v1/health_equity/statements/{made.pk}/claims"]  # fmt: skip
    asked = {"scheme": "hef", "month": "2026-02-01"}
    score = {"facility": "HC1", "quarter": "2026-01-01", "score": 80}

    assert {client.get(one).status_code for one in reads} == {200 if role in sees else 403}
    again = post(client, "health_equity/statements", asked).status_code
    assert again == (409 if role in {"scheme_payer", "certification_chief"} else 403)
    scored = post(client, "health_equity/scores", score).status_code
    assert scored == (201 if role == "quality_assessor" else 403)


def test_a_chief_sees_only_the_statements_of_the_own_area(
    verified: None,
    client_of: Callable[..., Client],
    certifier: Actor,
) -> None:
    made = make(MONTH, certifier)
    client = client_of("facility_chief", "1602")

    assert client.get("/api/v1/health_equity/statements").json()["items"] == []
    assert client.get(f"/care/statements/{made.pk}").status_code == 403


def test_a_statement_names_its_month_in_words_and_says_that_no_claim_is_in_it(
    verified: None,
    client_of: Callable[..., Client],
    certifier: Actor,
) -> None:
    make(MONTH, certifier)
    made = make(MARCH, certifier)

    shown = client_of("facility_chief", "1601").get(f"/care/statements/{made.pk}").content.decode()

    assert "March 2026" in shown
    assert "No claim is here." in shown
    assert "Its claims, what was cut first" not in shown
