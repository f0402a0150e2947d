"""10,000 signed searches by SP-DCI, asked of a server of our own by several partners at once.

Draws a country at a scale and takes it in, unless that was done before; prints one JSON object a
line. Nothing leaves the machine. `python benchmarks/spdci.py --help`.
"""

import argparse
import http.client
import json
import os
import queue
import random
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

import rfc8785
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from lookups import start, token_of
from nation import ROOT, draw, run

SEARCH = "/api/dci/v1/social/registry/sync/search"
Criteria = dict[str, Any]


def main() -> None:
    """Take a country in, and search it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=0.01)
    asked.add_argument("--seed", type=int, default=3)
    asked.add_argument("--searches", type=int, default=10_000)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    given = asked.parse_args()
    folder = given.data / f"nation-{given.scale}-{given.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SPEAN_VAR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "spean.config.settings"
    os.environ["SPEAN_SPDCI_RATE"] = str(10**9)
    country = draw(folder, given.scale, given.seed)
    import django

    django.setup()
    homes = take_in(country)
    partner = Partner(f"bench-{uuid4()}.example.org")
    wanted = list(drawn(given.searches))
    running, port = start(os.environ["SPEAN_VAR"])
    try:
        partner.sign_in(port)
        began = time.perf_counter()
        took = search_all(partner, port, wanted, given.clients)
        seconds = time.perf_counter() - began
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=120)
    for kind in ("all", *sorted(took)):
        print(json.dumps(figures(kind, took, given, homes, seconds)), flush=True)
    check_releases(partner, took)


def take_in(country: Path) -> int:
    """Take every household in, unless they are; give how many there are."""
    from spean.kernel.access import Actor, Purpose
    from spean.registry import actions
    from spean.registry.models import Household

    if not Household.objects.exists():
        by = Actor.system("intake", purpose=Purpose.REGISTRATION)
        for path in sorted(country.glob("households-??.csv")):
            actions.take_in_file(path=path, by=by, on=date.today(), writers=actions.INTAKE_WRITERS)
        run("intake_interviews", *sorted(country.glob("interviews-??.csv")))
    return Household.objects.count()


class Partner:
    """A partner's program: its key, its token, and messages as the standard writes them."""

    def __init__(self, name: str) -> None:
        from spean.interop.actions import Agreement, register_partner
        from spean.kernel.access import Actor

        self.key = JWK.generate(kty="OKP", crv="Ed25519")
        keys = {"keys": [self.key.export_public(as_dict=True) | {"kid": self.key.thumbprint()}]}
        self.name = name
        agreement = Agreement(sender_id=name, purpose="targeting", basis="agreement", keys=keys)
        self.partner, self.client_id, self.secret = register_partner(
            agreement=agreement, by=Actor.system("bench"), on=date(2020, 1, 1)
        )
        self.protected = json.dumps({"alg": "EdDSA", "kid": self.key.thumbprint()})
        self.token = ""

    def sign_in(self, port: int) -> None:
        """Get a token."""
        self.token = token_of(port, self.client_id, self.secret, "registry/search")

    def message(self, criteria: Criteria) -> bytes:
        """Write a signed search."""
        now = datetime.now().astimezone().isoformat()
        header = {
            "version": "1.0.0", "message_id": str(uuid4()), "message_ts": now, "action": "search",
            "sender_id": self.name, "total_count": 1,
        }  # fmt: skip
        request = {"reference_id": "1", "timestamp": now, "search_criteria": criteria}
        message = {"transaction_id": str(uuid4()), "search_request": [request]}
        whole = {"header": header, "message": message}
        made = JWS(rfc8785.dumps(whole))
        made.add_signature(self.key, alg="EdDSA", protected=self.protected)
        first, _, last = made.serialize(compact=True).split(".")
        return json.dumps({"signature": f"{first}..{last}", **whole}).encode()


