"""Budgets are revised by acts: money is given, and taken back where it isn't committed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from spean.kernel.access import Actor
from spean.payments import actions, queries

ON = date(2026, 11, 2)
GIVEN = {"programme": "flood_cash_transfer", "funder": "donor", "source": "Act 7", "on": ON}


@pytest.fixture
def given(db: None, system: Actor) -> None:
    actions.appropriate(amount=Decimal(900), key="a", by=system, **GIVEN)  # type: ignore[arg-type]


def _withdraw(by: Actor, amount: int, **other: Any) -> None:
    actions.withdraw(**GIVEN | {"key": "w", "amount": Decimal(amount), "by": by} | other)


def test_what_is_taken_back_leaves_the_budget_once(given: None, system: Actor) -> None:
    _withdraw(system, 200)
    _withdraw(system, 200)

    (budget,) = queries.budgets(by=system)
    assert (budget.appropriated, budget.available) == (700, 700)
    assert [(one.amount, one.funder) for one in queries.revisions(by=system)] == [
        (-200, "donor"), (900, "donor"),
    ]  # fmt: skip


@pytest.mark.parametrize("other", [{"amount": 901}, {"funder": "another"},
                                   {"programme": "covid_cash_transfer"}])  # fmt: skip
def test_nobody_takes_back_what_they_did_not_give(
    given: None, system: Actor, other: dict[str, Any]
) -> None:
    with pytest.raises(actions.NeverGiven):
        _withdraw(system, **{"amount": 900} | other)


def test_what_is_committed_can_not_be_taken_back(released: Any, system: Actor) -> None:
    (budget,) = queries.budgets(by=system)
    funder = queries.revisions(by=system)[0].funder

    with pytest.raises(actions.NotLeft):
        _withdraw(system, int(budget.available) + 1, funder=funder, programme=budget.programme)


def test_the_page_revises_a_budget_and_lists_the_acts(
    given: None, client_of: Callable[..., Client]
) -> None:
    filled = {
        "way": "takes", "programme": "flood_cash_transfer", "funder": "donor", "amount": "៤០០",
        "source": "Letter 9 (លិខិត ៩)", "key": "k",
    }  # fmt: skip

    client = client_of("budget_officer")
    page = client.post("/payments/budgets", filled, follow=True).content.decode()
    too_much = client.post("/payments/budgets", filled | {"key": "l", "amount": "501"})

    assert "Letter 9 (លិខិត ៩)" in page
    assert "-400" in page.replace("−", "-")
    assert "has not given that much" in too_much.content.decode()
