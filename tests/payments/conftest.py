"""Families to pay, people who handle money, an order on its way."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from spean.kernel.access import Actor, Purpose
from spean.locations.models import Place
from spean.payments import actions
from spean.payments.models import Order
from spean.registry.models import Household

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADER = "reference,status,amount,currency,date,transaction_id,reason"


@pytest.fixture
def homes(village: Place) -> list[Household]:
    """Six households without members: to money a household is a name and an account."""
    return [
        Household.objects.create(
            village=village, since=DAY, registered_on=DAY, registered_by="test"
        )
        for _ in range(6)
    ]


@pytest.fixture
def people(actor: Callable[..., Actor]) -> dict[str, Actor]:
    """Who handles money, by what they do."""
    roles = {
        "preparer": "programme_officer", "first": "payment_approver",
        "second": "payment_approver", "payer": "payment_officer", "budget": "budget_officer",
    }  # fmt: skip
    return {name: actor(role, "", Purpose.PAYMENT, name=name) for name, role in roles.items()}


@pytest.fixture
def funded(people: dict[str, Actor]) -> None:
    """A million riel for the flood."""
    actions.appropriate(
        programme="flood_cash_transfer", funder="national-budget", amount=1_000_000,
        source="Act 1", key="a", by=people["budget"], on=DAY,
    )  # fmt: skip


@pytest.fixture
def prepare(
    homes: list[Household], people: dict[str, Actor], tmp_path: Path
) -> Callable[..., Order]:
    """Prepare an order of these amounts, one household each."""

    def make(
        amounts: Sequence[int] = (100_000, 150_000, 50_000), key: str = "cycle:1", **others: str
    ) -> Order:
        path = tmp_path / "payees.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(
                (
                    f"{others.get('owed', 'o')}{n}",
                    homes[n].pk,
                    "16010101",
                    f"ឈ្មោះ {n}",
                    others.get(f"name_{n}", f"Name {n}"),
                    others.get(f"account_{n}", f"+8551234567{n}"),
                    one,
                )
                for n, one in enumerate(amounts)
            )
        return actions.prepare_order(
            key=key, programme="flood_cash_transfer", purpose="Flood, November",
            channel=others.get("channel", "wallet"), payees=path, by=people["preparer"], on=DAY,
        )  # fmt: skip

    return make


@pytest.fixture
def approve(people: dict[str, Actor]) -> Callable[[Order], Order]:
    """Have two people approve an order."""

    def make(order: Order) -> Order:
        for who in ("first", "second"):
            order = actions.approve_order(
                order_id=order.pk, list_hash=order.list_hash, by=people[who], at=NOW
            )
        return order

    return make


@pytest.fixture
def released(
    funded: None, prepare: Callable[..., Order], approve: Callable[[Order], Order],
    people: dict[str, Actor],
) -> Order:  # fmt: skip
    """An order of three payments that has left."""
    order = approve(prepare())
    return actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)


@pytest.fixture
def answer(people: dict[str, Actor]) -> Callable[..., dict[str, int]]:
    """Take in a channel's rows, `answer((reference, "SUCCESS", 100000), …)`; give what they did."""

    def make(*rows: tuple[str, str, object], header: str = HEADER) -> dict[str, int]:
        lines = [f"{ref},{status},{amount},KHR,2026-11-05,T1,why" for ref, status, amount in rows]
        file = io.BytesIO("\n".join([header, *lines]).encode())
        kept = actions.receive_answers(file=file, name="a.csv", by=people["payer"], on=DAY)
        return dict(kept.effects)

    return make


def references(order: Order) -> list[str]:
    """Give an order's references in the order of its households."""
    return list(order.payments.order_by("obligation").values_list("reference", flat=True))


def one_of(order_id: UUID) -> Order:
    """Read an order again."""
    return Order.objects.get(pk=order_id)
