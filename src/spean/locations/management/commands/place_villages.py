"""`spean place_villages`: reads where villages are, from a CSV file."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.locations import actions


class Command(BaseCommand):
    """Take in every point of the file, or none."""

    help = "Place villages by a CSV file with the columns village_code, latitude and longitude."

    def add_arguments(self, parser: Any) -> None:
        """Take the file and where it comes from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="who measured them, and when")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them in."""
        try:
            with options["file"].open("rb") as file:
                count = actions.place_villages(
                    file=file, name=options["file"].name, source=options["source"],
                    by=Actor.system("place_villages"),
                )  # fmt: skip
        except SpeanError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} villages placed.")
