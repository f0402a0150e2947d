"""Background work of fieldwork: what arrived is taken in; the list of visits follows the days."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from spean.fieldwork import actions


@app.task
def take_in(submission_id: str) -> None:
    """Take one submission in."""
    actions.take_in(submission_id=UUID(submission_id), at=timezone.now())
