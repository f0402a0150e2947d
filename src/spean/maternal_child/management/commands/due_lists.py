"""`spean due_lists FOLDER`: works out who is due for care in the nation, in one batch."""

from pathlib import Path
from typing import Any

import duckdb
from django.core.management import BaseCommand
from django.utils import timezone

from spean.kernel import audit
from spean.kernel.access import Actor, Purpose
from spean.maternal_child.queries import nation
from spean.maternal_child.rules import Schedules


class Command(BaseCommand):
    """Copy the records out, work out every line that is due, and write them as Parquet."""

    help = "Write FOLDER/due.parquet: who is due for care today, in the whole nation."

    def add_arguments(self, parser: Any) -> None:
        """Take the folder; what stands in it is replaced."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Work them out, and say how many are due and overdue by schedule."""
        on = timezone.localdate()
        nation.write_tables(folder, on=on)
        db = duckdb.connect()
        nation.read_tables(db, folder)
        number = nation.work_out(db, Schedules(on))
        db.execute(f"COPY due TO '{folder / 'due.parquet'}' (FORMAT parquet)")
        by = Actor.system("due_lists", purpose=Purpose.CARE)
        audit.read(by=by, action="maternal_child.read_due", subject=("list", "due"), rows=number)
        self.stdout.write(f"{number} lines are due on {on}.")
        counts = "SELECT care, status, count(*) FROM due GROUP BY ALL ORDER BY ALL"
        for care, status, lines in db.execute(counts).fetchall():
            self.stdout.write(f"{care}: {status} {lines}")
