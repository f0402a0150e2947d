"""One payment cycle of the nation: frozen, ordered, approved, released, answered for."""

import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

PROGRAMME = "covid_cash_transfer"
START, END = date(2023, 1, 15), date(2023, 2, 15)


def cycle(folder: Path, hit: list[str]) -> Iterator[dict[str, Any]]:
    """Pay one month of the COVID-19 transfer, by wallet and in cash; every row is timed."""
    from django.utils import timezone

    from spean.kernel import runs
    from spean.kernel.access import Actor
    from spean.payments import actions as payments
    from spean.payments import queries
    from spean.programmes import actions

    people = [Actor.system(name) for name in ("prepares", "approves", "approves-too")]
    now = timezone.now()
    given = {"on": START.isoformat(), "hit": hit}

    def worked_out() -> None:
        run = runs.start(kind="entitlements", parameters=given, by=people[0])
        assert runs.carry_out(run.pk).state == "done"

    yield _timed("cycle.worked_out", worked_out)
    made: list[Any] = []
    yield _timed("cycle.frozen", lambda: made.append(actions.open_cycle(
        programme=PROGRAMME, start=START, end=END, by=people[0])))  # fmt: skip
    (opened,) = made
    payments.appropriate(programme=PROGRAMME, funder="national-budget",
                         amount=Decimal(opened.total), source="ASSUMED: bench", key="bench",
                         by=people[0], on=now.date())  # fmt: skip
    for channel in ("wallet", "pay_point"):
        orders: list[Any] = []
        yield _timed(f"cycle.ordered.{channel}", lambda c=channel, o=orders: o.append(
            actions.order_cycle(cycle_id=opened.pk, channel=c, purpose="COVID-19", by=people[0],
                                on=now.date())))  # fmt: skip
        order = queries.order(orders[0], by=people[0])
        yield _timed(f"cycle.approved_released.{channel}", lambda o=order: _send(o, people, now))
        sent, answers = folder / f"{channel}.csv", folder / f"{channel}-answers.csv"
        yield _timed(f"cycle.file_written.{channel}", lambda o=order, s=sent: _fetch(o, s, people))
        _answer(sent, answers)
        with answers.open("rb") as file:
            took = lambda f=file: payments.receive_answers(  # noqa: E731 - as its siblings
                file=f, name="answers.csv", by=people[0], on=now.date()
            )
            yield _timed(f"cycle.answers_taken_in.{channel}", took) | {
                "payments": order.payments_count
            }
        sent.unlink()
        answers.unlink()


def _timed(name: str, work: Callable[[], Any]) -> dict[str, Any]:
    began = time.perf_counter()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = round(time.perf_counter() - began, 2)
    return {"name": name, "seconds": seconds, "peak_mb": round(peak)}


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
