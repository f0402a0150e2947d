"""Whatever a channel says, and however often: nobody is paid twice, no riel is lost."""

import io
from collections.abc import Callable

import pytest

from spean.kernel.access import Actor
from spean.kernel.spreadsheets import WrongHeader
from spean.payments import actions, queries
from spean.payments.models import AnswerFile, Order, Payment
from tests.payments.conftest import DAY, HEADER, references

Answer = Callable[..., dict[str, int]]


def _money(by: Actor) -> dict[str, int]:
    (one,) = queries.budgets(by=by)
    return {"available": int(one.available), "on_its_way": int(one.in_channels),
            "families": int(one.with_families)}  # fmt: skip


def _states(order: Order) -> list[str]:
    return list(order.payments.order_by("obligation").values_list("state", flat=True))


def test_paid_failed_and_returned_each_move_their_money(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    a, b, c = references(released)

    did = answer((a, "SUCCESS", 100000), (b, "FAILED", 150000), (c, "PENDING", 50000))

    assert did == {"paid": 1, "failed": 1, "noted": 1}
    assert _states(released) == ["paid", "failed", "sent"]
    assert _money(people["first"]) == {
        "available": 850_000, "on_its_way": 50_000, "families": 100_000,
    }  # fmt: skip
    assert answer((a, "RETURNED", 100000)) == {"returned": 1}
    assert _money(people["first"]) == {
        "available": 950_000, "on_its_way": 50_000, "families": 0,
    }  # fmt: skip


def test_the_same_file_counts_once(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)

    assert answer((a, "SUCCESS", 100000)) == answer((a, "SUCCESS", 100000)) == {"paid": 1}

    assert AnswerFile.objects.count() == 1
    assert _money(people["first"])["families"] == 100_000


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        (("SUCCESS", 100000), "repeated"),
        (("FAILED", 100000), "contradicts"),
        (("PENDING", 100000), "noted"),
    ],
)
def test_what_comes_after_a_payment_moves_no_money(
    released: Order, answer: Answer, people: dict[str, Actor], said: tuple[str, int], effect: str
) -> None:
    (a, *_) = references(released)
    answer((a, "SUCCESS", 100000))

    assert answer((a, *said), ("UNKNOWN-1", "SUCCESS", 1)) == {effect: 1, "unknown": 1}

    assert _money(people["first"])["families"] == 100_000


def test_a_success_after_a_failure_waits_for_a_person(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    (a, *_) = references(released)
    answer((a, "FAILED", 100000))

    assert answer((a, "SUCCESS", 100000)) == {"contradicts": 1}

    kept = AnswerFile.objects.latest("received_at")
    assert [row.reference for row in queries.answers_for_a_person(kept)] == [a]
    assert _money(people["first"])["families"] == 0


def test_another_amount_moves_no_money(released: Order, answer: Answer) -> None:
    a, b, _ = references(released)

    assert answer((a, "SUCCESS", 99999), (b, "SUCCESS", 1500000)) == {"other_amount": 2}
    assert _states(released) == ["sent", "sent", "sent"]


def test_one_file_that_contradicts_itself_counts_its_first_word(
    released: Order, answer: Answer
) -> None:
    (a, *_) = references(released)

    did = answer(
        (a, "PENDING", 100000), (a, "SUCCESS", 100000), (a, "SUCCESS", 100000),
        (a, "FAILED", 100000),
    )  # fmt: skip

    assert did == {"noted": 1, "paid": 1, "repeated": 1, "contradicts": 1}


def test_a_return_in_the_file_of_its_payment_counts(
    released: Order, answer: Answer, people: dict[str, Actor]
) -> None:
    a, b, _ = references(released)

    did = answer(
        (a, "SUCCESS", 100000), (b, "RETURNED", 150000), (a, "RETURNED", 100000),
        (b, "SUCCESS", 150000),
    )  # fmt: skip

    assert did == {"contradicts": 1, "paid": 1, "returned": 2}
    assert _states(released) == ["returned", "returned", "sent"]
    assert _money(people["first"]) == {"available": 950_000, "on_its_way": 50_000, "families": 0}


def test_a_file_that_turns_again_and_again_is_no_word_to_trust(
    released: Order, answer: Answer
) -> None:
    (a, *_) = references(released)
    words = ["SUCCESS", "RETURNED"] * 50

    did = answer(*((a, word, 100000) for word in words))

    assert did["paid"] == did["returned"] == 1
    assert did["contradicts"] + did.get("repeated", 0) == 98


def test_rows_that_can_not_be_read_are_listed_and_the_others_count(
    released: Order, answer: Answer
) -> None:
    a, b, _ = references(released)

    assert answer((a, "SUCCESS", '"100,000"'), (b, "SUCCESS", 150000), (b, "MAYBE", 1)) == {
        "paid": 1
    }

    kept = AnswerFile.objects.get()
    assert [(one["row"], one["code"]) for one in kept.unreadable] == [
        (2, "kernel.not_an_amount"), (4, "payments.status_unknown"),
    ]  # fmt: skip
    assert (kept.rows, _states(released)) == (3, ["sent", "paid", "sent"])


def test_a_currency_that_was_not_paid_is_listed(released: Order, people: dict[str, Actor]) -> None:
    (a, *_) = references(released)
    file = io.BytesIO(f"{HEADER}\n{a},SUCCESS,100000,USD,2026-11-05,T,\n".encode())

    kept = actions.receive_answers(file=file, name="a", by=people["payer"], on=DAY)

    assert [one["code"] for one in kept.unreadable] == ["payments.currency_not_paid"]
    assert kept.effects == {}


def test_a_file_of_something_else_is_refused_whole(released: Order, answer: Answer) -> None:
    with pytest.raises(WrongHeader):
        answer(("a", "SUCCESS", 1), header="id,name")

    assert AnswerFile.objects.count() == 0


def test_a_failed_payment_goes_out_again_by_another_channel(
    released: Order, answer: Answer, prepare: Callable[..., Order],
    approve: Callable[[Order], Order], people: dict[str, Actor],
) -> None:  # fmt: skip
    a, b, c = references(released)
    answer((a, "SUCCESS", 100000), (b, "FAILED", 150000), (c, "SUCCESS", 50000))

    again = approve(prepare(key="cycle:1:again", channel="pay_point"))
    actions.release_order(order_id=again.pk, by=people["payer"], at=again.second_approved_at)
    answer((references(again)[0], "SUCCESS", 150000))

    assert again.payments_count == 1
    assert sorted(Payment.objects.values_list("state", flat=True)) == [
        "failed", "paid", "paid", "paid",
    ]  # fmt: skip
    assert _money(people["first"]) == {
        "available": 700_000, "on_its_way": 0, "families": 300_000,
    }  # fmt: skip