def drawn(number: int) -> Iterator[tuple[str, Criteria]]:
    """Draw what is asked: mostly a person's number, else a family by its members or its place."""
    from spean.registry.models import Household, Identifier, Person

    chance = random.Random(7)
    held = Identifier.objects.order_by("id").values_list("value", flat=True)
    numbers = list(held[:5_000])
    known = Person.objects.order_by("id").values_list("given_name_latin", "birth_date")
    people = list(known[:5_000])
    communes = sorted(set(Household.objects.values_list("village__code", flat=True)))
    for _ in range(number):
        luck = chance.random()
        if luck < 0.7 and numbers:
            pair = {"attribute_name": "member_list.identifier", "operator": "eq",
                    "attribute_value": chance.choice(numbers)}  # fmt: skip
            yield "number", {"query_type": "predicate", "query": [{"expression1": pair}]}
        elif luck < 0.85:
            name, born = chance.choice(people)
            where = "member_list.demographic_info."
            query = {f"{where}birth_date": born.isoformat(), f"{where}name.given_name": name}
            yield "name_and_birth", _expression(query)
        else:
            query = {
                "location": chance.choice(communes)[:6], "group_size": {"$gte": 3},
                "member_list.age": {"$lt": 5},
            }  # fmt: skip
            sort = [{"attribute_name": "poverty_score", "sort_order": "desc"}]
            yield "commune_page", _expression(query) | {
                "sort": sort, "pagination": {"page_size": 20, "page_number": 1},
            }  # fmt: skip


def _expression(query: Criteria) -> Criteria:
    return {"query_type": "expression", "query": {"value": {"expression": {"query": query}}}}


def search_all(
    partner: Partner, port: int, wanted: list[tuple[str, Criteria]], clients: int
) -> dict[str, list[tuple[float, int]]]:
    """Ask everything, several at once; give how long each took and how many records came."""
    waiting: queue.SimpleQueue[tuple[str, Criteria]] = queue.SimpleQueue()
    for one in wanted:
        waiting.put(one)
    took: dict[str, list[tuple[float, int]]] = {kind: [] for kind, _ in wanted}

    def work() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            try:
                kind, criteria = waiting.get_nowait()
            except queue.Empty:
                return
            took[kind].append(_ask(partner, client, port, criteria))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _ask(
    partner: Partner, client: http.client.HTTPConnection, port: int, criteria: Criteria
) -> tuple[float, int]:
    body = partner.message(criteria)
    began = time.perf_counter()
    client.request("POST", SEARCH, body, {
        "Authorization": f"Bearer {partner.token}", "Content-Type": "application/json",
    })  # fmt: skip
    answer = client.getresponse()
    found = json.loads(answer.read())
    seconds = time.perf_counter() - began
    if answer.status == 401:  # the token is over: it lives for a quarter of an hour
        partner.sign_in(port)
        return _ask(partner, client, port, criteria)
    response = found["message"]["search_response"][0] if answer.status == 200 else found
    if response.get("status") != "succ":
        raise AssertionError(f"{answer.status} {response}")
    return seconds, len(response["data"]["reg_records"])


def figures(
    kind: str, took: dict[str, list[tuple[float, int]]], given: Any, homes: int, seconds: float
) -> dict[str, Any]:
    """Write the line of one kind of search, or of all."""
    rows = took[kind] if kind != "all" else [one for rows in took.values() for one in rows]
    times = [time * 1000 for time, _ in rows]
    cut = quantiles(times, n=100)
    line = {
        "name": f"spdci.{kind}", "scale": given.scale, "households": homes, "searches": len(rows),
        "clients": given.clients, "records": sum(found for _, found in rows),
        "p50_ms": round(cut[49], 1), "p99_ms": round(cut[98], 1), "worst_ms": round(max(times), 1),
    }  # fmt: skip
    if kind == "all":
        line |= {"seconds": round(seconds, 1), "a_second": round(len(rows) / seconds, 1)}
    return line


def check_releases(partner: Partner, took: dict[str, list[tuple[float, int]]]) -> None:
    """Fail unless every record that came is on record as released, once."""
    given = sum(found for rows in took.values() for _, found in rows)
    kept = partner.partner.releases.count()
    if given != kept:
        raise SystemExit(f"{given} records came, {kept} are on record as released")


if __name__ == "__main__":
    main()
