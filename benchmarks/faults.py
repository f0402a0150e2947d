"""Kills of workers and of PostgreSQL at random moments of many payments; then a look at the books.

An order of `--payments` families is prepared, approved by two, released and answered for, each step
in a process of its own that is killed with SIGKILL at a random moment of its work, up to `--kills`
times, and begun again. Approvers and releasers come several at once; answer files contradict each
other, come in any order and more than once, and PostgreSQL itself is killed while they are taken
in. After each kill and each step the books must hold. Prints one JSON object a line; fails where
they don't hold.

At last who was not reached is ordered again, and this order is released and answered for through
the web server, which is killed with its worker while it works.
"""

import argparse
import base64
import csv
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from lookups import make_system, start, token_of

ROOT = Path(__file__).resolve().parents[1]
SPEAN = Path(sys.executable).parent / "spean"
ON = date(2026, 11, 2)
PROGRAMME = "flood_cash_transfer"
OUTCOMES, CHANCES = ("SUCCESS", "PARTIAL", "FAILED", "RETURNED", "PENDING"), (76, 4, 8, 4, 8)
FILES = 5
ASKED = {
    "books": (
        "SELECT kind, sum(line.amount)::bigint FROM payments_line line"
        " JOIN payments_account account ON account.id = line.account_id GROUP BY 1",
        "SELECT state, sum(amount)::bigint FROM payments_payment GROUP BY 1",
        "SELECT sum(held)::bigint FROM payments_payment",
        "SELECT obligation FROM payments_payment GROUP BY 1 HAVING max(owed)"
        " < sum(CASE WHEN state IN ('due', 'sent') THEN amount ELSE held END)",
    ),
    "references": (
        "SELECT reference, amount::bigint FROM payments_payment"
        " WHERE order_id = (SELECT id FROM payments_order ORDER BY number DESC LIMIT 1) ORDER BY 1",
    ),
    "order": ("SELECT id::text FROM payments_order ORDER BY number DESC LIMIT 1",),
}
PATIENCE = 40  # seconds until a killed PostgreSQL must answer again


def main() -> None:
    """Run the parent, or one step as its child."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--payments", type=int, default=100_000)
    asked.add_argument("--kills", type=int, default=4, help="at most, of one step")
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--data", type=Path, default=ROOT / "var" / "faults")
    asked.add_argument("--step", nargs="*", help=argparse.SUPPRESS)
    given = asked.parse_args()
    os.environ["SPEAN_VAR"] = str(given.data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "spean.config.settings"
    if given.step:
        step(given.data, *given.step)
    else:
        Faults(given.data, given.payments, given.kills, random.Random(given.seed)).run()


def step(data: Path, name: str, who: str, *given: str) -> None:
    """Do one step as somebody, in this process; what is asked is printed as JSON."""
    import django

    django.setup()
    from spean.kernel.access import Actor

    by = Actor.system(who)
    if name == "set_up":
        print(json.dumps(set_up(data, int(given[0]), by)))
    elif name == "make_system":
        print(json.dumps(make_system(("payment_officer",))))
    elif name in ASKED:
        print(json.dumps(ask(ASKED[name])))
    else:
        live(data, name, by, *given)


def set_up(data: Path, payments: int, by: Any) -> int:
    """Register families, write the list of payees, and give the programme its money."""
    from spean.locations.models import Place
    from spean.payments import actions
    from spean.registry.models import Household

    village = Place.objects.filter(level="village").order_by("code")[0]
    homes = [
        Household(village=village, since=ON, registered_on=ON, registered_by="faults")
        for _ in range(payments)
    ]
    Household.objects.bulk_create(homes, batch_size=5000)
    amounts = [10_000 + number % 7 * 1000 for number in range(payments)]
    with (data / "payees.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            (f"faults:{home.pk}", home.pk, village.code, "x", "x", f"+8551{number:07}", amount)
            for number, (home, amount) in enumerate(zip(homes, amounts, strict=True))
        )
    actions.appropriate(
        programme=PROGRAMME, funder="budget", amount=Decimal(sum(amounts)), on=ON,
        source="ASSUMED: faults", key="faults", by=by,
    )  # fmt: skip
    return sum(amounts)


def live(data: Path, name: str, by: Any, *files: str) -> None:
    """Prepare the order, approve it, release it, or take answers in."""
    from django.utils import timezone

    from spean.payments import actions
    from spean.payments.models import Order

    if name == "prepare":
        actions.prepare_order(
            key=f"faults:{len(files)}", programme=PROGRAMME, purpose="Faults", by=by, on=ON,
            channel="wallet", payees=data / "payees.csv",
        )  # fmt: skip
    elif name == "answers":
        with Path(files[0]).open("rb") as file:
            actions.receive_answers(file=file, name=files[0], by=by, on=ON)
    else:
        order, now = Order.objects.order_by("number")[len(files)], timezone.now()
        if name == "approve":
            actions.approve_order(order_id=order.pk, list_hash=order.list_hash, by=by, at=now)
        else:
            actions.release_order(order_id=order.pk, by=by, at=now)


def ask(statements: Sequence[str]) -> list[list[tuple[Any, ...]]]:
    """Give the rows of some statements, as of one moment."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return [cursor.execute(one).fetchall() for one in statements]


