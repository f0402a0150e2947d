"""Background work of the kernel: the outbox is emptied, old keys and tokens are dropped."""

from datetime import timedelta
from uuid import UUID

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from spean.kernel import outbox, runs
from spean.kernel.models import IdempotencyKey

KEYS_KEPT = timedelta(days=7)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="kernel.deliver_outbox", pass_context=False)
def deliver_outbox(timestamp: int) -> int:
    """Deliver the messages that are due."""
    return outbox.deliver_due()


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="kernel.drop_what_expired")
def drop_what_expired(timestamp: int) -> None:
    """Drop idempotency keys after a week, expired tokens and sessions."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEYS_KEPT).delete()
    call_command("cleartokens")
    call_command("clearsessions")


@app.task
def carry_out_run(run_id: str) -> None:
    """Carry out one piece of long work."""
    runs.carry_out(UUID(run_id))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="kernel.take_up_long_work")
def take_up_long_work(timestamp: int) -> None:
    """Carry out what waits still, and what a killed worker left, one after the other."""
    for run in runs.waiting():
        runs.carry_out(run.pk)
