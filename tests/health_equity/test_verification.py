"""A month's sample from the draw to what follows, by several verifiers at once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions, queries
from spean.health_equity.actions import verification
from spean.health_equity.models import Claim, FacilityAction, Sample, SampledClaim
from spean.health_equity.queries import verification as reads
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import SpeanError
from tests.calls import post
from tests.health_equity.conftest import DAY, FEE, MONTH


def check(row: SampledClaim, by: Actor, *, right: Decimal = FEE, finding: str = "right") -> None:
    actions.check_claim(
        sampled_id=row.pk, by=by, at=timezone.now(),
        found=actions.Found("agrees", "not_done", finding, right, "Seen in the register"),
    )  # fmt: skip


def test_a_sample_is_drawn_once_from_a_seed_and_repeats(
    sample: Sample, certifier: Actor, paid_claim: Callable[..., Claim]
) -> None:
    assert sample.claims.count() == 6
    assert sample.strata == [
        {"code": "health_centre:visit", "claims": 6, "amount": "24000", "drawn": 6}
    ]
    with pytest.raises(actions.DrawnAlready):
        actions.draw_sample(scheme="hef", month=MONTH, seed="other", by=certifier)


def test_a_month_with_a_claim_that_waits_is_not_drawn(
    paid_claim: Callable[..., Claim], certifier: Actor
) -> None:
    paid_claim()
    Claim.objects.update(state="submitted", amount=None)

    with pytest.raises(actions.NothingToDraw):
        actions.draw_sample(scheme="hef", month=MONTH, seed="s", by=certifier)


def test_two_verifiers_never_check_one_claim(
    sample: Sample, verifier: Actor, actor: Callable[..., Actor]
) -> None:
    other = actor("claims_verifier", "", Purpose.PAYMENT, name="second")
    row = sample.claims.all()[0]
    actions.take_claim(sampled_id=row.pk, by=verifier)

    with pytest.raises(actions.TakenByAnother):
        actions.take_claim(sampled_id=row.pk, by=other)
    with pytest.raises(actions.TakenByAnother):
        check(row, other)
    check(row, verifier)


@pytest.mark.parametrize(
    ("finding", "right"),
    [("right", 3999), ("over_claim", 4000), ("over_claim", 5000), ("over_claim", -1), ("odd", 0)],
)
def test_a_finding_that_does_not_fit_its_amount_is_refused(
    sample: Sample, verifier: Actor, finding: str, right: int
) -> None:
    with pytest.raises(actions.FindingImpossible):
        check(sample.claims.all()[0], verifier, finding=finding, right=Decimal(right))


def test_a_sample_closes_when_all_is_checked_and_pays_what_is_right(
    sample: Sample, verifier: Actor, certifier: Actor
) -> None:
    first, *others = sample.claims.order_by("claim__number")
    for row in others:
        check(row, verifier)
    with pytest.raises(actions.NotAllChecked):
        close(sample, certifier)
    check(first, verifier, finding="over_claim", right=Decimal(1000))

    done = close(sample, certifier)

    assert done.result is not None
    assert done.result["estimate"]["too_much"] == "3000"
    assert done.result["facilities"]["HC1"]["gives_back"] == "3000"
    first.claim.refresh_from_db()
    assert (first.claim.state, first.claim.amount) == ("reduced", 1000)
    assert first.claim.adjudications.get().kind == "verification"
    todo = FacilityAction.objects.get()
    assert (todo.finding, todo.claims, todo.due_on) == ("over_claim", 1, date(2026, 5, 9))
    with pytest.raises(actions.SampleClosed):
        check(first, verifier)
    with pytest.raises(actions.SampleClosed):
        close(sample, certifier)


def close(sample: Sample, by: Actor) -> Sample:
    return actions.close_sample(sample_id=sample.pk, by=by, on=DAY, at=timezone.now())


def test_what_is_wrong_in_a_part_is_extrapolated_to_all_claims_of_the_facility(
    paid_claim: Callable[..., Claim],
    certifier: Actor,
    verifier: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(60):
        paid_claim()
    drawn = verification.draw
    monkeypatch.setattr(verification, "draw", lambda claims, size, seed: drawn(
        claims, size=30, seed=seed))  # fmt: skip
    sample = actions.draw_sample(scheme="hef", month=MONTH, seed="s", by=certifier)
    for place, row in enumerate(sample.claims.order_by("claim__number")):
        wrong = place % 2 == 0
        check(row, verifier, finding="no_record" if wrong else "right",
              right=Decimal(0) if wrong else FEE)  # fmt: skip

    facility = (close(sample, certifier).result or {})["facilities"]["HC1"]

    assert facility["found"] == str(15 * FEE)
    assert Decimal(facility["found"]) < Decimal(facility["gives_back"]) < 30 * FEE


def test_the_facility_says_what_it_has_done(
    sample: Sample, verifier: Actor, certifier: Actor, actor: Callable[..., Actor]
) -> None:
    for row in sample.claims.all():
        check(row, verifier, finding="no_record", right=Decimal(0))
    close(sample, certifier)
    chief = actor("facility_chief", "1601", Purpose.PAYMENT)
    (todo,) = reads.actions_of(by=chief)

    actions.answer_action(action_id=todo.pk, answer="A register was opened", by=chief, on=DAY)

    with pytest.raises(actions.MendedAlready):
        actions.answer_action(action_id=todo.pk, answer="Again", by=chief, on=DAY)
    far = actor("facility_chief", "1602", Purpose.PAYMENT)
    with pytest.raises(SpeanError):
        actions.answer_action(action_id=todo.pk, answer="No", by=far, on=DAY)


def test_what_stands_out_is_pointed_out_with_its_reason(
    paid_claim: Callable[..., Claim], mother: Any, certifier: Actor
) -> None:
    type(mother).objects.filter(pk=mother.pk).update(death_date=date(2026, 1, 1))
    paid_claim(person=mother)

    found = queries.outliers("hef", MONTH, by=certifier)

    assert [(one.facility, one.reason, one.figure) for one in found] == [
        ("HC1", "after_death", Decimal(1))
    ]


SEES = {"certification_chief", "claims_verifier", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_and_does_what_it_may(
    sample: Sample, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    row = sample.claims.all()[0]
    api = "health_equity/samples"
    reads = ["/care/samples", f"/care/samples/{sample.pk}", f"/api/v1/{api}",
             f"/api/v1/{api}/{sample.pk}", f"/api/v1/{api}/{sample.pk}/claims"]  # fmt: skip
    seen = {client.get(address).status_code for address in reads}
    outliers = client.get(f"/api/v1/{api}/outliers", {"scheme": "hef", "month": "2026-02-01"})
    page = client.get(f"/care/samples/claims/{row.pk}").status_code
    found = {"on_paper": "agrees", "by_phone": "not_done", "finding": "right",
             "right_amount": 4000}  # fmt: skip
    checked = post(client, f"{api}/claims/{row.pk}/check", found).status_code
    drawn = post(client, api, {"scheme": "hef", "month": "2026-02-01", "seed": "x"}).status_code
    closed = post(client, f"{api}/{sample.pk}/close").status_code

    assert seen == {200 if role in SEES else 403}
    assert outliers.status_code == (200 if role in SEES else 403)
    assert page == (200 if role == "claims_verifier" else 403)
    assert checked == (200 if role == "claims_verifier" else 403)
    assert (drawn, closed) == ((409, 422) if role == "certification_chief" else (403, 403))


def test_a_claim_is_checked_on_the_page(sample: Sample, client_of: Callable[..., Client]) -> None:
    client = client_of("claims_verifier")
    row = sample.claims.all()[0]
    address = f"/care/samples/claims/{row.pk}"

    wrong = client.post(address, {"on_paper": "agrees", "by_phone": "differs",
                                  "finding": "right", "right_amount": "5"})  # fmt: skip
    done = client.post(address, {"on_paper": "agrees", "by_phone": "differs",
                                 "finding": "over_claim", "right_amount": "1,000"})  # fmt: skip

    assert (wrong.status_code, done.status_code) == (422, 302)
    row.refresh_from_db()
    assert (row.right_amount, row.checked_by) == (1000, "claims_verifier_nation")


def test_a_closed_sample_names_the_facilities_that_give_back(
    sample: Sample, verifier: Actor, certifier: Actor, client_of: Callable[..., Client]
) -> None:
    for row in sample.claims.all():
        check(row, verifier)
    actions.close_sample(sample_id=sample.pk, by=certifier, at=timezone.now(), on=DAY)

    shown = client_of("certification_chief").get(f"/care/samples/{sample.pk}").content.decode()

    back = shown[shown.index("What facilities give back") :]
    assert "Facility HC1" in back[: back.index("</table>")]
