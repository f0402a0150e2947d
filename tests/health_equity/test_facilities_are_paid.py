"""A month's statements are paid to facilities' accounts, by two approvals, once."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from spean.config.roles import ROLES
from spean.health_equity import actions
from spean.health_equity.models import Statement
from spean.kernel.access import Actor, Purpose
from spean.locations.models import Facility
from spean.payments import actions as payments
from spean.payments import queries as paid
from spean.payments.models import Order, Payment
from tests.calls import post
from tests.health_equity.conftest import MONTH

ON = date(2026, 4, 10)
MAY = date(2026, 5, 2)
ANSWERED = "reference,status,amount,currency,transaction_id,date,reason\n"


@pytest.fixture
def payer(actor: Callable[..., Actor]) -> Actor:
    """Give who orders payments."""
    return actor("programme_officer", "", Purpose.PAYMENT)


@pytest.fixture
def statement(facility_of: Callable[..., Facility], system: Actor) -> Statement:
    """Make the statement of a health centre with a bank account: its fixed grant."""
    facility_of()
    actions.set_account(facility="HC1", number="001 234 567", holder="HC 1", start=MONTH,
                        by=system, on=ON)  # fmt: skip
    (made,) = actions.make_statements(scheme="hef", month=MONTH, by=system, on=ON)
    return made


@pytest.fixture
def order(statement: Statement, payer: Actor, system: Actor) -> Order:
    """Order its payment, with money in the budget."""
    payments.appropriate(key="b1", programme="hef", funder="state", amount=Decimal(10_000_000),
                         source="Budget act", by=system, on=ON)  # fmt: skip
    made = actions.order_statements(scheme="hef", month=MONTH, by=payer, on=ON)
    return Order.objects.get(pk=made)


def test_a_facility_is_paid_after_two_approvals_and_the_banks_answer(
    order: Order, statement: Statement, actor: Callable[..., Actor], system: Actor
) -> None:
    assert (order.channel, order.total) == ("bank", statement.total)
    payment = order.payments.get()
    assert (payment.facility_id, payment.household_id, payment.account) == (
        statement.facility_id, None, "001234567",
    )  # fmt: skip
    for name in ("first", "second"):
        approver = actor("payment_approver", "", Purpose.PAYMENT, name=name)
        payments.approve_order(order_id=order.pk, list_hash=order.list_hash, by=approver,
                               at=timezone.now())  # fmt: skip
    officer = actor("payment_officer", "", Purpose.PAYMENT)
    payments.release_order(order_id=order.pk, by=officer, at=timezone.now())
    _, pieces = paid.order_file(order.pk, by=officer, form=paid.FileFormat.PAIN_001)
    message = b"".join(pieces).decode()
    assert "<Id>001234567</Id>" in message
    assert "TELE" not in message

    row = f"{payment.reference},SUCCESS,{payment.amount},KHR,T1,2026-04-10,\n"
    payments.receive_answers(name="a.csv", file=io.BytesIO((ANSWERED + row).encode()), by=officer,
                             on=ON)  # fmt: skip

    payment.refresh_from_db()
    assert (payment.state, payment.held) == ("paid", statement.total)


def test_a_statement_is_ordered_once_and_one_without_an_account_waits(
    order: Order, payer: Actor, system: Actor, facility_of: Callable[..., Facility]
) -> None:
    with pytest.raises(payments.NobodyToPay):
        actions.order_statements(scheme="hef", month=MONTH, by=payer, on=ON)
    facility_of("HC2")
    actions.make_statements(scheme="hef", month=date(2026, 3, 1), by=system, on=ON)

    second = actions.order_statements(scheme="hef", month=date(2026, 3, 1), by=payer, on=ON)

    assert Payment.objects.get(order_id=second).facility_id == facility_of().pk


def test_an_account_follows_another_and_never_goes_back(
    facility_of: Callable[..., Facility], system: Actor
) -> None:
    facility_of()
    common = {"facility": "HC1", "holder": "HC 1", "by": system, "on": ON}
    first = actions.set_account(number="123456", start=MONTH, **common)
    actions.set_account(number="654321", start=ON, **common)
    first.refresh_from_db()

    assert first.end == ON
    with pytest.raises(actions.AccountSetSince):
        actions.set_account(number="777777", start=ON, **common)
    with pytest.raises(actions.AccountImpossible):
        actions.set_account(number="12", start=MAY, **common)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    statement: Statement, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    asked = {"scheme": "hef", "month": "2026-02-01"}
    account = {"facility": "HC1", "number": "999999", "holder": "HC", "start": "2026-05-01"}

    ordered = post(client, "health_equity/statements/order", asked).status_code
    page = client.post("/care/statements/order", asked).status_code
    was_set = post(client, "health_equity/accounts", account).status_code

    may_order = role == "programme_officer"
    assert ordered == (201 if may_order else 403)
    assert page == (302 if may_order else 403)
    assert was_set == (201 if role == "scheme_officer" else 403)
