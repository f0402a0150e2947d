"""Each mistake and fault that is foreseen has its code, Khmer and English, and loses nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from spean.health_equity import actions
from spean.health_equity.actions import payment as paying
from spean.health_equity.actions import statements as making
from spean.health_equity.models import Claim, Sample, Statement, Suspension
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility
from spean.payments.models import Order, Payment
from tests.calls import post
from tests.health_equity.conftest import DAY, MONTH, UNTIL
from tests.health_equity.test_facilities_are_paid import ON, order, payer, statement

__all__ = ["order", "payer", "statement"]
API = "/api/v1/health_equity/claims"
KHMER = range(0x1780, 0x1800)


def is_khmer(text: str) -> bool:
    return any(ord(char) in KHMER for char in text)


def same_day(day: date) -> dict[str, Any]:
    return {"came_on": day, "left_on": day, "submitted_on": day + timedelta(days=1)}


@pytest.mark.parametrize(
    ("line", "given", "code"),
    [
        ({"on": UNTIL}, same_day(UNTIL), "cover_ended"),
        ({}, {}, "facility_suspended"),
        ({"service": "caesarean", "asked": 480_000}, {}, "wrong_level"),
        ({"on": date(1989, 12, 31)}, same_day(date(1989, 12, 31)), "before_birth"),
    ],
)
def test_what_a_claim_has_wrong_is_answered_by_its_code_in_khmer_and_english(
    claim_of: Callable[..., Claim], facility_of: Callable[..., Facility], system: Actor,
    client_of: Callable[..., Client], line: dict[str, Any], given: dict[str, Any], code: str,
) -> None:  # fmt: skip
    if code == "facility_suspended":
        Suspension.objects.create(facility=facility_of(), reason="t", start=DAY, made_by="t",
                                  end=DAY + timedelta(days=1))  # fmt: skip
    claim = claim_of(line, **given)
    actions.adjudicate(claim_ids=[claim.pk], by=system, on=ON)

    (judged,) = client_of("facility_clerk", "1601").get(f"{API}/{claim.pk}").json()["judgements"]

    said = {one["code"]: one for one in judged["lines"][0]["reasons"] + judged["reasons"]}
    assert (judged["outcome"], judged["amount"]) == ("rejected", 0)
    assert is_khmer(said[code]["km"])
    assert not is_khmer(said[code]["en"])


@pytest.fixture
def sent(facility_of: Callable[..., Facility]) -> dict[str, Any]:
    """Give a claim as a facility sends it."""
    line = {"service": "outpatient", "on": DAY.isoformat(), "asked": 4000}
    return {"external": "A1", "scheme": "hef", "came_on": DAY.isoformat(),
            "left_on": DAY.isoformat(), "diagnoses": ["A09"], "lines": [line],
            "facility": facility_of().code}  # fmt: skip


def _send(client: Client, sent: dict[str, Any], **changed: Any) -> Any:
    claim = {name: value for name, value in sent.items() if name != "facility"} | changed
    return post(client, "health_equity/claims", {"facility": sent["facility"], "claims": [claim]})


def test_a_claim_sent_twice_is_one_claim_and_another_under_its_number_is_refused(
    sent: dict[str, Any], client_of: Callable[..., Client]
) -> None:
    client = client_of("facility_clerk", "1601")
    first, again = _send(client, sent).json(), _send(client, sent).json()
    other = _send(client, sent, diagnoses=["B50"]).json()

    assert again["again"] == first["kept"]
    assert Claim.objects.count() == 1
    (refused,) = other["refused"]
    assert refused["code"] == "health_equity.claim_number_used"
    assert (is_khmer(refused["km"]), is_khmer(refused["en"])) == (True, False)


def test_a_claim_of_ten_thousand_lines_is_refused_and_nothing_of_it_kept(
    sent: dict[str, Any], client_of: Callable[..., Client]
) -> None:
    answer = _send(client_of("facility_clerk", "1601"), sent, lines=sent["lines"] * 10_000)

    (refused,) = answer.json()["refused"]
    assert refused["code"] == "health_equity.lines_impossible"
    assert (is_khmer(refused["km"]), is_khmer(refused["en"])) == (True, False)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_second_verifier_of_a_claim_is_told_who_has_it(
    sample: Sample, verifier: Actor, client_of: Callable[..., Client], language: str
) -> None:
    row = sample.claims.all()[0]
    actions.take_claim(sampled_id=row.pk, by=verifier)
    second = client_of("claims_verifier", name="second", language=language)

    answer = post(second, f"health_equity/samples/claims/{row.pk}/take")

    assert (answer.status_code, answer.json()["code"]) == (409, "health_equity.taken_by_another")
    assert is_khmer(answer.json()["detail"]) is (language == "km")
    row.refresh_from_db()
    assert row.taken_by == verifier.name


def test_an_order_that_is_killed_in_the_middle_leaves_nothing_and_is_made_once(
    statement: Statement, payer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"scheme": "hef", "month": MONTH, "by": payer, "on": ON}

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(paying.audit, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.order_statements(**asked)
    assert (Order.objects.count(), Payment.objects.count()) == (0, 0)

    actions.order_statements(**asked)

    assert Payment.objects.get().amount == statement.total


def test_statements_that_are_killed_in_the_middle_are_made_whole_and_once(
    facility_of: Callable[..., Facility], actor: Callable[..., Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for n in range(3):
        facility_of(f"HC{n}")
    chief = actor("certification_chief", "", Purpose.PAYMENT)
    real, done = making._state, []

    def second_is_killed(*given: Any) -> Statement:
        done.append(given)
        if len(done) == 2:
            raise KeyboardInterrupt
        return real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(making, "_state", second_is_killed)
        with pytest.raises(KeyboardInterrupt):
            actions.make_statements(scheme="hef", month=MONTH, by=chief, on=ON)
    assert not Statement.objects.exists()

    assert len(actions.make_statements(scheme="hef", month=MONTH, by=chief, on=ON)) == 3
