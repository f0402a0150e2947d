"""`spean growth survey.csv`: z-scores of a whole survey. It needs no database."""

import csv
import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from django.core.management import BaseCommand, CommandError

from spean.maternal_child.rules.growth.survey import SurveyUnreadable, Tally, answer


class Command(BaseCommand):
    """Write the rows of a survey with their z-scores and flags on standard output."""

    help = "Z-scores by the WHO standards (0-5 years) and reference (5-19) of a CSV of children."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        """Take the file."""
        parser.add_argument("survey", help="a CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer each row, and say on standard error what could not be read."""
        name = options["survey"]
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
        into = csv.writer(sys.stdout, lineterminator="\n")
        try:
            with _opened(name) as lines:
                tally = answer(lines, into, lambda line, what: self._tell(f"line {line}: {what}"))
            sys.stdout.flush()
        except SurveyUnreadable as error:
            raise CommandError(f"{name}: {error}") from error
        except BrokenPipeError:  # whoever read has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        self._sum_up(tally)

    def _sum_up(self, tally: Tally) -> None:
        self._tell(f"{tally.rows:,} rows, of which {tally.unreadable:,} could not be read")
        for column, number in sorted(tally.doubts.items()):
            self._tell(f"{number:,} doubtful values of {column}")
        if tally.positions:
            self._tell(
                f"{tally.positions:,} recorded as standing under nine months; what was measured "
                "is taken as their length"
            )

    def _tell(self, what: str) -> None:
        self.stderr.write(what, self.style.NOTICE)


def _opened(name: str) -> TextIO:
    """Open the file as it is: a sign that is no UTF-8 goes out as it came in. Raises CommandError.

    A leading mark of Excel's is left out.
    """
    try:
        return Path(name).open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}. Name a CSV file that exists.") from error
