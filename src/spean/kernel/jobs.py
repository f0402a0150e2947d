"""Background work of the kernel: the outbox is emptied, old keys and tokens are dropped."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from spean.kernel import outbox
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
