"""`spean intake`: takes large files of households into the registry, at the speed of COPY."""

import time
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import SpeanError
from spean.registry import actions, queries
from spean.registry.models import ImportRun

BY = Actor.system("intake", purpose=Purpose.REGISTRATION)


class Command(BaseCommand):
    """Take files in; what is wrong in each stands in a file beside it."""

    help = "Take CSV files in the import format into the registry, however large they are."

    def add_arguments(self, parser: Any) -> None:
        """Take the files, and whether one wrong row stops a whole file."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--all-or-none", action="store_true", help="write nothing of a file "
                            "in which any row is wrong")  # fmt: skip
        parser.add_argument("--first-load", action="store_true", help="take all files in while "
                            "nobody else uses the registry: several times as fast")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Take each file in, and say what became of it."""
        if options["first_load"] and options["all_or_none"]:
            raise CommandError("--first-load and --all-or-none exclude each other: "
                               "a first load is written block by block.")  # fmt: skip
        if options["first_load"]:
            self._first_load(options["files"])
            return
        for path in options["files"]:
            self._take_in(path, all_or_none=options["all_or_none"])

    def _first_load(self, paths: list[Path]) -> None:
        started = time.monotonic()
        try:
            done = actions.take_in_first(paths=paths, by=BY, on=timezone.localdate(),
                                         step=self._step)  # fmt: skip
        except (SpeanError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(done)} files in {time.monotonic() - started:.1f} s")
        for path, run in done.items():
            self._say(path, run)

    def _take_in(self, path: Path, *, all_or_none: bool) -> None:
        started = time.monotonic()
        try:
            run = actions.take_in_file(
                path=path, by=BY, on=timezone.localdate(), all_or_none=all_or_none,
                writers=actions.INTAKE_WRITERS, step=self._step,
            )  # fmt: skip
        except (SpeanError, OSError) as error:
            raise CommandError(f"{path}: {error}") from error
        self.stdout.write(f"{path}: {time.monotonic() - started:.1f} s")
        self._say(path, run)

    def _step(self, doing: str, done: int, total: int) -> None:
        self.stderr.write(f"{doing} {done}/{total}")

    def _say(self, path: Path, run: ImportRun) -> None:
        self.stdout.write(f"{path}: {run.household_count:,} households, "
                          f"{len(run.rows):,} rows left out")  # fmt: skip
        if run.rows:
            faults = path.with_suffix(".errors.csv")
            faults.write_bytes(queries.error_file(run, form="csv", by=BY))
            self.stdout.write(f"  what is wrong with them: {faults}")
