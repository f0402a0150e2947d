"""A channel pays a part: that is booked, the rest goes back, and another payment brings it."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from spean.kernel.access import Actor
from spean.payments import actions, queries
from spean.payments.models import AnswerFile, ChannelAnswer, Order, Payment
from tests.payments import messages
from tests.payments.conftest import DAY, NOW, references

Answer, Prepare = Callable[..., dict[str, int]], Callable[..., Order]
Approve = Callable[[Order], Order]


@pytest.fixture
def send(
    prepare: Prepare, approve: Approve, people: dict[str, Actor]
) -> Callable[[str], list[Payment]]:
    """Order who is not paid whole again, and send it."""

    def make(key: str) -> list[Payment]:
        order = approve(prepare(key=key, channel="pay_point"))
        actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)
        return list(order.payments.order_by("obligation"))

    return make


@pytest.fixture
def bank(people: dict[str, Actor]) -> Callable[..., dict[str, int]]:
    """Take in a bank's message; give what its rows did."""

    def make(message: io.BytesIO) -> dict[str, int]:
        kept = actions.receive_answers(file=message, name="a.xml", by=people["payer"], on=DAY)
        assert not kept.unreadable
        return dict(kept.effects)

    return make


def _of(reference: str) -> tuple[str, int]:
    found = Payment.objects.get(reference=reference)
    return found.state, int(found.held)


def _money(by: Actor) -> tuple[int, int, int]:
    (one,) = queries.budgets(by=by)
    return int(one.available), int(one.in_channels), int(one.with_families)


def _decide(verdict: str, by: Actor) -> None:
    odd = ChannelAnswer.objects.filter(effect__in=["contradicts", "other_amount"]).latest("id")
    actions.decide_answer(answer_id=odd.pk, verdict=verdict, grounds="Letter", by=by, on=DAY)


def test_the_part_is_booked_and_the_rest_goes_back_to_the_budget(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)

    assert answer((a, "PARTIAL", 60_000)) == {"partly": 1}

    assert _of(a) == ("partly", 60_000)
    assert _money(people["first"]) == (740_000, 200_000, 60_000)


def test_the_rest_is_ordered_again_and_no_more(
    released: Order, answer: Answer, send: Callable[[str], list[Payment]], people: dict[str, Actor]
) -> None:
    (a, b, c) = references(released)
    answer((a, "PARTIAL", 60_000), (b, "SUCCESS", 150_000), (c, "FAILED", 50_000))

    rest, failed = send("cycle:2")

    assert (rest.owed, rest.amount, failed.amount) == (100_000, 40_000, 50_000)
    assert answer((rest.reference, "SUCCESS", 40_000), (failed.reference, "SUCCESS", 50_000)) == {
        "paid": 2
    }
    assert _money(people["first"]) == (700_000, 0, 300_000)
    assert queries.paid_by_day("cycle") == {date(2026, 11, 5): 3}
    with pytest.raises(actions.NobodyToPay):
        send("cycle:3")


def test_what_came_back_of_a_part_is_ordered_again_too(
    released: Order, answer: Answer, send: Callable[[str], list[Payment]]
) -> None:
    (a, b, c) = references(released)
    answer((a, "PARTIAL", 60_000), (b, "SUCCESS", 150_000), (c, "SUCCESS", 50_000))
    (rest,) = send("again")
    answer((rest.reference, "SUCCESS", 40_000), (a, "RETURNED", 60_000))

    (anew,) = send("once more")

    assert _of(a) == ("returned", 0)
    assert (anew.owed, anew.amount) == (100_000, 60_000)


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        (("PARTIAL", 60_000), "repeated"),
        (("RETURNED", 40_000), "repeated"),
        (("PARTIAL", 50_000), "contradicts"),
        (("SUCCESS", 100_000), "contradicts"),
        (("SUCCESS", 60_000), "contradicts"),
        (("FAILED", 100_000), "contradicts"),
        (("RETURNED", 100_000), "other_amount"),
        (("PENDING", 100_000), "noted"),
        (("RETURNED", 60_000), "returned"),
    ],
)
def test_what_comes_after_a_part_is_never_booked_twice(
    released: Order, answer: Answer, said: tuple[str, int], effect: str
) -> None:
    (a, *_) = references(released)
    answer((a, "PARTIAL", 60_000))

    assert answer((a, *said), ("NEVER-1", "SUCCESS", 1)) == {effect: 1, "unknown": 1}

    assert _of(a) == (("returned", 0) if effect == "returned" else ("partly", 60_000))


def test_of_two_halves_nobody_can_tell_which_came_back(released: Order, answer: Answer) -> None:
    (a, *_) = references(released)
    answer((a, "PARTIAL", 50_000))

    assert answer((a, "RETURNED", 50_000)) == {"contradicts": 1}


