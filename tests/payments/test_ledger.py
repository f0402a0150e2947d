"""Every riel is followed from the budget line to the family and back."""

from collections.abc import Callable

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.payments import actions
from spean.payments.models import ChannelAnswer, Order
from tests.payments.conftest import DAY, references

Answer = Callable[..., dict[str, int]]


def test_every_entry_shows_where_its_money_came_from_and_went(
    released: Order, answer: Answer, client_of: Callable[..., Client]
) -> None:
    a, b, _ = references(released)
    answer((a, "SUCCESS", 100_000), (b, "FAILED", 150_000))
    client = client_of("auditor")

    items = client.get("/api/v1/payments/entries").json()["items"]

    assert [one["kind"] for one in items] == ["answers", "release", "commitment", "appropriation"]
    assert all(sum(line["amount"] for line in one["lines"]) == 0 for one in items)
    assert {line["account"]: line["amount"] for line in items[0]["lines"]} == {
        "channel:wallet:flood_cash_transfer": -250_000, "budget:flood_cash_transfer": 150_000,
        "families:flood_cash_transfer": 100_000,
    }  # fmt: skip
    of_order = client.get("/api/v1/payments/entries", {"order": str(released.pk)}).json()["items"]
    assert [one["kind"] for one in of_order] == ["release", "commitment"]
    page = client.get("/payments/ledger").content.decode()
    assert "A channel answered" in page
    assert "150,000 riel" in page


def test_a_payment_is_followed_there_and_back(
    released: Order, answer: Answer, people: dict[str, Actor], prepare: Callable[..., Order],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    (a, *_) = references(released)
    answer((a, "SUCCESS", 100_000))
    answer((a, "FAILED", 100_000))
    odd = ChannelAnswer.objects.latest("id")
    actions.decide_answer(
        answer_id=odd.pk, verdict="failed", grounds="A letter", by=people["first"], on=DAY
    )
    again = references(prepare(key="again"))[0]
    client = client_of("auditor")

    found = client.get(f"/api/v1/payments/trace/{a}").json()

    assert (found["state"], len(found["entries"]), found["others"]) == ("failed", 2, [again])
    assert [(one["effect"], one["verdict"]) for one in found["said"]] == [
        ("paid", None), ("contradicts", "failed"),
    ]  # fmt: skip
    assert [one["amount"] for one in found["moved"]] == [100_000, -100_000]
    assert AuditEntry.objects.filter(action="payments.trace").exists()
    page = client.get(f"/payments/trace/{a}").content.decode()
    for said in ("Committed to an order", "A letter", "-100,000 riel", again):
        assert said in page


SEE = {"programme_officer", "payment_approver", "payment_officer", "budget_officer", "auditor"}
PAYEES = SEE - {"budget_officer"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(
    released: Order, client_of: Callable[..., Client], role: str
) -> None:
    client, reference = client_of(role), references(released)[0]
    for address, see in (
        ("/payments/ledger", SEE), ("/api/v1/payments/entries", SEE),
        (f"/payments/trace/{reference}", PAYEES), (f"/api/v1/payments/trace/{reference}", PAYEES),
    ):  # fmt: skip
        assert client.get(address).status_code == (200 if role in see else 403), address
    missing = client.get("/payments/trace/NEVER-1")
    assert missing.status_code == (404 if role in PAYEES else 403)
