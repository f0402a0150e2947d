"""What a counter looks up: cards by number, people by name, asked of a server of our own."""

import base64
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

Look = tuple[str, dict[str, str]]
CARDS = """
INSERT INTO registry_equitycard (id, number, serial, household_id, category, token, issued_by,
                                 start, "end", revoked_by, revoked_because)
SELECT gen_random_uuid(), body || lpad((98 - (body::numeric * 100 %% 97))::text, 2, '0'), serial,
       household_id, level, '', 'bench', start, "end", '', ''
FROM (SELECT status.*, n AS serial, left(place.code, 2) || lpad(n::text, 8, '0') AS body
      FROM (SELECT *, row_number() OVER (ORDER BY household_id) AS n FROM targeting_povertystatus
            WHERE level <> 'at_risk') status
      JOIN registry_household home ON home.id = status.household_id
      JOIN locations_place place ON place.id = home.village_id) numbered
WHERE NOT EXISTS (SELECT FROM registry_equitycard)
"""


def cards_and_names(number: int) -> tuple[list[Look], list[Look]]:
    """Give every poor household a card (unsigned, for the look-up alone); draw what to ask."""
    from django.db import connection

    chance = random.Random(5)
    with connection.cursor() as cursor:
        cursor.execute(CARDS.replace("%%", "%"))
        cursor.execute("ANALYZE registry_equitycard")
        cursor.execute("ANALYZE registry_person")
        cursor.execute(f"SELECT number FROM registry_equitycard ORDER BY id LIMIT {number}")
        cards = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT family_name_latin || ' ' || given_name_latin, left(place.code, 4)"
            " FROM registry_person person"
            " JOIN registry_membership member ON member.person_id = person.id"
            " JOIN registry_household home ON home.id = member.household_id"
            " JOIN locations_place place ON place.id = home.village_id"
            " WHERE given_name_latin <> '' LIMIT %s", [20 * number],
        )  # fmt: skip
        people = cursor.fetchall()
    asked = [("cards/check", {"card": chance.choice(cards)}) for _ in range(number)]
    return asked, [("people/search", {"text": chance.choice(people)[0]}) for _ in range(number)]


@contextmanager
def serving(var: str) -> Iterator[Callable[[Look], float]]:
    """Start a server, sign in as another system, and give what asks and says how long it took."""
    key, secret = make_system(("health_worker", "district_officer"))
    running, port = start(var)
    try:
        token = token_of(port, key, secret, "registry")
        yield lambda look: _ask(port, token, look)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=120)


def start(var: str) -> tuple["subprocess.Popen[bytes]", int]:
    """Start a server and its worker in a process group of their own; give it with its port."""
    port = free_port()
    running = subprocess.Popen(
        [Path(sys.executable).parent / "spean", "run", "--no-demo", "--port", str(port)],
        env=os.environ | {"SPEAN_VAR": var, "SPEAN_API_RATE_SIGNED_IN": "100000/s"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    wait_for(port)
    return running, port


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_system(roles: Iterable[str]) -> tuple[str, str]:
    """Make another system with some roles; give its key and secret."""
    from datetime import date

    from spean.kernel import actions
    from spean.kernel.access import Actor

    by = Actor.system("bench")
    user, key, secret = actions.create_system(name=f"counter-{secrets.token_hex(4)}", by=by)
    for role in roles:
        actions.grant_role(user=user, role=role, area="", by=by, on=date(2020, 1, 1))
    return key, secret


def token_of(port: int, key: str, secret: str, scope: str) -> str:
    """Sign another system in."""
    basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    form = urlencode({"grant_type": "client_credentials", "scope": scope})
    client.request("POST", "/oauth2/token", form, {
        "Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded",
    })  # fmt: skip
    return str(json.loads(client.getresponse().read())["access_token"])


def _ask(port: int, token: str, look: Look) -> float:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    client.request("POST", f"/api/v1/registry/{look[0]}", json.dumps(look[1]), headers)
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        raise AssertionError(f"{look}: {answer.status}")
    return time.perf_counter() - began


def wait_for(port: int) -> None:
    """Wait until somebody listens on a port."""
    until = time.monotonic() + 900
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(3)
                return
        time.sleep(0.5)
