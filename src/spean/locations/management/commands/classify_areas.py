"""`spean classify_areas`: reads which communes are urban, from a CSV file."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.locations import actions, queries


class Command(BaseCommand):
    """Class every place of the file, or none."""

    help = "Class places by a CSV file with the columns commune_code and area_class."

    def add_arguments(self, parser: Any) -> None:
        """Take the file, the legal act and its day."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--act", required=True, help="the legal act that classes them")
        parser.add_argument("--on", type=date.fromisoformat, required=True, help="since when")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Class them; a place that is so already is left alone."""
        by, changed = Actor.system("classify_areas"), 0
        with options["file"].open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    changed += self._classify(row, options["act"], options["on"], by)
                except (SpeanError, KeyError) as error:
                    raise CommandError(f"row {number}: {error}; nothing was changed") from error
        self.stdout.write(f"{changed} places classed.")

    def _classify(self, row: dict[str, str], act: str, on: date, by: Actor) -> bool:
        place = queries.place(row["commune_code"], on)
        held = queries.area_class(place.code, on)
        if held is not None and held.place_id == place.pk and held.kind == row["area_class"]:
            return False
        actions.classify_area(place=place, kind=row["area_class"], act=act, by=by, on=on)
        return True
