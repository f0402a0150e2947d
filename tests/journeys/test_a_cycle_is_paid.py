"""From the registry to money in hand: a cycle is opened, ordered, approved, released, answered."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.access import Actor
from spean.locations.models import Place
from spean.payments.models import Order, Payment
from spean.programmes.models import Cycle, Entitlement
from tests.calls import post

PROGRAMME = "disability_allowance"


def _run(kind: str) -> None:
    run = runs.start(kind=kind, parameters={}, by=Actor.system("test"))
    assert runs.carry_out(run.pk).state == "done"


@pytest.fixture
def country(places: dict[str, Place], settings: Any, tmp_path: Path) -> None:
    """A drawn district with its snapshot and its entitlements of today."""
    settings.SNAPSHOTS, settings.RESULTS = tmp_path / "snapshots", tmp_path / "results"
    drawn = tmp_path / "drawn"
    call_command("synthesise", drawn, scale=0.02, seed=2, area="1601")
    call_command("classify_areas", drawn / "areas.csv", act="drawn", on=date(2020, 1, 1))
    call_command("intake", drawn / "households-16.csv")
    call_command("intake_interviews", drawn / "interviews-16.csv")
    _run("snapshot")
    _run("entitlements")


def _post(client: Client, address: str, **body: object) -> dict[str, Any]:
    answer = post(client, address, body)
    assert answer.status_code in (200, 201), answer.content
    found: dict[str, Any] = answer.json()
    return found


def _release(order: str, client_of: Callable[..., Client]) -> str:
    """Approve by two, release, fetch the file."""
    for name in ("one", "two"):
        client = client_of("payment_approver", name=name)
        shown = client.get(f"/payments/orders/{order}")
        seen = shown.context["order"].list_hash
        done = client.post(f"/payments/orders/{order}/approve", {"list_hash": seen})
        assert done.status_code == 302
    payer = client_of("payment_officer")
    assert payer.post(f"/payments/orders/{order}/release").status_code == 302
    pieces: Any = payer.get(f"/payments/orders/{order}/file")
    return b"".join(pieces.streaming_content).decode("utf-8-sig")


@pytest.mark.django_db(transaction=True)
def test_a_cycle_is_paid_by_wallet_and_the_rest_in_cash(
    country: None, client_of: Callable[..., Client]
) -> None:
    today = timezone.localdate()
    client_of("budget_officer").post(
        "/payments/budgets",
        {"programme": PROGRAMME, "funder": "national-budget", "amount": "100000000",
         "source": "Act 1", "key": "1", "way": "gives"},
    )  # fmt: skip
    officer = client_of("programme_officer")
    days = {
        "programme": PROGRAMME, "start": today.isoformat(),
        "last_day": (today + timedelta(days=29)).isoformat(),
    }  # fmt: skip
    assert "Nobody is enrolled" in officer.post("/cycles/new", days).content.decode()
    officer.post(f"/programmes/{PROGRAMME}/candidates")
    officer.post(f"/programmes/{PROGRAMME}/review", {"what": "enrol", "area": ""})
    made = officer.post("/cycles/new", days)
    cycle = Cycle.objects.get()
    assert made.headers["Location"] == f"/cycles/{cycle.pk}"
    assert cycle.households == Entitlement.objects.count() > 5

    order = _post(officer, f"programmes/cycles/{cycle.pk}/orders",
                  channel="wallet", purpose="Allowance")["order"]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(_release(order, client_of))))
    assert 0 < len(rows) < cycle.households
    lines = ["reference,status,amount,currency,date,transaction_id,reason"]
    for number, row in enumerate(rows):
        status = "FAILED" if number == 0 else "SUCCESS"
        lines.append(f"{row['reference']},{status},{row['amount']},KHR,{today},T{number},")
    file = io.BytesIO("\n".join(lines).encode())
    file.name = "answers.csv"
    payer = client_of("payment_officer")
    shown = payer.post("/payments/answers", {"file": file}, follow=True)
    assert shown.context["file"].effects == {"failed": 1, "paid": len(rows) - 1}

    rest = _post(officer, f"programmes/cycles/{cycle.pk}/orders",
                 channel="pay_point", purpose="Allowance")["order"]  # fmt: skip
    _release(rest, client_of)

    assert Order.objects.get(pk=rest).payments_count == cycle.households - len(rows) + 1
    live = Payment.objects.filter(state__in=["sent", "paid"])
    assert {p.household_id: p.amount for p in live} == {
        one.household_id: one.amount for one in Entitlement.objects.all()
    }
    page = client_of("auditor").get(f"/cycles/{cycle.pk}").content.decode()
    assert "Not ordered yet, or to be ordered again" in page
    failed = Payment.objects.get(state="failed")
    owed = client_of("auditor").get(f"/api/v1/payments/households/{failed.household_id}/payments")
    assert [one["state"] for one in owed.json()] == ["sent", "failed"]
    why = client_of("auditor").get(f"/api/v1/programmes/households/{failed.household_id}/owed")
    assert why.json()[0]["decision"]["disability_allowance_level"] is True
