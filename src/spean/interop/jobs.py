"""Background work of the exchange: what is due is written, what is not needed is forgotten."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from spean.interop.models import Message, Signing
from spean.interop.spdci import notifying

IDS_KEPT = timedelta(days=2)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="interop.write_notifications")
def write_notifications(timestamp: int) -> int:
    """Write the notifications whose time has come."""
    return notifying.write_due(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="interop.forget_messages")
def forget_messages(timestamp: int) -> None:
    """Forget the ids of signed messages: one that old is refused by its time."""
    old = Message.objects.filter(at__lt=timezone.now() - IDS_KEPT)
    old.exclude(partner__signing=Signing.UNSIGNED, refused="").delete()
