"""Long work of the results."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from spean.kernel import runs
from spean.kernel.periods import add_months
from spean.kernel.runs import Progress
from spean.results import actions
from spean.results.queries import frozen

KEPT, YEARS = 3, 3


def work_out_indicators(progress: Progress) -> Mapping[str, Any]:
    """Work out what the indicators count, from the records as they are now.

    Parameters: `on`, the last day that counts (else today), `since`, the first (else three years
    before the year of `on`). The result is put in place whole and never changed; a killed run
    begins anew and leaves the last good one.
    """
    asked = progress.parameters
    on = date.fromisoformat(asked["on"]) if asked.get("on") else timezone.localdate()
    since = date(add_months(on, -12 * YEARS).year, 1, 1)
    if asked.get("since"):
        since = date.fromisoformat(asked["since"])
    folder = Path(settings.RESULTS) / f"{frozen.KIND}-{on.isoformat()}-{progress.run.pk}"
    result = actions.freeze(folder, since=since, on=on, step=progress.step)
    runs.forget_older(progress.run.kind, kept=KEPT - 1)
    return result
