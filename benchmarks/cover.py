"""Is the patient covered? 50 clients at once ask the counter's API, over the country at a scale.

Prints one JSON object a line, as nation.py does, whose data it uses (drawn and taken in where they
are not there yet): by card number, by scanned code and by name, and the plain framework's empty
view as the limit. `python benchmarks/cover.py --scale 0.01`.
"""

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from lookups import cards_and_names, free_port, make_system, start, token_of, wait_for
from nation import ROOT

ADDRESS = "/api/v1/health_equity/cover"
KINDS = ("number", "code", "name")
Ask = Callable[[http.client.HTTPConnection], None]


def main() -> None:
    """Make the country if it isn't there, ask with each number of clients, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.01)
    asked.add_argument("--seed", type=int, default=3)
    asked.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    asked.add_argument("--clients", type=int, nargs="*", default=[1, 50])
    asked.add_argument("--requests", type=int, default=2000)
    given = asked.parse_args()
    var = _country(given.data, given.scale, given.seed)
    bodies = _bodies(given.requests)
    counted = {kind: _queries(bodies[kind][0]) for kind in KINDS}
    key, secret = make_system(("health_worker",))
    limits: dict[int, float] = {}
    with _plain() as port:
        for clients in given.clients:
            limits[clients], line = _measured(port, [_empty] * given.requests, clients)
            _print("cover.empty_view", given.scale, line)
    running, port = start(str(var))
    try:
        token = token_of(port, key, secret, "health_equity")
        for kind in KINDS:
            for clients in given.clients:
                asks = [_asking(token, body) for body in bodies[kind]]
                rate, line = _measured(port, asks, clients)
                ratio = {"ratio": round(limits[clients] / rate, 1), "against": "the empty view"}
                _print(f"cover.{kind}", given.scale, line | ratio | {"queries": counted[kind]})
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=120)


def _country(data: Path, scale: float, seed: int) -> Path:
    """Draw the country and take it in, unless nation.py did; give the folder of its database."""
    folder = data / f"nation-{scale}-{seed}"
    if not (folder / "var" / "postgres").exists():
        nation = Path(__file__).parent / "nation.py"
        subprocess.run(
            [sys.executable, nation, "--scale", str(scale), "--seed", str(seed),
             "--data", data, "--only", "intake"], check=True, stdout=sys.stderr,
        )  # fmt: skip
    os.environ["SPEAN_VAR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "spean.config.settings"
    import django

    django.setup()
    return folder / "var"


def _bodies(number: int) -> dict[str, list[str]]:
    """Give what is typed or scanned, of poor families and of anybody."""
    from spean.registry.models import EquityCard
    from spean.registry.queries.card_keys import signing_key
    from spean.registry.rules.card_token import CardToken, sign

    cards, names = cards_and_names(number)
    numbers = [look[1]["card"] for look in cards]
    key, codes = signing_key(), {}
    found = EquityCard.objects.filter(number__in=numbers).select_related("household__village")
    for one in found:
        assert one.end is not None
        said = CardToken(
            one.number, one.category, one.start, one.end, 4, one.household.village.code, one.serial
        )
        codes[one.number] = sign(said, key)
    texts = {"number": numbers, "code": [codes[number] for number in numbers],
             "name": [look[1]["text"] for look in names]}  # fmt: skip
    return {kind: [json.dumps({"text": one}) for one in listed] for kind, listed in texts.items()}


def _queries(body: str) -> int:
    """Count the queries of one look-up, beside those by which the API knows who asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from spean.health_equity import queries
    from spean.kernel.access import Actor, Purpose

    by = Actor(user=None, name="bench", purpose=Purpose.CARE, grants=(("health_worker", ""),))
    with CaptureQueriesContext(connection) as asked:
        queries.look_up(json.loads(body)["text"], by=by, on=timezone.localdate())
    return len(asked)


def _asking(token: str, body: str) -> Ask:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(client: http.client.HTTPConnection) -> None:
        client.request("POST", ADDRESS, body, headers)
        answer = client.getresponse()
        found = json.loads(answer.read())
        if answer.status != 200 or not found["patients"]:
            raise AssertionError(f"{body}: {answer.status} {found}")

    return ask


def _empty(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/")
    client.getresponse().read()


@contextmanager
def _plain() -> Iterator[int]:
    """Serve the empty view by the same server, with as many threads."""
    port = free_port()
    running = subprocess.Popen(
        [Path(sys.executable).parent / "granian", "--interface", "wsgi", "--port", str(port),
         "--blocking-threads", "4", "--no-ws", "empty_view:application"],
        cwd=Path(__file__).parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items()
             if name != "DJANGO_SETTINGS_MODULE"},
    )  # fmt: skip
    try:
        wait_for(port)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=60)


def _measured(port: int, asks: list[Ask], clients: int) -> tuple[float, dict[str, Any]]:
    """Let the clients ask, each on a connection that stays open; give the rate and the line."""
    times: list[float] = []
    shuffled = random.Random(7).sample(asks, len(asks))
    shares = [shuffled[n::clients] for n in range(clients)]
    if clients == 1:
        shares = [shuffled[: len(shuffled) // 10]]
    threads = [threading.Thread(target=_client, args=(port, share, times)) for share in shares]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if len(times) != sum(map(len, shares)):
        raise AssertionError("some look-ups failed")
    cuts = quantiles(times, n=100)
    rate = len(times) / seconds
    return rate, {
        "rows": len(times), "clients": clients, "seconds": round(seconds, 2),
        "p50_ms": round(cuts[49] * 1000, 1), "p99_ms": round(cuts[98] * 1000, 1),
        "requests_a_second": round(rate, 1),
    }  # fmt: skip


def _client(port: int, share: list[Ask], times: list[float]) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for ask in share:
        began = time.perf_counter()
        ask(client)
        times.append(time.perf_counter() - began)
    client.close()


def _print(name: str, scale: float, line: dict[str, Any]) -> None:
    print(json.dumps({"name": name, "scale": scale} | line), flush=True)


if __name__ == "__main__":
    main()
