"""What a counter looks up: cards by number, people by name, asked of a server of our own."""

import http.client
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PASSWORD = secrets.token_urlsafe(16)
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


def cards_and_names(number: int) -> tuple[list[str], list[str]]:
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
    names = [urlencode({"q": chance.choice(people)[0]}) for _ in range(number)]
    asked = [f"/cards/{chance.choice(cards)}" for _ in range(number)]
    return asked, [f"/households/find?{name}" for name in names]


@contextmanager
def serving(var: str) -> Iterator[Callable[[str], float]]:
    """Start a server, sign in 50 times, and give what asks an address and says how long it took."""
    _make_user()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = subprocess.Popen(
        [Path(sys.executable).parent / "spean", "run", "--no-demo", "--port", str(port)],
        env=os.environ | {"SPEAN_VAR": var, "SPEAN_API_RATE_SIGNED_IN": "100000/s"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        session = _session()
        yield lambda address: _ask(port, session, address)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=120)


def _make_user() -> None:
    from datetime import date

    from spean.kernel import actions
    from spean.kernel.access import Actor
    from spean.kernel.models import User

    if not User.objects.filter(username="counter").exists():
        by = Actor.system("bench")
        user = actions.create_user(
            username="counter", full_name="c", password=PASSWORD, language="en", by=by
        )
        actions.grant_role(user=user, role="auditor", area="", by=by, on=date(2020, 1, 1))
        actions.grant_role(user=user, role="health_worker", area="", by=by, on=date(2020, 1, 1))


def _session() -> str:
    """Open a session as signing in would."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from spean.kernel.models import User

    user, store = User.objects.get(username="counter"), SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _ask(port: int, session: str, address: str) -> float:
    client: Any = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.perf_counter()
    client.request("GET", address, headers={"Cookie": f"sessionid={session}"})
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        raise AssertionError(f"{address}: {answer.status}")
    return time.perf_counter() - began


def _wait_for(port: int) -> None:
    until = time.monotonic() + 900
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(3)
                return
        time.sleep(0.5)
