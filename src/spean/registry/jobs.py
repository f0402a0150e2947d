"""Background work of the registry."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from spean.kernel.access import Actor
from spean.registry import actions

ROWS_KEPT = timedelta(days=30)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="registry.drop_rows_of_old_imports")
def drop_rows_of_old_imports(timestamp: int) -> int:
    """Forget the personal data in imported files after a month."""
    return actions.drop_rows_of_old_imports(
        before=timezone.localdate() - ROWS_KEPT, by=Actor.system("drop_rows_of_old_imports")
    )
