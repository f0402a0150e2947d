"""`spean run`: set up, then serve the pages and do the background work until interrupted."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from spean.config import demo
from spean.kernel import postgres

# A page's query is short and one of many: it compiles nothing, and takes no other core.
QUICK_QUERIES = "-c jit=off -c max_parallel_workers_per_gather=0"


def _refuse_if_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise CommandError(
                f"Something answers on {host}:{port} already. Stop it, or choose another --port."
            )


class Command(BaseCommand):
    """Serve on one address; the web server and the worker live and die together."""

    help = "Set up and serve on 127.0.0.1:8000."

    def add_arguments(self, parser: Any) -> None:
        """Take the address, the number of threads and whether to seed the demo."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--no-demo", action="store_true", help="leave the demo district out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up as the owner, then run the server and the worker as the application's role."""
        _refuse_if_taken(options["host"], int(options["port"]))
        call_command("setup", no_demo=options["no_demo"], stdout=self.stdout)
        connections.close_all()
        environment = self._environment()
        environments = [environment | {"PGOPTIONS": QUICK_QUERIES}, environment]
        commands = [
            [
                *("granian", "--interface", "wsgi", "--host", options["host"]),
                *("--port", options["port"], "--blocking-threads", "4", "--no-ws"),
                "spean.config.wsgi:application",
            ],
            ["spean", "procrastinate", "worker", "--concurrency", "2"],
        ]
        programs = Path(sys.executable).parent
        processes = [
            subprocess.Popen([programs / name, *rest], env=own)  # noqa: S603
            for (name, *rest), own in zip(commands, environments, strict=True)
        ]
        self._announce(options)
        self._watch(processes)

    def _environment(self) -> dict[str, str]:
        """Give the children the application's role and not the owner's."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        app_url = os.environ.get("SPEAN_APP_DATABASE_URL") or postgres.with_role(
            settings.DATABASE_URL, settings.APP_ROLE, settings.APP_ROLE_PASSWORD
        )
        return kept | {"SPEAN_APP_DATABASE_URL": app_url}

    def _announce(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"\nSpean: http://{options['host']}:{options['port']}/\n")
        if not options["no_demo"]:
            self.stdout.write(f"Sign in as one of these, with the password {demo.PASSWORD}:")
            for one in demo.USERS:
                self.stdout.write(f"  {one.username:<10} {one.does}")
        self.stdout.write("Stop with Ctrl-C.\n")
        self.stdout.flush()

    def _watch(self, processes: list[subprocess.Popen[bytes]]) -> None:
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, stop)
        try:
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("Stopping …")
        for process in processes:
            process.terminate()
        codes = [process.wait(timeout=20) for process in processes]
        if any(code > 0 for code in codes):
            raise SystemExit(max(codes))
