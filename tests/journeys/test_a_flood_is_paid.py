"""From a decision not yet taken to money in hand, and back: a flood, page by page, role by role."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.access import Actor
from spean.kernel.digits import latin_digits
from spean.kernel.models import LongRun
from spean.kernel.periods import Period
from spean.locations.models import Place, VillagePoint
from spean.payments.models import AnswerFile, Order, Payment
from spean.programmes.models import Cycle
from spean.registry import actions as registry
from spean.registry.models import EquityCard, Household
from spean.shocks.models import Event, Plan
from spean.simulation.models import Scenario
from tests.programmes.conftest import family_in, worked_out
from tests.registry.conftest import own_keys

__all__ = ["family_in", "own_keys", "worked_out"]
TOP_UP = "shock_top_up"
START = date(2026, 12, 1)
EACH = 80_000 + 2 * 16_000
GIVEN = 1_000_000
PHONE = "+8551234567"
HEADER = "reference,status,amount,currency,date,transaction_id,reason"
ROUND_NHANG = {
    "type": "Polygon",
    "coordinates": [[[107, 14], [107.5, 14], [107.5, 13.5], [107, 13.5], [107, 14]]],
}


@pytest.fixture
def homes(
    places: dict[str, Place], family_in: Callable[[Place], Household], own_keys: None, system: Actor
) -> list[Household]:
    """Two poor families of neighbouring villages, each with a telephone and a card."""
    today, made = timezone.localdate(), []
    for number, code in enumerate(("16010101", "16010102")):
        VillagePoint.objects.create(
            place=places[code], latitude=13.8, longitude=107.2, source="Survey"
        )
        home = family_in(places[code])
        home.phone = f"{PHONE}{number}"
        home.save()
        valid = Period(date(2024, 1, 2), date(2030, 1, 2))
        registry.issue_card(household=home, category="poor_1", valid=valid, by=system, on=today)
        made.append(home)
    return made


def _say(client: Client, address: str, status: int = 200, **said: Any) -> str:
    """Post a form, follow where it leads, and give the page."""
    shown = client.post(address, said, follow=True)
    assert shown.status_code == status, (address, shown.content.decode()[-2000:])
    return shown.content.decode()


def _simulate(officer: Client, approver: Client) -> None:
    """Simulate the rules as they are where the flood struck, and share what comes of it."""
    _say(officer, "/simulation/new", title="If Nhang floods", on=START.isoformat(),
         hit="160101", only_hit="on", **_as_it_is())  # fmt: skip
    found = Scenario.objects.get()
    assert approver.get(f"/simulation/{found.pk}").status_code == 404
    _say(officer, f"/simulation/{found.pk}/share")
    assert "If Nhang floods" in approver.get(f"/simulation/{found.pk}").content.decode()


def _as_it_is() -> dict[str, str]:
    from spean.simulation.queries import adjustable

    return {one.table.key: "as_it_is" for one in adjustable(START)}


def _plan(officer: Client, approvers: list[Client]) -> None:
    """Note the flood, draw where it struck, propose the plan; two approve it, each once."""
    since = {"since": "2026-11-01", "source": "Chief of Nhang"}
    _say(officer, "/shocks/new", kind="flood", title="Sesan", families="600", **since)
    page = f"/shocks/{Event.objects.get().pk}"
    _say(officer, f"{page}/draw", drawn=json.dumps(ROUND_NHANG), **since)
    _say(officer, f"{page}/plans", start=START.isoformat(), programmes=TOP_UP)
    decide = f"/shocks/plans/{Plan.objects.get().pk}/decide"
    _say(approvers[0], decide, decision="approve")
    assert "approved" in _say(approvers[0], decide, 422, decision="approve")
    _say(approvers[1], decide, decision="approve")
    work = LongRun.objects.get(kind="entitlements", state="waiting")
    assert runs.carry_out(work.pk).state == "done"


def _open_cycle(officer: Client) -> str:
    """Enrol who is owed something, and freeze what they are owed."""
    _say(officer, f"/programmes/{TOP_UP}/candidates")
    _say(officer, f"/programmes/{TOP_UP}/review", what="enrol", area="")
    _say(officer, "/cycles/new", programme=TOP_UP, start="2026-12-01", last_day="2026-12-31")
    cycle = Cycle.objects.get()
    assert (cycle.households, cycle.total) == (2, 2 * EACH)
    return f"/cycles/{cycle.pk}"


def _release(officer: Client, cycle: str, channel: str, people: dict[str, Client]) -> str:
    """Order by a channel; two approve the very list that is released."""
    _say(officer, cycle, channel=channel, purpose="Flood, December")
    made = Order.objects.latest("number")
    order, seen = f"/payments/orders/{made.pk}", made.list_hash
    _say(people["one"], f"{order}/approve", 409, list_hash="0" * 64)
    _say(people["one"], f"{order}/approve", list_hash=seen)
    _say(people["one"], f"{order}/approve", 409, list_hash=seen)
    _say(people["payer"], f"{order}/release", 409)
    _say(people["two"], f"{order}/approve", list_hash=seen)
    _say(people["payer"], f"{order}/release")
    return order


def _answer(payer: Client, *rows: str) -> str:
    file = SimpleUploadedFile("answers.csv", "\n".join([HEADER, *rows]).encode())
    return _say(payer, "/payments/answers", file=file)


def _read_record(texts: Path, home: Household) -> str:
    """Ask for a code by the card, read it on the telephone, and open the family's record."""
    family = Client()
    family.cookies["spean_language"] = "en"
    card = EquityCard.objects.get(household=home).number
    _say(family, "/family", card=card)
    told = json.loads(texts.read_text().splitlines()[-1])["body"]
    (code,) = re.findall(r"\d{6}", latin_digits(told))
    return _say(family, "/family/code", card=card, code=code)


