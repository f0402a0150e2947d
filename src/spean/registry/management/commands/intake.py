"""`spean intake`: takes large files of households into the registry, at the speed of COPY."""

import time
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import SpeanError
from spean.registry import actions, queries


class Command(BaseCommand):
    """Take files in; what is wrong in each stands in a file beside it."""

    help = "Take CSV files in the import format into the registry, however large they are."

    def add_arguments(self, parser: Any) -> None:
        """Take the files, and whether one wrong row stops a whole file."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--all-or-none", action="store_true", help="write nothing of a file "
                            "in which any row is wrong")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Take each file in, and say what became of it."""
        for path in options["files"]:
            self._take_in(path, all_or_none=options["all_or_none"])

    def _take_in(self, path: Path, *, all_or_none: bool) -> None:
        by = Actor.system("intake", purpose=Purpose.REGISTRATION)
        started = time.monotonic()
        try:
            run = actions.take_in_file(
                path=path, by=by, on=timezone.localdate(), all_or_none=all_or_none,
                writers=actions.INTAKE_WRITERS,
                step=lambda doing, done, total: self.stderr.write(f"{doing} {done}/{total}"),
            )  # fmt: skip
        except (SpeanError, OSError) as error:
            raise CommandError(f"{path}: {error}") from error
        took = time.monotonic() - started
        self.stdout.write(f"{path}: {run.household_count:,} households in {took:.1f} s, "
                          f"{len(run.rows):,} rows left out")  # fmt: skip
        if run.rows:
            faults = path.with_suffix(".errors.csv")
            faults.write_bytes(queries.error_file(run, form="csv", by=by))
            self.stdout.write(f"  what is wrong with them: {faults}")
