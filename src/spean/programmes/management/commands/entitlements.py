"""`spean entitlements`: works out what every household of the last snapshot is owed."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from spean.kernel import runs, snapshots
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.kernel.models import LongRun
from spean.programmes.actions import connect, determine_on_spark
from spean.programmes.queries import struck, terms


class Command(BaseCommand):
    """Work out the nation's entitlements here, or on a Spark cluster."""

    help = "Work out what every household of the last snapshot is owed, and print the totals."

    def add_arguments(self, parser: Any) -> None:
        """Take the day, the places struck by a shock, and the cluster."""
        parser.add_argument("--on", type=date.fromisoformat, help="whose terms hold on this day")
        parser.add_argument(
            "--hit", nargs="*", help="places struck by a shock, else those of the approved plans"
        )
        parser.add_argument("--spark", metavar="MASTER", help="run on this Spark cluster instead")
        parser.add_argument("--folder", type=Path, help="with --spark: where the rows are written")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it and print what came of it."""
        try:
            if options["spark"]:
                self._on_spark(options)
            else:
                self._here(options)
        except SpeanError as error:
            raise CommandError(str(error)) from error

    def _here(self, options: dict[str, Any]) -> None:
        asked = {} if options["hit"] is None else {"hit": options["hit"]}
        if options["on"]:
            asked["on"] = options["on"].isoformat()
        run = runs.start(kind="entitlements", parameters=asked, by=Actor.system("entitlements"))
        run = runs.carry_out(run.pk, say=self.stderr.write)
        if run.state != LongRun.State.DONE:
            raise CommandError(f"{run.state}: {run.error}")
        self.stdout.write(f"{run.result['households']:,} households, {run.result['folder']}")
        for code, sums in run.result["programmes"].items():
            self.stdout.write(
                f"  {code}: {sums['households']:,} households, {sums['amount']:,} KHR"
            )

    def _on_spark(self, options: dict[str, Any]) -> None:
        if not options["folder"]:
            raise CommandError("--folder is needed with --spark: the workers write there.")
        snapshot = snapshots.latest()
        on = options["on"] or snapshot.manifest.as_of
        held = terms(on, hit=struck(on) if options["hit"] is None else options["hit"])
        session = connect(options["spark"])
        try:
            determine_on_spark(session, snapshot, held, options["folder"])
        finally:
            session.stop()
        self.stdout.write(str(options["folder"]))
