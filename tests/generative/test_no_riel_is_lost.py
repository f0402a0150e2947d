"""Whatever happens to money, in whatever order: no riel is lost, and nobody is paid twice."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.locations.models import Place
from spean.payments import actions
from spean.payments.models import ChannelAnswer, Entry, Line, Order, Payment
from spean.payments.rules import FOR_A_PERSON
from spean.registry.models import Household
from tests.payments import messages

DAY, NOW = date(2026, 11, 2), datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADER = "reference,status,amount,currency,date,transaction_id,reason"
PEOPLE = [Actor.system(name) for name in ("ann", "bo", "chan", "dara")]
STATUSES = ["SUCCESS", "PARTIAL", "FAILED", "RETURNED", "PENDING"]
TENTHS = st.sampled_from([10, 10, 10, 3, 5, 7, 11])  # of a payment, that an answer names
pick = st.integers(min_value=0, max_value=30)


class Money(RuleBasedStateMachine):
    """Money given, ordered, approved, released, cancelled, and answered for in any order."""

    homes: list[Household]
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.given, self.files, self.made = 0, [b""], 0
        self.answered: set[bytes] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def _try(self, act: Any, **given: Any) -> None:
        """Do it; a refusal in words leaves everything as it was."""
        before = self._sums()
        try:
            act(**given)
        except SpeanError:
            assert self._sums() == before

    def _sums(self) -> list[Any]:
        lines = Line.objects.values_list("account__kind").annotate(Sum("amount"))
        return [
            *lines.order_by("account__kind"),
            *Payment.objects.values_list("reference", "state").order_by("reference"),
        ]

    def _of(self, obligation: str) -> int:
        """Give what is on its way or with the family of an obligation."""
        payments = Payment.objects.filter(obligation=obligation)
        return sum(int(p.amount if p.state in ("due", "sent") else p.held) for p in payments)

    def _order(self, n: int) -> Order | None:
        listed = list(Order.objects.order_by("id"))
        return listed[n % len(listed)] if listed else None

    @initialize()
    def begin(self) -> None:
        """Start with money, and with three families' payments on their way."""
        self.give(amount=300_000, key="z")
        self.prepare(first=0, count=3, who=PEOPLE[3])
        self.send(n=0)

    @rule(amount=st.integers(min_value=50_000, max_value=300_000), key=st.sampled_from("abc"))
    def give(self, amount: int, key: str) -> None:
        if not Entry.objects.filter(key=f"appropriation:{key}").exists():
            self.given += amount
        actions.appropriate(
            programme="flood_cash_transfer", funder="budget", amount=amount, source="Act", key=key,
            by=PEOPLE[0], on=DAY,
        )  # fmt: skip

    @rule(first=st.integers(0, 3), count=st.integers(1, 3), who=st.sampled_from(PEOPLE))
    def prepare(self, first: int, count: int, who: Actor) -> None:
        self.made += 1
        path = self.folder / "payees.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(
                (f"o{n}", self.homes[n].pk, "16010101", "x", "x", "+85512345678", 20_000 * (n + 1))
                for n in range(first, min(first + count, len(self.homes)))
            )
        self._try(
            actions.prepare_order, key=f"k{self.made}", programme="flood_cash_transfer",
            purpose="p", channel="wallet", payees=path, by=who, on=DAY,
        )  # fmt: skip
        for payment in Payment.objects.filter(order__key=f"k{self.made}"):
            assert self._of(payment.obligation) == payment.owed

    @rule(n=pick, who=st.sampled_from(PEOPLE))
    def approve(self, n: int, who: Actor) -> None:
        if order := self._order(n):
            self._try(actions.approve_order, order_id=order.pk, list_hash=order.list_hash, by=who,
                      at=NOW)  # fmt: skip

    @rule(n=pick)
    def release(self, n: int) -> None:
        if order := self._order(n):
            self._try(actions.release_order, order_id=order.pk, by=PEOPLE[3], at=NOW)

    @rule(n=pick)
    def send(self, n: int) -> None:
        """All the way in one step, or as far as it goes."""
        for who in PEOPLE[:3]:
            self.approve(n=n, who=who)
        self.release(n=n)

    @rule(n=pick)
    def cancel(self, n: int) -> None:
        if order := self._order(n):
            self._try(actions.cancel_order, order_id=order.pk, by=PEOPLE[3], at=NOW)

    @rule(said=st.lists(st.tuples(pick, st.sampled_from(STATUSES), TENTHS), min_size=1, max_size=6))
    def answer(self, said: list[tuple[int, str, int]]) -> None:
        rows = [
            f"{payment.reference},{status},{amount},KHR,2026-11-05,T,"
            for payment, status, amount in self._named(said)
        ]
        self.files.append("\n".join([HEADER, *rows]).encode())
        self._receive(self.files[-1])

    @rule(said=st.lists(st.tuples(pick, st.sampled_from(["", "AC04"]), TENTHS),
                        min_size=1, max_size=4))  # fmt: skip
    def state_account(self, said: list[tuple[int, str, int]]) -> None:
        """A bank's statement: what left our account, or came back with a reason."""
        entries = [
            messages.entry(
                messages.details(payment.reference, str(amount), returned=why),
                direction="CRDT" if why else "DBIT", amount=str(amount),
            )
            for payment, why, amount in self._named(said)
        ]  # fmt: skip
        self.files.append(messages.statement(*entries).read())
        self._receive(self.files[-1])

    def _named(self, said: list[tuple[int, str, int]]) -> list[tuple[Payment, str, int]]:
        known = list(Payment.objects.order_by("id"))
        return [
            (payment, word, int(payment.amount) * tenths // 10)
            for n, word, tenths in (said if known else [])
            for payment in [known[n % len(known)]]
        ]

    @rule(n=pick)
    def answer_again(self, n: int) -> None:
        file = self.files[n % len(self.files)]
        before = self._sums()
        if file in self.answered:
            self._receive(file)
            assert self._sums() == before

    @rule(n=pick, verdict=st.sampled_from(["stands", "paid", "partly", "failed"]))
    def decide(self, n: int, verdict: str) -> None:
        odd = list(ChannelAnswer.objects.filter(effect__in=FOR_A_PERSON).order_by("id"))
        if odd:
            self._try(actions.decide_answer, answer_id=odd[n % len(odd)].pk, verdict=verdict,
                      grounds="asked", by=PEOPLE[2], on=DAY)  # fmt: skip

    def _receive(self, file: bytes) -> None:
        actions.receive_answers(file=io.BytesIO(file), name="a", by=PEOPLE[3], on=DAY)
        self.answered.add(file)

    @invariant()
    def the_books_say_what_happened(self) -> None:
        held = dict(Line.objects.values_list("account__kind").annotate(Sum("amount")))
        states: dict[str, int] = dict(
            Payment.objects.values_list("state").annotate(Sum("amount")).order_by("state")
        )
        waiting = Payment.objects.filter(state="due", order__state="approved")
        committed = waiting.aggregate(s=Sum("amount"))["s"] or 0
        assert sum(held.values()) == 0
        assert -held.get("funder", 0) == self.given
        holds = Payment.objects.aggregate(s=Sum("held"))["s"] or 0
        assert held.get("families", 0) == holds
        assert held.get("channel", 0) == states.get("sent", 0)
        assert held.get("committed", 0) == committed
        assert min([held.get("budget", 0), 0]) == 0

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT obligation FROM payments_payment payment JOIN payments_line line"
                " ON line.payment_id = payment.id"
                " GROUP BY 1 HAVING sum(line.amount) > max(payment.owed)"
            )
            assert cursor.fetchall() == []
        for payment in Payment.objects.distinct("obligation"):
            assert self._of(payment.obligation) <= payment.owed


@pytest.fixture
def world(village: Place, tmp_path: Path) -> None:
    Money.folder = tmp_path
    Money.homes = [
        Household.objects.create(village=village, since=DAY, registered_on=DAY, registered_by="t")
        for _ in range(6)
    ]


@pytest.mark.usefixtures("world")
def test_money_in_any_order() -> None:
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
