"""What each role may see and do about money, on the pages and over the API."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from spean.config.roles import ROLES
from spean.payments.models import Order
from tests.calls import post
from tests.payments.conftest import references

SEE = {"programme_officer", "payment_approver", "payment_officer", "budget_officer", "auditor"}
PAYEES = CYCLES = SEE - {"budget_officer"}
LIST = "0" * 64


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(
    released: Order, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    home = released.payments.all()[0].household_id
    seen = [
        "/payments", "/payments/budgets", "/payments/answers", f"/payments/orders/{released.pk}",
        "/api/v1/payments/orders", f"/api/v1/payments/orders/{released.pk}",
        "/api/v1/payments/budgets", "/api/v1/payments/revisions",
    ]  # fmt: skip
    payees = [f"/payments/orders/{released.pk}/payments",
              f"/api/v1/payments/households/{home}/payments"]  # fmt: skip
    cycles = ["/cycles", "/api/v1/programmes/cycles", f"/api/v1/programmes/households/{home}/owed"]
    orders = [f"/payments/orders/{released.pk}", f"/api/v1/payments/orders/{released.pk}"]
    files = [f"{order}/file{form}" for order in orders for form in ("", "?format=pain.001")]
    files.append(f"{orders[0]}/payments/{references(released)[0]}/khqr")
    none = [f"/payments/answers/{uuid4()}", f"/api/v1/payments/answers/{uuid4()}"]
    missing = [f"/cycles/{uuid4()}", f"/api/v1/programmes/cycles/{uuid4()}"]
    expected = {
        **dict.fromkeys(seen, 200 if role in SEE else 403),
        **dict.fromkeys(payees, 200 if role in PAYEES else 403),
        **dict.fromkeys(none, 404 if role in SEE else 403),
        **dict.fromkeys(cycles, 200 if role in CYCLES else 403),
        **dict.fromkeys(missing, 404 if role in CYCLES else 403),
        **dict.fromkeys(files, 200 if role == "payment_officer" else 403),
        "/cycles/new": 200 if role == "programme_officer" else 403,
    }

    assert {address: client.get(address).status_code for address in expected} == expected


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may(
    released: Order, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    order, cycle = f"payments/orders/{released.pk}", f"programmes/cycles/{uuid4()}"
    money = {"key": "k", "programme": "flood_cash_transfer", "funder": "donor", "amount": "5",
             "source": "Act 2"}  # fmt: skip
    days = {"programme": "flood_cash_transfer", "start": "2026-11-01", "end": "2026-12-01"}
    answers = {"name": "a.csv", "content": "cmVmZXJlbmNl"}
    asked = [
        ("payment_approver", 409, f"{order}/approve", {"list_hash": LIST}),
        ("payment_officer", 409, f"{order}/release", None),
        ("programme_officer", 409, f"{order}/cancel", None),
        ("payment_officer", 422, "payments/answers", answers),
        ("budget_officer", 201, "payments/appropriations", money),
        ("budget_officer", 201, "payments/withdrawals", money),
        ("programme_officer", 404, f"{cycle}/orders", {"channel": "wallet", "purpose": "Nov"}),
        ("programme_officer", 409, "programmes/cycles", days),
    ]
    for may, status, address, body in asked:
        answer = post(client, address, body)
        assert answer.status_code == (status if role == may else 403), address


@pytest.mark.parametrize("role", ROLES)
def test_each_role_presses_the_buttons_it_has(
    released: Order, client_of: Callable[..., Client], role: str
) -> None:
    client = client_of(role)
    money = {"programme": "flood_cash_transfer", "funder": "national-budget", "amount": "5",
             "source": "Act 2", "key": "k", "way": "gives"}  # fmt: skip
    buttons = {
        f"/payments/orders/{released.pk}/approve": ("payment_approver", 409),
        f"/payments/orders/{released.pk}/release": ("payment_officer", 409),
        f"/payments/orders/{released.pk}/cancel": ("programme_officer", 409),
        "/payments/budgets": ("budget_officer", 302),
    }
    for address, (may, status) in buttons.items():
        answer = client.post(address, money)
        assert answer.status_code == (status if role == may else 403), address


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount", "1,000,000", "“1,000,000” is not an amount."),
        ("amount", "0", "Enter an amount above 0."),
        ("programme", "Flood", "Flood is not one of the available choices."),
        ("funder", "The Budget", "The Budget is not one of the available choices."),
    ],
)
def test_a_budget_that_is_filled_in_wrongly_says_where(
    client_of: Callable[..., Client], field: str, typed: str, said: str
) -> None:
    money = {"programme": "flood_cash_transfer", "funder": "national-budget", "amount": "5",
             "source": "Act 2", "key": "k", "way": "gives"}  # fmt: skip

    page = client_of("budget_officer").post("/payments/budgets", money | {field: typed})

    assert list(page.context["form"].errors) == [field]
    assert said in page.content.decode()
