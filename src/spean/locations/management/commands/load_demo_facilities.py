"""`spean load_demo_facilities`: invented facilities of Ratanak Kiri, for a laptop only."""

from importlib import resources
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from spean.kernel.access import Actor
from spean.locations import actions
from spean.locations.actions import Kind


class Command(BaseCommand):
    """Take in the demo catalogue; a second run changes nothing."""

    help = "Load invented health facilities, labelled as demo data, for Ratanak Kiri."

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in the files as an administrator would."""
        folder = resources.files("spean.locations").joinpath("demo")
        for kind in (Kind.OPERATIONAL_DISTRICTS, Kind.FACILITIES, Kind.CATCHMENTS):
            with folder.joinpath(f"{kind}.csv").open("rb") as file:
                rows = actions.read_catalogue(kind=kind, file=file, name=kind)
            report = actions.import_catalogue(
                kind=kind, rows=rows, dry_run=False,
                by=Actor.system("load_demo_facilities"), on=timezone.localdate(),
            )  # fmt: skip
            for problem in report.problems:
                self.stderr.write(f"{kind} row {problem.number}: {problem.error}")
            self.stdout.write(f"Demo {kind}: {report.added} added, {report.unchanged} unchanged.")
