"""`spean intake_interviews`: takes over the interviews and levels that another system holds."""

import csv
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import in_both_languages, stored
from spean.targeting import actions


class Command(BaseCommand):
    """Take files in; what is wrong in each stands in a file beside it."""

    help = "Take over interviews and levels of households that `spean intake` took in."

    def add_arguments(self, parser: Any) -> None:
        """Take the files."""
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take each file in, and say what became of it."""
        by = Actor.system("intake", purpose=Purpose.TARGETING)
        for path in options["files"]:
            try:
                done = actions.take_in_interviews(path=path, by=by, on=timezone.localdate())
            except (SpeanError, OSError) as error:
                raise CommandError(f"{path}: {error}") from error
            self.stdout.write(f"{path}: {done.cases:,} cases, {done.statuses:,} statuses, "
                              f"{len(done.wrong):,} rows left out")  # fmt: skip
            if done.wrong:
                self._write_faults(path.with_suffix(".errors.csv"), done.wrong)

    def _write_faults(self, path: Path, wrong: Any) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "column", "km", "en"])
            for one in wrong:
                said = in_both_languages(stored(one.error))
                writer.writerow([one.row, one.column, said["km"], said["en"]])
        self.stdout.write(f"  what is wrong with them: {path}")