def _money(auditor: Client) -> tuple[int, int, int]:
    """Give what is available, on its way and with families."""
    (one,) = auditor.get("/api/v1/payments/budgets").json()
    return one["available"], one["in_channels"], one["with_families"]


@pytest.mark.django_db(transaction=True)
def test_a_flood_is_paid_and_what_nobody_fetched_comes_back(
    homes: list[Household], worked_out: Callable[[date], None], settings: Any, tmp_path: Path,
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    settings.TEXTS = tmp_path / "texts.jsonl"
    officer, auditor = client_of("programme_officer"), client_of("auditor")
    people = {name: client_of("payment_approver", name=name) for name in ("one", "two")}
    people["payer"] = payer = client_of("payment_officer")
    worked_out(START)
    _simulate(officer, people["one"])
    _plan(officer, [people["one"], people["two"]])
    cycle = _open_cycle(officer)
    _say(client_of("budget_officer"), "/payments/budgets", programme=TOP_UP, way="gives",
         funder="national-budget", amount=str(GIVEN), source="Act 1", key="1")  # fmt: skip

    order = _release(officer, cycle, "wallet", people)
    _say(payer, f"{order}/tell")
    assert len(settings.TEXTS.read_text().splitlines()) == 2
    sent: Any = payer.get(f"{order}/file")
    rows = list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))))
    paid, failed = (row["reference"] for row in sorted(rows, key=lambda row: row["account"]))
    said = (
        f"{paid},SUCCESS,{EACH},KHR,2026-12-03,T1,",
        f'{failed},SUCCESS,"{EACH:,}",KHR,2026-12-03,T2,',
        f"{failed},SUCCESS,28,USD,2026-12-03,T3,",
        f"{failed},FAILED,{EACH},KHR,2026-12-03,T4,No such account",
    )
    page = _answer(payer, *said)
    assert page.count("Row ") == 2
    assert "separators" in page
    assert "payments are in KHR" in page
    assert "was taken in before" in _answer(payer, *said)
    assert AnswerFile.objects.count() == 1
    assert _money(auditor) == (GIVEN - EACH, 0, EACH)
    assert "Paid" in _read_record(settings.TEXTS, homes[0])

    cash = _release(officer, cycle, "pay_point", people)
    _say(payer, f"{cash}/lists/16010102", paid_by="Chan", paid_on=timezone.localdate().isoformat(),
         others="not_come")  # fmt: skip
    assert _money(auditor) == (GIVEN - EACH, 0, EACH)
    unclaimed = Payment.objects.get(order__channel="pay_point")
    traced = auditor.get(f"/payments/trace/{unclaimed.reference}").content.decode()
    assert "UNCLAIMED" in traced
    assert failed in traced

    _answer(payer, f"{paid},RETURNED,{EACH},KHR,2026-12-20,T5,Account closed")
    assert _money(auditor) == (GIVEN, 0, 0)
    assert "What you are still owed is sent again" in _read_record(settings.TEXTS, homes[0])
    assert "Returned" in auditor.get(f"/payments/trace/{paid}").content.decode()
