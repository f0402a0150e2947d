"""One payment cycle of the nation: enrolled, frozen, ordered, approved, released, answered for."""

import random
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

PROGRAMME = "covid_cash_transfer"
START, END = date(2023, 1, 15), date(2023, 2, 15)


def cycle(folder: Path, hit: list[str]) -> Iterator[tuple[str, int, float]]:
    """Pay one month of the COVID-19 transfer, by wallet and in cash.

    Gives each step's name, its rows (households or payments) and its seconds.
    """
    from django.utils import timezone

    from spean.kernel import runs
    from spean.kernel.access import Actor
    from spean.payments import actions as payments
    from spean.programmes import actions

    people = [Actor.system(name) for name in ("prepares", "approves", "approves-too")]
    today, began = timezone.localdate(), time.perf_counter()
    given = {"on": START.isoformat(), "hit": hit}
    run = runs.carry_out(runs.start(kind="entitlements", parameters=given, by=people[0]).pk)
    yield "worked_out", run.result["households"], time.perf_counter() - began
    began = time.perf_counter()
    found = actions.find_candidates(programme=PROGRAMME, by=people[0], on=START)
    yield "candidates_found", found.candidates, time.perf_counter() - began
    began = time.perf_counter()
    enrolled = actions.enrol_candidates(programme=PROGRAMME, area="", by=people[0], on=START)
    yield "enrolled", enrolled, time.perf_counter() - began
    began = time.perf_counter()
    opened = actions.open_cycle(programme=PROGRAMME, start=START, end=END, by=people[0], on=START)
    yield "frozen", opened.households, time.perf_counter() - began
    payments.appropriate(
        programme=PROGRAMME, funder="national-budget", amount=Decimal(opened.total),
        source="ASSUMED: bench", key="bench", by=people[0], on=today,
    )  # fmt: skip
    for channel in ("wallet", "pay_point"):
        yield from _paid(opened, channel, folder, people, today)


def _paid(
    opened: Any, channel: str, folder: Path, people: list[Any], today: date
) -> Iterator[tuple[str, int, float]]:
    from django.utils import timezone

    from spean.payments import actions as payments
    from spean.payments import queries
    from spean.programmes import actions

    began = time.perf_counter()
    made = actions.order_cycle(
        cycle_id=opened.pk, channel=channel, purpose="COVID-19", by=people[0], on=today
    )
    seconds, order = time.perf_counter() - began, queries.order(made, by=people[0])
    yield f"ordered.{channel}", order.payments_count, seconds
    began = time.perf_counter()
    _send(order, people, timezone.now())
    yield f"approved_released.{channel}", order.payments_count, time.perf_counter() - began
    sent, answers = folder / f"{channel}.csv", folder / f"{channel}-answers.csv"
    began = time.perf_counter()
    _fetch(order, sent, people)
    yield f"file_written.{channel}", order.payments_count, time.perf_counter() - began
    _answer(sent, answers)
    began = time.perf_counter()
    with answers.open("rb") as file:
        payments.receive_answers(file=file, name=answers.name, by=people[0], on=today)
    yield f"answers_taken_in.{channel}", order.payments_count, time.perf_counter() - began
    sent.unlink()
    answers.unlink()


def _send(order: Any, people: list[Any], now: Any) -> None:
    from spean.payments import actions

    for who in people[1:]:
        actions.approve_order(order_id=order.pk, list_hash=order.list_hash, by=who, at=now)
    actions.release_order(order_id=order.pk, by=people[0], at=now)


def _fetch(order: Any, path: Path, people: list[Any]) -> None:
    from spean.payments import queries

    _, pieces = queries.order_file(order.pk, by=people[0])
    with path.open("wb") as file:
        file.writelines(pieces)


def _answer(sent: Path, answers: Path) -> None:
    """Answer as a provider might: of a hundred, ninety-five are paid, three fail, two wait."""
    chance = random.Random(1)
    with sent.open(encoding="utf-8-sig") as rows, answers.open("w") as out:
        next(rows)
        out.write("reference,status,amount,currency,date,transaction_id,reason\n")
        for row in rows:
            reference, amount = row.split(",")[0], row.split(",KHR,")[0].rsplit(",", 1)[1]
            said = chance.choices(["SUCCESS", "FAILED", "PENDING"], [95, 3, 2])[0]
            out.write(f"{reference},{said},{amount},KHR,2023-01-20,T{reference},\n")
