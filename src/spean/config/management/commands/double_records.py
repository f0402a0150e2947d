"""`spean double_records`: searches the whole registry for people recorded twice."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import SpeanError
from spean.kernel.models import LongRun
from spean.programmes.actions import connect
from spean.registry import actions


class Command(BaseCommand):
    """Search for people recorded twice here, or on a Spark cluster."""

    help = "Put the pairs of records that are likely one person into the clerks' queue."

    def add_arguments(self, parser: Any) -> None:
        """Take the cluster, and the place that its workers share."""
        parser.add_argument("--spark", metavar="MASTER", help="compare on this Spark cluster")
        parser.add_argument("--folder", type=Path, help="with --spark: where all workers can read "
                            "and write; what is put there is removed at the end")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it and print how many pairs are new."""
        try:
            pairs = self._on_spark(options) if options["spark"] else self._here()
        except SpeanError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{pairs:,} new pairs")

    def _here(self) -> int:
        by = Actor.system("double_records", purpose=Purpose.REGISTRATION)
        run = runs.start(kind="duplicates", parameters={}, by=by)
        run = runs.carry_out(run.pk, say=self.stderr.write)
        if run.state != LongRun.State.DONE:
            raise CommandError(f"{run.state}: {run.error}")
        return int(run.result["pairs"])

    def _on_spark(self, options: dict[str, Any]) -> int:
        if not options["folder"]:
            raise CommandError("--folder is needed with --spark: the workers share it.")
        session = connect(options["spark"])
        try:
            return actions.find_double_records(
                folder=options["folder"] / ".linkage",
                at=timezone.now().isoformat(timespec="seconds"),
                by=Actor.system("double_records", purpose=Purpose.REGISTRATION),
                on=timezone.localdate(),
                spark=session,
                step=lambda doing, done, total: self.stderr.write(f"{doing} {done}/{total}"),
            )
        finally:
            session.stop()
