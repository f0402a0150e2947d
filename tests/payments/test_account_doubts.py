"""Wallets that may be somebody else's are shown to approvers before the money leaves."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from spean.config.roles import ROLES
from spean.kernel.access import Actor
from spean.kernel.models import AuditEntry
from spean.payments import actions, queries
from spean.payments.models import Order
from spean.payments.rules import looks_mistyped
from tests.payments.conftest import NOW

Prepare, Approve = Callable[..., Order], Callable[[Order], Order]
SEE = {"programme_officer", "payment_approver", "payment_officer", "auditor"}
Doubts = list[tuple[str, str, int, str]]


def _doubts(order: Order, by: Actor) -> Doubts:
    return [
        (one.payment.account, one.kind, one.families, one.before)
        for one in queries.account_doubts(order, by=by)
    ]


@pytest.fixture
def paid(
    funded: None, prepare: Prepare, approve: Approve, people: dict[str, Actor],
    answer: Callable[..., dict[str, int]],
) -> None:  # fmt: skip
    """Three families were paid at +85512345670 and the two numbers after it."""
    order = approve(prepare())
    actions.release_order(order_id=order.pk, by=people["payer"], at=NOW)
    answer(*((one.reference, "SUCCESS", one.amount) for one in order.payments.all()))


@pytest.mark.parametrize(
    ("number", "other", "slip"),
    [
        ("+85512345670", "+85512345679", True),
        ("+85512345670", "+85512345607", True),
        ("+85512345670", "+85512345670", False),
        ("+85512345670", "+85512345067", False),
        ("+85512345670", "+855123456701", False),
        ("+85512345670", "+85598765432", False),
    ],
)
def test_a_slip_is_one_digit_or_two_neighbours(number: str, other: str, slip: bool) -> None:
    assert looks_mistyped(number, other) is slip


@given(st.text("0123456789", min_size=8, max_size=9), st.data())
def test_any_one_digit_off_is_a_slip(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([one for one in "0123456789" if one != number[place]]))

    assert looks_mistyped(number[:place] + digit + number[place + 1 :], number)


def test_a_wallet_of_several_families_is_shown(prepare: Prepare, people: dict[str, Actor]) -> None:
    order = prepare(account_2="+85512345670")

    assert _doubts(order, people["first"]) == 2 * [("+85512345670", "shared", 2, "")]
    assert AuditEntry.objects.filter(action="payments.view_account_doubts").exists()


def test_a_wallet_almost_as_paid_before_is_shown(
    paid: None, prepare: Prepare, people: dict[str, Actor]
) -> None:
    order = prepare(key="cycle:2", owed="p", account_0="+85512345870", account_1="+85599999999")

    assert _doubts(order, people["first"]) == [("+85512345870", "mistyped", 1, "+85512345670")]


def test_where_all_are_as_before_nothing_is_asked(
    paid: None, prepare: Prepare, people: dict[str, Actor]
) -> None:
    assert not _doubts(prepare(key="cycle:2", owed="p"), people["first"])


def test_a_pay_point_has_no_wallets(prepare: Prepare, people: dict[str, Actor]) -> None:
    order = prepare(channel="pay_point", account_2="+85512345670")

    assert not _doubts(order, people["first"])


def test_the_approver_sees_them_on_the_page(
    prepare: Prepare, client_of: Callable[..., Client]
) -> None:
    order = prepare(account_2="+85512345670")

    page = client_of("payment_approver").get(f"/payments/orders/{order.pk}").content.decode()

    assert "Wallets to look at" in page
    assert "Several families have this number (2)" in page


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_money_may_ask_over_the_api(
    prepare: Prepare, client_of: Callable[..., Client], role: str
) -> None:
    order = prepare(account_2="+85512345670")

    answer = client_of(role).get(f"/api/v1/payments/orders/{order.pk}/account_doubts")

    if role in SEE:
        assert [one["families"] for one in answer.json()] == [2, 2]
    else:
        assert answer.status_code == 403


def test_the_budget_officer_sees_the_order_but_no_payee(
    prepare: Prepare, client_of: Callable[..., Client]
) -> None:
    order = prepare(account_2="+85512345670")

    page = client_of("budget_officer").get(f"/payments/orders/{order.pk}").content.decode()

    assert order.number in page
    assert "+85512345670" not in page
    assert "Names on lists" not in page
