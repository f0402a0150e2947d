"""Taking a snapshot as long work."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.access import Purpose
from spean.kernel.runs import Progress
from spean.kernel.snapshots.taking import take

KEPT = 2


def take_snapshot(progress: Progress) -> Mapping[str, Any]:
    """Take a snapshot for statistics as of the day asked for (`on`, ISO), else today.

    The last two are kept. What needs names takes a snapshot of its own, and removes it.
    """
    asked = progress.parameters
    on = date.fromisoformat(asked["on"]) if asked.get("on") else timezone.localdate()
    purpose = Purpose.STATISTICS
    folder = Path(settings.SNAPSHOTS) / f"{on.isoformat()}-{progress.run.pk}"
    manifest = take(
        folder, on=on, purpose=purpose, at=timezone.now().isoformat(timespec="seconds"),
        by=progress.run.started_by, step=progress.step,
    )  # fmt: skip
    runs.forget_older(progress.run.kind, kept=KEPT - 1)
    return {
        "folder": str(folder),
        "as_of": on.isoformat(),
        "rows": {table: manifest.rows(table) for table in manifest.tables},
        "schema_version": manifest.schema_version,
        "policy_version": manifest.policy_version,
    }