class Faults:
    """One run: its data, how many payments, and the luck that decides when something is killed."""

    def __init__(self, data: Path, payments: int, kills: int, luck: random.Random) -> None:
        self.data, self.payments, self.kills, self.luck = data, payments, kills, luck
        self.began, self.starting = time.perf_counter(), 0.0

    def run(self) -> None:
        """Live an order's life among faults."""
        said = subprocess.DEVNULL
        subprocess.run([str(SPEAN), "setup", "--no-demo"], check=True, stdout=said, stderr=said)
        total = self._ask("set_up", str(self.payments))
        began = time.perf_counter()
        self._ask("books")
        self.starting = time.perf_counter() - began
        self._say("set_up", given=total)
        self._until_done("prepare", "prepares")
        self._at_once("approve", ["approves"] * 4, succeed=1)
        self._at_once("approve", ["approves-too", "approves-three"], succeed=1)
        self._at_once("release", ["releases"] * 3, succeed=1)
        files = [str(path) for path in self._answer_files()]
        for number in (0, 3, 1, 0, 4, 2, 3, 1):
            self._until_done("answers", "releases", files[number], database=True)
        self._through_the_server()
        held = self._books("ended")
        if -held["funder"] != total:
            raise AssertionError(f"{total} was given, and {held} is held")
        self._say("ended", given=total, held=held)

    def _start(self, *said: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, __file__, "--data", str(self.data), "--step", *said],
            stdout=stdout, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _until_done(self, *said: str, database: bool = False) -> None:
        """Begin a step again until it is done, killing it, or PostgreSQL, at random moments."""
        killed = 0
        while killed < self.kills:
            child = self._start(*said)
            try:
                working = self.luck.random() * (1 + self.payments / 40_000)
                code = child.wait(timeout=self.starting + working)
            except subprocess.TimeoutExpired:
                if database and killed % 2:
                    self._kill_database()
                child.kill()
                child.wait()
                killed += 1
                self._books(said[0])
                continue
            if code == 0:
                break
        else:
            if self._start(*said).wait() != 0:
                raise AssertionError(f"{said} can't be done after {killed} kills")
        self._books(said[0])
        self._say(f"done.{said[0]}", killed=killed)

    def _through_the_server(self) -> None:
        """Order again who was not reached, release and answer it over HTTP among kills."""
        for name, who in (("prepare", "prepares"), ("approve", "approves"),
                          ("approve", "approves-too")):  # fmt: skip
            self._until_done(name, who, "again")
        ((order,),) = self._ask("order")[0]
        system = self._ask("make_system")
        self._post_until_done("release", f"orders/{order}/release", None, system)
        for path in [*self._answer_files()][:2]:
            content = base64.b64encode(path.read_bytes()).decode()
            body = {"name": path.name, "content": content}
            for _ in range(2):
                self._post_until_done("answers", "answers", body, system)

    def _post_until_done(self, name: str, address: str, body: Any, system: list[str]) -> None:
        """Post to the server until it has answered, killing it at random moments of its work."""
        killed, key, done = 0, str(uuid4()), False
        while not done:
            running, port = start(str(self.data))
            token, said = token_of(port, *system, "payments"), list[int]()
            asking = threading.Thread(target=_post, args=(port, token, address, body, key, said))
            asking.start()
            patience = self.luck.random() * (0.2 + self.payments / 100_000)
            asking.join(patience if killed < self.kills else PATIENCE * 5)
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            asking.join()
            done = said == [200]
            killed += not done
            if said not in ([], [200]):
                raise AssertionError(f"{address} was answered with {said}")
            self._books(f"server.{name}")
        self._say(f"server.{name}", killed=killed)

    def _at_once(self, name: str, people: list[str], *, succeed: int) -> None:
        """Let several do the same at once: only so many may succeed."""
        done = [one.wait() == 0 for one in [self._start(name, who) for who in people]].count(True)
        if done != succeed:
            raise AssertionError(f"{done} of {len(people)} did {name}, not {succeed}")
        self._books(name)
        self._say(f"at_once.{name}", tried=len(people), succeeded=done)

    def _kill_database(self) -> None:
        """Kill PostgreSQL and all its processes: the next who needs it starts it again."""
        pid = (self.data / "postgres" / "postmaster.pid").read_text().split()[0]
        found = subprocess.run(["pgrep", "-P", pid], check=False, capture_output=True, text=True)
        for one in (pid, *found.stdout.split()):
            os.kill(int(one), signal.SIGKILL)

    def _answer_files(self) -> Iterator[Path]:
        """Write files in which a provider says of each payment something else every time."""
        (rows,) = self._ask("references")
        for number in range(FILES):
            path = self.data / f"answers-{number}.csv"
            with path.open("w") as file:
                file.write("reference,status,amount,currency,date,transaction_id,reason\n")
                for reference, amount in rows:
                    said = self.luck.choices(OUTCOMES, CHANCES)[0]
                    told = amount // 3 if said == "PARTIAL" else amount
                    file.write(f"{reference},{said},{told},KHR,2026-11-05,T,\n")
            yield path

    def _books(self, at: str) -> dict[str, int]:
        """Hold the ledger against the payments; give what each kind of account holds."""
        accounts, payments, ((with_families,),), twice = self._ask("books")
        held, states = dict(accounts), dict(payments)
        holds = (
            sum(held.values()) == 0
            and held.get("families", 0) == (with_families or 0)
            and held.get("channel", 0) == states.get("sent", 0)
            and not twice
        )
        if not holds:
            raise AssertionError(f"the books don't hold after {at}: {held} {states} {twice[:3]}")
        return held

    def _ask(self, name: str, *given: str) -> Any:
        """Ask in a process of its own, which starts PostgreSQL again if it was killed."""
        until = time.monotonic() + PATIENCE
        while True:
            child = self._start(name, "asks", *given, stdout=subprocess.PIPE)
            said, _ = child.communicate()
            if child.returncode == 0:
                return json.loads(said)
            if time.monotonic() > until:
                raise AssertionError(f"{name} has no answer")

    def _say(self, name: str, **more: Any) -> None:
        seconds = round(time.perf_counter() - self.began, 1)
        line = {"name": f"faults.{name}", "payments": self.payments, "seconds": seconds}
        print(json.dumps(line | more), flush=True)


def _post(port: int, token: str, address: str, body: Any, key: str, said: list[int]) -> None:
    """Post once; `said` gets the status, if the server lives long enough to give one."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json",
               "Idempotency-Key": key}  # fmt: skip
    try:
        client.request("POST", f"/api/v1/payments/{address}", body and json.dumps(body), headers)
        answer = client.getresponse()
        answer.read()
        said.append(answer.status)
    except (OSError, http.client.HTTPException):
        return


if __name__ == "__main__":
    main()
