"""Background work of the exchange: what is due is written, what is not needed is forgotten."""

import time
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from spean.interop.models import Message, Question, Signing, Transaction
from spean.interop.spdci import notifying
from spean.kernel import outbox

WRITING = 45  # seconds of each minute
IDS_KEPT = timedelta(days=2)
ANSWERS_KEPT = timedelta(days=90)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="interop.write_notifications")
def write_notifications(timestamp: int) -> int:
    """Write the notifications whose time has come."""
    written, until = 0, time.monotonic() + WRITING
    while time.monotonic() < until and (some := notifying.write_due(timezone.now())):
        written += some
    return written


@app.task(queueing_lock="interop.deliver_soon")
def deliver_soon() -> int:
    """Deliver what is due without waiting for the minute: a partner waits for its answer."""
    return outbox.deliver_due()


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="interop.forget_messages")
def forget_messages(timestamp: int) -> None:
    """Forget ids of signed messages (their time refuses them by then), and what was long asked."""
    old = Message.objects.filter(at__lt=timezone.now() - IDS_KEPT)
    old.exclude(partner__signing=Signing.UNSIGNED, refused="").delete()
    answered = Transaction.objects.filter(answered_at__lt=timezone.now() - ANSWERS_KEPT)
    answered.exclude(request={}).update(request={})
    over = Question.objects.filter(answered_at__lt=timezone.now() - ANSWERS_KEPT)
    over.exclude(answer=None).update(answer=None)
