"""Background work: what every module has to do by night is known to the worker."""

import pytest
from procrastinate.contrib.django import app

from spean.kernel.models import IdempotencyKey

NIGHTLY = {
    "spean.fieldwork.jobs.follow_work",
    "spean.health_equity.jobs.keep_figures",
    "spean.health_equity.jobs.text_notices",
    "spean.interop.jobs.forget_messages",
    "spean.interop.jobs.write_notifications",
    "spean.kernel.jobs.deliver_outbox",
    "spean.kernel.jobs.drop_what_expired",
    "spean.kernel.jobs.take_up_long_work",
    "spean.registry.jobs.drop_rows_of_old_imports",
    "spean.targeting.jobs.expire_statuses",
    "spean.targeting.jobs.renew_due",
}


def test_the_worker_knows_every_job_of_every_module() -> None:
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}

    assert periodic == NIGHTLY


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(NIGHTLY))
def test_each_job_runs_on_an_empty_registry(name: str) -> None:
    app.tasks[name](timestamp=0)

    assert not IdempotencyKey.objects.exists()
