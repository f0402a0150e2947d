"""Background work of targeting: renewals are opened, ends of statuses are told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from spean.kernel.access import Actor, Purpose
from spean.kernel.runs import Progress
from spean.targeting import actions


@app.periodic(cron="7 4 * * *")
@app.task(queueing_lock="targeting.renew_due")
def renew_due(timestamp: int) -> int:
    """Open an assessment for each household whose status ends soon."""
    by = Actor.system("renew_due", purpose=Purpose.TARGETING)
    return len(actions.renew_due(by=by, on=timezone.localdate()))


@app.periodic(cron="27 4 * * *")
@app.task(queueing_lock="targeting.expire_statuses")
def expire_statuses(timestamp: int) -> int:
    """Tell others of the statuses that have run out."""
    by = Actor.system("expire_statuses", purpose=Purpose.TARGETING)
    return actions.expire_statuses(by=by, on=timezone.localdate())


def take_in_interviews(progress: Progress) -> Mapping[str, Any]:
    """Take a file of the intake folder over, as long work; parameter: `file`, its name."""
    done = actions.take_in_interviews(
        path=Path(settings.INTAKE) / Path(progress.parameters["file"]).name,
        by=progress.actor,
        on=timezone.localdate(),
        step=progress.step,
    )
    return {"cases": done.cases, "statuses": done.statuses, "left_out": len(done.wrong)}
