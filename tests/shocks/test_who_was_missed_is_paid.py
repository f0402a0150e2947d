"""A family that a flood's plan missed asks, and has the money of all its months in the end."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from spean.kernel import runs
from spean.kernel.models import LongRun
from spean.locations.models import Place
from spean.payments.models import Payment
from spean.programmes.models import Cycle, Entitlement
from spean.registry.models import Household
from spean.shocks.models import Missed, Plan
from tests.calls import post

TOP_UP = "shock_top_up"
EACH = 80_000 + 2 * 16_000
FIRST, SECOND = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture
def two(places: dict[str, Place], family_in: Callable[[Place], Household]) -> list[Household]:
    """A family where the flood was seen, and one where it was not."""
    return [family_in(places["16010101"]), family_in(places["16020101"])]


def _ask_for_cycle(officer: Client, start: str, last: str) -> Cycle:
    officer.post("/cycles/new", {"programme": TOP_UP, "start": start, "last_day": last})
    return Cycle.objects.latest("start")


def _approve(client_of: Callable[..., Client], plan: str) -> None:
    for name in ("one", "two"):
        done = post(client_of("payment_approver", name=name), f"shocks/plans/{plan}/approve")
        assert done.status_code == 200


def _work_out() -> None:
    """Carry out the work that the second approval put in the queue."""
    waiting = LongRun.objects.get(kind="entitlements", state="waiting")
    assert runs.carry_out(waiting.pk).state == "done"


def _enrol(officer: Client) -> None:
    officer.post(f"/programmes/{TOP_UP}/candidates")
    officer.post(f"/programmes/{TOP_UP}/review", {"what": "enrol", "area": ""})


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.django_db(transaction=True)
def test_who_was_missed_is_paid_for_all_the_months(
    two: list[Household], worked_out: Callable[[date], None], client_of: Callable[..., Client],
    alone: bool,
) -> None:  # fmt: skip
    seen, missed = two
    officer = client_of("programme_officer")
    worked_out(FIRST)
    event = post(officer, "shocks/events", {
        "kind": "flood", "title": "Sesan", "since": "2026-11-01", "source": "Gauge",
        "measures": {"families": 600},
    }).json()["id"]  # fmt: skip
    struck = {"places": ["160101"], "since": "2026-11-01", "source": "Chief"}
    assert post(officer, f"shocks/events/{event}/places", struck).status_code == 200
    plan = post(officer, f"shocks/events/{event}/plans", {"start": FIRST.isoformat()}).json()["id"]
    _approve(client_of, plan)
    _work_out()
    _enrol(officer)
    assert _ask_for_cycle(officer, "2026-12-01", "2026-12-31").households == 1

    clerk = client_of("commune_clerk", "160201")
    clerk.post(
        f"/households/{missed.pk}/missed-by-a-shock", {"event": event, "says": "Water to the bed"}
    )
    asked = Missed.objects.get()
    told = {"answer": "alone" if alone else "take_in", "reason": "Seen by boat"}
    officer.post(f"/shocks/missed/{asked.pk}/answer", told)
    assert "not in the plan" in officer.get(f"/shocks/plans/{plan}").content.decode()
    officer.post(f"/shocks/plans/{plan}/add")
    added = Plan.objects.get(adds_to=plan)
    assert (added.places, added.families) == (
        ([], [str(missed.pk)]) if alone else (["16020101"], [])
    )
    _approve(client_of, str(added.pk))
    _work_out()
    _enrol(officer)
    district = client_of("district_officer", "1602")
    first = Cycle.objects.get()
    mended = post(district, f"programmes/households/{missed.pk}/corrections",
                  {"cycle": str(first.pk), "reason": "Missed by the flood's plan"})  # fmt: skip
    assert mended.status_code in (200, 201), mended.content
    worked_out(SECOND)
    second = _ask_for_cycle(officer, "2027-01-01", "2027-01-31")

    owed = dict(Entitlement.objects.filter(cycle=second).values_list("household_id", "amount"))
    assert owed == {seen.pk: EACH, missed.pk: 2 * EACH}
    money = {"programme": TOP_UP, "funder": "national-budget", "amount": "1000000",
             "source": "Act 1", "key": "1", "way": "gives"}  # fmt: skip
    client_of("budget_officer").post("/payments/budgets", money)
    made = post(officer, f"programmes/cycles/{second.pk}/orders",
                {"channel": "pay_point", "purpose": "Flood"})  # fmt: skip
    _pay(made.json()["order"], client_of)
    assert Payment.objects.get(household_id=missed.pk).amount == 2 * EACH
    assert Payment.objects.get(household_id=missed.pk).state == "sent"


def _pay(order: str, client_of: Callable[..., Client]) -> None:
    for name in ("one", "two"):
        client = client_of("payment_approver", name=name)
        seen = client.get(f"/payments/orders/{order}").context["order"].list_hash
        client.post(f"/payments/orders/{order}/approve", {"list_hash": seen})
    client_of("payment_officer").post(f"/payments/orders/{order}/release")
