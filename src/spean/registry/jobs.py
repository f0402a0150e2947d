"""Background work of the registry."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from spean.kernel.access import Actor
from spean.kernel.runs import Progress
from spean.registry import actions

ROWS_KEPT = timedelta(days=30)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="registry.drop_rows_of_old_imports")
def drop_rows_of_old_imports(timestamp: int) -> int:
    """Forget the personal data in imported files after a month."""
    return actions.drop_rows_of_old_imports(
        before=timezone.localdate() - ROWS_KEPT, by=Actor.system("drop_rows_of_old_imports")
    )


def take_in_households(progress: Progress) -> Mapping[str, Any]:
    """Take a file of the intake folder in, as long work; parameter: `file`, its name."""
    run = actions.take_in_file(
        path=Path(settings.INTAKE) / Path(progress.parameters["file"]).name,
        by=progress.actor,
        on=timezone.localdate(),
        writers=actions.INTAKE_WRITERS,
        step=progress.step,
    )
    return {"import": str(run.pk), "households": run.household_count, "left_out": len(run.rows)}


def find_double_records(progress: Progress) -> Mapping[str, Any]:
    """Search the whole registry for people recorded twice, as long work."""
    pairs = actions.find_double_records(
        folder=Path(settings.SNAPSHOTS) / f".linkage-{progress.run.pk}",
        at=timezone.now().isoformat(timespec="seconds"),
        by=progress.actor,
        on=timezone.localdate(),
        step=progress.step,
    )
    return {"pairs": pairs}
