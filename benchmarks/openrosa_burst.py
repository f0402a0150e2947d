"""200 phones send 5,000 interviews in bursts over a bad network; each must arrive exactly once.

Starts a server of its own (`spean run`) on a free port of this machine, with data of its own, which
are thrown away. Nothing leaves the machine. `python benchmarks/openrosa_burst.py --help`.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from simulated_phone import Phone, Sending, Weather

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 40 * 60
AREAS = 20


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """Run a server with its worker on data of its own; stop it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [Path(sys.executable).parent / "spean", "run", "--no-demo", "--port", str(port)]
    environment = {
        name: value for name, value in os.environ.items() if "DATABASE_URL" not in name
    } | {"SPEAN_VAR": str(folder)}
    with (folder / "server.log").open("w") as log:
        running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port, running)
            yield port
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=60)


def _wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until and running.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise SystemExit("The server did not start; see its server.log (--keep).")


def add_phones(count: int) -> list[tuple[str, str, str]]:
    """Make enumerators, each with a phone: user name, key, village."""
    from spean.fieldwork import actions
    from spean.kernel.access import Actor, Purpose
    from spean.kernel.models import RoleGrant, User
    from spean.locations import queries as locations

    villages: dict[str, str] = {}
    for place in locations.places("village", on=date.today(), areas=["16"]):
        villages.setdefault(place.code[:6], place.code)
    communes = sorted(villages)[:AREAS]
    made = []
    for number in range(count):
        commune = communes[number % len(communes)]
        user = User.objects.create(username=f"phone{number:03}", full_name=f"Phone {number}")
        RoleGrant.objects.create(user=user, role="enumerator", area=commune, start=date(2020, 1, 1))
        added = actions.add_device(name="simulated", by=Actor.of(user, Purpose.TARGETING))
        made.append((user.username, added.key, villages[commune]))
    return made


def burst(phones: Sequence[Phone], shares: Sequence[Sequence[Sending]], until: float) -> int:
    """Let all phones send at once; give how many requests were left unanswered."""
    left: list[int] = []

    def send(phone: Phone, share: Sequence[Sending]) -> None:
        left.append(len(phone.send_all(share, until)))

    threads = [
        threading.Thread(target=send, args=pair) for pair in zip(phones, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(left) + len(phones) - len(left)


def wait_until_taken_in(until: float) -> None:
    """Wait for the worker."""
    from spean.fieldwork.models import Submission

    while time.monotonic() < until and Submission.objects.filter(state="received").exists():
        time.sleep(1)


def check(sent: Sequence[Sending]) -> tuple[dict[str, Any], list[str]]:
    """Count in the database what became of everything; give the counts and what is wrong."""
    from django.db import connection

    from spean.fieldwork.models import Attachment, Part, RefusedUpload, Submission
    from spean.registry.models import Household

    expected = {one.instance_id: hashlib.sha256(one.xml).hexdigest() for one in sent}
    files = {
        (one.instance_id, name, hashlib.sha256(content).hexdigest())
        for one in sent
        for name, content in one.files
    }
    arrived = dict(Submission.objects.values_list("instance_id", "sha256"))
    kept = set(Attachment.objects.values_list("submission__instance_id", "name", "sha256"))
    states = Counter(Submission.objects.values_list("state", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE status = 'succeeded') FROM procrastinate_jobs"
            " WHERE task_name = 'spean.fieldwork.jobs.take_in'"
        )
        jobs, succeeded = cursor.fetchone()
    found = {
        "records": len(expected),
        "arrived": len(arrived),
        "applied": states["applied"],
        "in the inbox": states["attention"],
        "still waiting": states["received"],
        "files": len(kept),
        "families registered": Household.objects.count(),
        "jobs": jobs,
        "refused uploads": RefusedUpload.objects.count(),
        "why in the inbox": dict(
            Counter(
                reason["code"]
                for reasons in Part.objects.filter(state="open").values_list("reasons", flat=True)
                for reason in reasons
            )
        ),
    }
    holds = {
        "every record arrived once, as it was sent": arrived == expected,
        "every file arrived once, as it was sent": kept == files,
        "each is applied or in the inbox": states["applied"] + states["attention"] == len(expected),
        "each was taken in once": jobs == succeeded == len(expected) == Part.objects.count(),
        "each applied one registered one family": Household.objects.count() == states["applied"],
        "nothing was refused": not RefusedUpload.objects.exists(),
    }
    return found, [rule for rule, is_so in holds.items() if not is_so]


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def measure(port: int, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """Send everything in bursts, wait for the worker, and count."""
    import django

    django.setup()
    from invented_interviews import interviews

    from spean.fieldwork.models import FormVersion

    chance = random.Random(options.seed)
    version = FormVersion.objects.filter(form_id="poverty_interview").latest("version").version
    weather = Weather(options.dropped, options.repeated)
    people = add_phones(options.phones)
    phones = [
        Phone(port, name, key, weather, options.seed + n) for n, (name, key, _) in enumerate(people)
    ]
    each = -(-options.records // options.phones)
    bags = [interviews(each, village, version, chance) for _, _, village in people]
    until = time.monotonic() + MOST_SECONDS
    began = time.monotonic()
    left = 0
    for n in range(options.bursts):
        left += burst(phones, [bag[n :: options.bursts] for bag in bags], until)
        print(f"burst {n + 1} of {options.bursts}: {time.monotonic() - began:.0f} s", flush=True)
    sending = time.monotonic() - began
    wait_until_taken_in(until)
    taken_in = time.monotonic() - began
    found, wrong = check([one for bag in bags for one in bag])
    if left:
        wrong.append(f"{left} requests were never answered")
    return _figures(phones, sending, taken_in) | found, wrong


def _figures(phones: Sequence[Phone], sending: float, taken_in: float) -> dict[str, Any]:
    seconds = [value for phone in phones for value in phone.seen.seconds]
    statuses: Counter[int] = sum((phone.seen.statuses for phone in phones), Counter())
    done: Counter[str] = sum((phone.seen.done for phone in phones), Counter())
    return {
        "phones": len(phones),
        "answers": {str(status): count for status, count in sorted(statuses.items())},
        **dict(sorted(done.items())),
        "megabytes sent": round(sum(phone.seen.bytes_sent for phone in phones) / 1e6, 1),
        "seconds of sending": round(sending, 1),
        "answers a second": round(len(seconds) / sending, 1),
        "answer p50 (s)": round(percentile(seconds, 0.50), 3),
        "answer p99 (s)": round(percentile(seconds, 0.99), 3),
        "answer max (s)": round(max(seconds, default=0.0), 3),
        "seconds until all were taken in": round(taken_in, 1),
    }


def main() -> None:
    """Run it, print a table, write JSON, and fail where a rule does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--bursts", type=int, default=5)
    parser.add_argument("--dropped", type=float, default=0.05)
    parser.add_argument("--repeated", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--keep", action="store_true", help="keep the data and the server's log")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="spean-burst-"))
    os.environ |= {"SPEAN_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "spean.config.settings"}
    os.chdir(ROOT)
    try:
        with server(folder) as port:
            figures, wrong = measure(port, options)
    finally:
        if options.keep:
            print(f"Kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for name, value in figures.items():
        print(f"{name:<36}{value}")
    print("Every rule holds." if not wrong else f"WRONG: {wrong}")
    if options.json:
        options.json.write_text(json.dumps({**figures, "wrong": wrong}, indent=2))
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
