"""Answers that go against the books: a person decides, and the money is booked where it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.payments import actions, queries
from spean.payments.models import AnswerFile, ChannelAnswer, Order, Payment
from tests.calls import post
from tests.payments.conftest import DAY, references

Answer, Prepare = Callable[..., dict[str, int]], Callable[..., Order]


def _odd() -> ChannelAnswer:
    return ChannelAnswer.objects.filter(
        effect__in=["contradicts", "other_amount", "unknown"]
    ).latest("id")  # fmt: skip


def _decide(verdict: str, by: Actor, grounds: str = "The channel's letter of 6 November") -> None:
    actions.decide_answer(answer_id=_odd().pk, verdict=verdict, grounds=grounds, by=by, on=DAY)


def _money(by: Actor) -> tuple[int, int, int]:
    (one,) = queries.budgets(by=by)
    return int(one.available), int(one.in_channels), int(one.with_families)


@pytest.mark.parametrize(
    ("said", "verdict", "state", "money"),
    [
        (["FAILED", "SUCCESS"], "paid", "paid", (700_000, 200_000, 100_000)),
        (["FAILED", "SUCCESS"], "stands", "failed", (800_000, 200_000, 0)),
        (["SUCCESS", "FAILED"], "failed", "failed", (800_000, 200_000, 0)),
        (["SUCCESS", "FAILED"], "stands", "paid", (700_000, 200_000, 100_000)),
    ],
)
def test_the_money_is_booked_where_it_is_by_the_verdict(
    released: Order, answer: Answer, people: dict[str, Actor], said: list[str], verdict: str,
    state: str, money: tuple[int, int, int],
) -> None:  # fmt: skip
    (a, *_) = references(released)
    for word in said:
        answer((a, word, 100_000))

    _decide(verdict, people["first"])

    assert Payment.objects.get(reference=a).state == state
    assert _money(people["first"]) == money


@pytest.mark.parametrize(
    ("verdict", "money"),
    [("paid", (700_000, 200_000, 100_000)), ("failed", (800_000, 200_000, 0))],
)
def test_another_amount_is_decided_too(
    released: Order, answer: Answer, people: dict[str, Actor], verdict: str,
    money: tuple[int, int, int],
) -> None:  # fmt: skip
    (a, *_) = references(released)
    answer((a, "SUCCESS", 10_000))

    _decide(verdict, people["first"])

    assert _money(people["first"]) == money


def test_who_was_paid_by_another_payment_since_is_not_booked_twice(
    released: Order, answer: Answer, prepare: Prepare, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    answer((a, "FAILED", 100_000))
    prepare(key="again")
    answer((a, "SUCCESS", 100_000))

    with pytest.raises(actions.PaidOtherwise):
        _decide("paid", people["first"])
    _decide("stands", people["first"])

    assert Payment.objects.get(reference=a).state == "failed"


def test_what_nobody_sent_can_only_stand(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    answer(("NEVER-1", "SUCCESS", 100_000))

    assert queries.possible([_odd()]) == {_odd().pk: {"stands": 0}}
    with pytest.raises(actions.VerdictImpossible):
        _decide("paid", people["first"])
    _decide("stands", people["first"])


def test_an_answer_is_decided_once_by_an_approver_with_grounds(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    answer((a, "FAILED", 100_000), (a, "SUCCESS", 100_000))
    with pytest.raises(NotAllowed):
        _decide("paid", people["payer"])
    with pytest.raises(actions.GroundsMissing):
        _decide("paid", people["first"], grounds=" ")
    _decide("paid", people["first"])

    with pytest.raises(actions.VerdictGiven):
        _decide("failed", people["second"])
    with pytest.raises(NotFound):
        queries.answer_for(0)


def test_the_budget_holds_also_against_a_verdict(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    answer((a, "FAILED", 100_000))
    actions.withdraw(
        programme="flood_cash_transfer", funder="national-budget", amount=800_000, source="Act 3",
        key="w", by=people["budget"], on=DAY,
    )  # fmt: skip
    answer((a, "SUCCESS", 100_000))

    with pytest.raises(actions.BudgetExceeded):
        _decide("paid", people["first"])

    assert Payment.objects.get(reference=a).state == "failed"


def test_the_approver_decides_on_the_page_and_over_the_api(
    released: Order, answer: Answer, client_of: Callable[..., Client]
) -> None:
    a, b, _ = references(released)
    answer((a, "FAILED", 100_000), (a, "SUCCESS", 100_000), (b, "SUCCESS", 1))
    file, approver = AnswerFile.objects.latest("received_at"), client_of("payment_approver")
    listed = approver.get(f"/api/v1/payments/answers/{file.pk}/waiting").json()["items"]
    waiting = sorted(listed, key=lambda one: one["reference"])
    assert [(one["reference"], one["possible"]) for one in waiting] == [
        (a, [{"verdict": "stands", "held": 0}, {"verdict": "paid", "held": 100_000}]),
        (b, [{"verdict": "stands", "held": 0}, {"verdict": "paid", "held": 150_000},
             {"verdict": "partly", "held": 1}, {"verdict": "failed", "held": 0}]),
    ]  # fmt: skip
    page = f"/payments/answers/{file.pk}"
    shown = approver.get(page).content.decode()
    assert shown.count("The family has the money") == 2

    rows = f"/payments/answers/rows/{waiting[0]['id']}"
    unsaid = approver.post(rows, {"verdict": "paid", "grounds": ""}, follow=True)
    assert "Write by what you tell" in unsaid.content.decode()
    refused = approver.post(rows, {"verdict": "partly", "grounds": "By telephone"})
    assert 'value="By telephone"' in refused.content.decode()
    assert refused.content.decode().count("this moves nothing") == 1
    approver.post(rows, {"verdict": "paid", "grounds": "A letter"})
    assert _ask(approver, waiting[1]["id"], "failed").status_code == 201

    assert "A letter" in approver.get(page).content.decode()
    assert Payment.objects.get(reference=b).state == "failed"
    assert approver.get(f"/api/v1/payments/answers/{file.pk}/waiting").json()["items"] == []


def _ask(client: Client, row: int, verdict: str) -> Any:
    body = {"verdict": verdict, "grounds": "A letter"}
    return post(client, f"payments/answers/rows/{row}/verdict", body)


SEE = {"programme_officer", "payment_approver", "payment_officer", "budget_officer", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    released: Order, answer: Answer, client_of: Callable[..., Client], role: str
) -> None:
    answer(("NEVER-1", "SUCCESS", 1))
    file, client = AnswerFile.objects.get(), client_of(role)
    waiting = client.get(f"/api/v1/payments/answers/{file.pk}/waiting")
    assert waiting.status_code == (200 if role in SEE else 403)
    may = role == "payment_approver"
    pressed = client.post(f"/payments/answers/rows/{_odd().pk}", {"verdict": "paid"})
    assert pressed.status_code == (422 if may else 403)
    assert _ask(client, _odd().pk, "stands").status_code == (201 if may else 403)


def test_what_waits_stands_on_the_first_page(
    released: Order, answer: Answer, prepare: Prepare, client_of: Callable[..., Client]
) -> None:
    answer(("NEVER-1", "SUCCESS", 1))
    prepare(key="next", owed="p")
    approver = client_of("payment_approver").get("/").content.decode()

    assert "Orders to approve" in approver
    assert "Answers that go against the books" in approver
    assert "Orders to approve" not in client_of("payment_officer").get("/").content.decode()
