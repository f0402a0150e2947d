"""The list of what is to be done follows what is recorded, whoever recorded it and where."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Func
from django.db.models.fields import BigIntegerField

from spean.fieldwork.models import Submission, WorkItem
from spean.kernel.access import Actor, Purpose
from spean.targeting import queries as cases
from spean.targeting.queries import Assessment

TARGETING = Actor.system("work_list", purpose=Purpose.TARGETING)
Kind, Closing = WorkItem.Kind, WorkItem.Closing


class ThisTransaction(Func):
    """Give the number of this transaction, as `WorkItem.changed_in` bears it."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = BigIntegerField()


def follow_interviews(*, on: date, assessment_ids: Iterable[UUID] | None = None) -> None:
    """Open an item for each case that waits for its interview, and close those that don't.

    Without `assessment_ids`, look at every case that waits or has an open item.
    """
    rows = cases.assessments(by=TARGETING)
    items = WorkItem.objects.filter(kind=Kind.INTERVIEW, closed_on__isnull=True)
    if assessment_ids is not None:
        rows = rows.filter(pk__in=set(assessment_ids))
        items = items.filter(assessment__in=rows.values("pk"))
    held = {cast(UUID, i.assessment_id): i for i in items.select_for_update(of=("self",))}
    waiting = {case.pk: case for case in rows.filter(state="requested")}
    WorkItem.objects.bulk_create(
        [_interview(case, on) for pk, case in waiting.items() if pk not in held], batch_size=1000
    )
    for pk, item in held.items():
        if pk in waiting:
            _bring_up_to_date(item, waiting[pk])
        else:
            _close(item, rows.get(pk=pk), on)


def follow_interviews_of(*, household_id: UUID, on: date) -> None:
    """Look again at a household's cases: the household moved."""
    mine = cases.assessments_of(household_id, by=TARGETING).values_list("pk", flat=True)
    follow_interviews(assessment_ids=mine, on=on)


def credit(submission: Submission) -> None:
    """Say of the items closed in this transaction that this submission closed them."""
    WorkItem.objects.filter(
        changed_in=ThisTransaction(), closing=Closing.DONE, closed_by__isnull=True
    ).update(closed_by=submission)


def _interview(case: Assessment, on: date) -> WorkItem:
    return WorkItem(
        kind=Kind.INTERVIEW,
        village=case.village,
        household=case.household,
        assessment=case,
        opened_on=on,
        due_on=case.due_on,
    )


def _bring_up_to_date(item: WorkItem, case: Assessment) -> None:
    if (item.village_id, item.due_on) != (case.village_id, case.due_on):
        item.village, item.due_on = case.village, case.due_on
        item.save(update_fields=["village", "due_on"])


def _close(item: WorkItem, case: Assessment, on: date) -> None:
    item.closed_on = max(on, item.opened_on)
    item.closing = Closing.DONE if case.interviewed_on else Closing.NO_LONGER_DUE
    item.save(update_fields=["closed_on", "closing"])
