"""`spean load_gazetteer`: brings the places into step with the published list."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from spean.kernel.access import Actor
from spean.locations import actions


class Command(BaseCommand):
    """Load the gazetteer, and say what was left out and why."""

    help = "Load the national gazetteer; safe to repeat."

    def add_arguments(self, parser: Any) -> None:
        """Take an area to limit the load to."""
        parser.add_argument("--only", help="code of the area, such as 16 or 1601")
        parser.add_argument("--defects", action="store_true", help="list the rows left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        report = actions.load_gazetteer(
            by=Actor.system("load_gazetteer"), on=timezone.localdate(), only=options["only"]
        )
        self.stdout.write(f"Gazetteer: {report}")
        for defect in report.defects if options["defects"] else ():
            row = defect.row
            self.stdout.write(f"  {defect.fault}: {row.code} {row.name_km} {row.name_en}")
