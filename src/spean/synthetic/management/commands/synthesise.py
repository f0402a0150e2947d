"""`spean synthesise`: draws a synthetic Cambodia and prints how it fits the published figures."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from spean.synthetic import actions


class Command(BaseCommand):
    """Write the files of a synthetic country; the same seed writes the same bytes."""

    help = "Draw a synthetic country into a folder, in the registry's import format."

    def add_arguments(self, parser: Any) -> None:
        """Take how much, of where, and by which seed."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--scale", type=float, default=0.01, help="0 to 1; 1 is the country")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--area", default="", help="a place code: only what lies in it")
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, help="the day of the data"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw, write, and print the fit."""
        if not 0 < options["scale"] <= 1:
            raise CommandError("--scale is above 0 and at most 1.")
        if options["seed"] < 0:
            raise CommandError("--seed is 0 or more.")
        lines = actions.generate(
            folder=options["folder"],
            scale=options["scale"],
            seed=options["seed"],
            area=options["area"],
            on=options["on"] or timezone.localdate(),
            say=self.stdout.write,
        )
        if not lines:
            raise CommandError(f"No village lies in “{options['area']}”.")
        self.stdout.write(f"\n{'margin':<32}{'published':>16}{'drawn':>16}{'off':>9}")
        for line in lines:
            self.stdout.write(
                f"{line.name:<32}{line.published:>16,.3f}{line.drawn:>16,.3f}{line.off:>9.2%}"
            )
