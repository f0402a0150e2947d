"""Background work of the health schemes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from spean.health_equity import actions
from spean.health_equity.queries.claims import Asked, waiting_claims
from spean.kernel.access import Actor, Purpose
from spean.kernel.runs import Progress

WORKERS = 2


@app.periodic(cron="10 1 * * *")  # the scheduler counts in UTC: ten past eight in Phnom Penh
@app.task(queueing_lock="health_equity.text_notices")
def text_notices(timestamp: int) -> int:
    """Text the facilities that asked for it what they were told since yesterday."""
    by = Actor.system("text_notices", purpose=Purpose.PAYMENT)
    return actions.text_notices(by=by, on=timezone.localdate())


@app.periodic(cron="47 19 * * *")  # in UTC: in the night of Phnom Penh
@app.task(queueing_lock="health_equity.keep_figures")
def keep_figures(timestamp: int) -> None:
    """Keep what is said of the nation's use of services and their cost."""
    by = Actor.system("keep_figures", purpose=Purpose.STATISTICS)
    actions.keep_figures(by=by, on=timezone.localdate())


def adjudicate_claims(progress: Progress) -> Mapping[str, Any]:
    """Judge the claims that wait, as long work.

    Parameters: `on`, a day of their month (else of every month), `facility`, `scheme`. What is
    judged stays judged; a run that was stopped goes on with the rest.
    """
    said = progress.parameters
    month = date.fromisoformat(said["on"]) if said.get("on") else None
    asked = Asked(said.get("facility", ""), month, said.get("scheme", ""))
    total = waiting_claims(asked=asked).count()
    return actions.adjudicate_waiting(
        by=progress.actor, on=timezone.localdate(), asked=asked, workers=WORKERS,
        step=lambda judged: progress.step("judging", judged, total),
    )  # fmt: skip
