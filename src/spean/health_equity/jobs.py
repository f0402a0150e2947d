"""Background work of the health schemes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from spean.health_equity import actions
from spean.health_equity.queries.claims import Asked, waiting_claims
from spean.kernel.runs import Progress

WORKERS = 2


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