@pytest.mark.parametrize("amount", [0, 100_000, 100_001])
def test_a_part_is_more_than_nothing_and_less_than_all(
    released: Order, answer: Answer, amount: int
) -> None:
    (a, *_) = references(released)

    assert answer((a, "PARTIAL", amount)) in ({"other_amount": 1}, {})
    assert _of(a) == ("sent", 0)


@pytest.mark.parametrize(
    ("said", "verdict", "held", "money"),
    [
        (("SUCCESS", 60_000), "partly", 60_000, (740_000, 200_000, 60_000)),
        (("RETURNED", 30_000), "partly", 70_000, (730_000, 200_000, 70_000)),
        (("SUCCESS", 60_000), "paid", 100_000, (700_000, 200_000, 100_000)),
    ],
)
def test_a_person_books_the_part_that_an_odd_answer_tells_of(
    released: Order, answer: Answer, people: dict[str, Actor], said: tuple[str, int],
    verdict: str, held: int, money: tuple[int, int, int],
) -> None:  # fmt: skip
    (a, *_) = references(released)
    assert answer((a, *said)) == {"other_amount": 1}

    _decide(verdict, people["first"])

    assert _of(a) == (verdict, held)
    assert _money(people["first"]) == money


def test_a_late_part_is_not_booked_beside_the_payment_that_came_in_its_place(
    released: Order, answer: Answer, send: Callable[[str], list[Payment]], people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    answer((a, "FAILED", 100_000))
    send("again")
    answer((a, "PARTIAL", 60_000))

    with pytest.raises(actions.PaidOtherwise):
        _decide("partly", people["first"])


def test_the_database_lets_nobody_pay_an_obligation_above_what_is_owed(
    released: Order, answer: Answer
) -> None:
    a, b, _ = references(released)
    answer((a, "PARTIAL", 60_000), (b, "FAILED", 150_000))
    part = Payment.objects.get(reference=a)

    for amount in (40_001, 100_000):
        with pytest.raises(DatabaseError, match="more than is owed"), transaction.atomic():
            Payment.objects.create(
                reference=f"X-{amount}", order=released, obligation=part.obligation, name="x",
                household=part.household, village="16010101", owed=100_000, amount=amount,
            )  # fmt: skip
    with pytest.raises(DatabaseError, match="held_by_its_state"), transaction.atomic():
        Payment.objects.filter(reference=b).update(held=Decimal(1))


def test_a_banks_debit_of_less_is_a_part_and_of_all_a_payment(
    released: Order, bank: Callable[..., dict[str, int]], people: dict[str, Actor]
) -> None:
    a, b, c = references(released)
    movements = [messages.details(a, "60000"), messages.details(b, "150000"),
                 messages.details(c, "50001")]  # fmt: skip

    did = bank(messages.notification(messages.entry(*movements, amount="260001")))

    assert did == {"partly": 1, "paid": 1, "other_amount": 1}
    assert _money(people["first"]) == (740_000, 50_000, 210_000)
    again = messages.statement(messages.entry(*movements[:2], amount="210000"))
    assert bank(again) == {"repeated": 2}


def test_two_debits_of_one_payment_are_not_taken_for_one(
    released: Order, bank: Callable[..., dict[str, int]], people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    entries = [
        messages.entry(messages.details(a, part), amount=part) for part in ("60000", "40000")
    ]

    assert bank(messages.statement(*entries)) == {"partly": 1, "contradicts": 1}

    _decide("paid", people["first"])
    assert _of(a) == ("paid", 100_000)


def test_a_status_report_that_names_what_was_settled_pays_that(
    released: Order, bank: Callable[..., dict[str, int]]
) -> None:
    (a, *_) = references(released)
    said = messages.status(a, "ACSC", amount="100000").replace(
        "<OrgnlTxRef>", '<OrgnlTxRef><IntrBkSttlmAmt Ccy="KHR">60000</IntrBkSttlmAmt>'
    )

    assert bank(messages.report(said)) == {"partly": 1}

    assert _of(a) == ("partly", 60_000)


def test_a_part_stands_on_the_pages_of_its_order_and_its_file(
    released: Order, answer: Answer, client_of: Callable[..., object]
) -> None:
    a, b, _ = references(released)
    answer((a, "PARTIAL", 60_000), (b, "SUCCESS", 90_000))
    client = client_of("payment_approver")

    def page(path: str) -> str:
        return client.get(path).content.decode()  # type: ignore[attr-defined]

    assert "Families have 60,000" in page(f"/payments/orders/{released.pk}")
    assert "The family has 60,000" in page(f"/payments/trace/{a}")
    assert "The family has a part of it: 90,000" in page(
        f"/payments/answers/{AnswerFile.objects.get().pk}"
    )
