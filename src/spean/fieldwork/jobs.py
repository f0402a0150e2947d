"""Background work of fieldwork: what arrived is taken in; the list of visits follows the days."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from spean.fieldwork import actions


@app.task
def take_in(submission_id: str) -> None:
    """Take one submission in."""
    actions.take_in(submission_id=UUID(submission_id), at=timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="fieldwork.follow_work")
def follow_work(timestamp: int) -> None:
    """Bring the work list into step with what is recorded, and with the day."""
    actions.follow_work(on=timezone.localdate())
