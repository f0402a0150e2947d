"""The list of what is to be done follows what is recorded, whoever recorded it and where."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Func
from django.db.models.fields import BigIntegerField

from spean.fieldwork.actions.care_list import CARE, follow_care
from spean.fieldwork.models import Submission, WorkItem
from spean.kernel.access import Actor, Purpose
from spean.maternal_child import queries as care
from spean.targeting import queries as cases
from spean.targeting.queries import Assessment

TARGETING = Actor.system("work_list", purpose=Purpose.TARGETING)
Kind, Closing = WorkItem.Kind, WorkItem.Closing


class ThisTransaction(Func):
    """Give the number of this transaction, as `WorkItem.changed_in` bears it."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = BigIntegerField()


@transaction.atomic
def follow_work(*, on: date) -> None:
    """Bring the whole list into step with what is recorded, and with the day."""
    follow_interviews(on=on)
    follow_visits(on=on)
    follow_care(on=on)


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


def follow_visits(*, on: date, area: str = "") -> None:
    """Open an item for each home visit that is to be made, and close those that aren't any more."""
    due = {(v.person_id, v.visit.line): v for v in care.visits_due(area=area, by=CARE, on=on)}
    items = WorkItem.objects.filter(
        kind=Kind.HOME_VISIT, closed_on__isnull=True, village__code__startswith=area
    )
    held = {(item.person_id, item.line): item for item in items.select_for_update()}
    WorkItem.objects.bulk_create(
        [_visit(visit, on) for key, visit in due.items() if key not in held], batch_size=1000
    )
    for key, item in held.items():
        if key not in due:
            item.closed_on, item.closing = max(on, item.opened_on), Closing.NO_LONGER_DUE
            item.save(update_fields=["closed_on", "closing"])


@transaction.atomic
def close_care(*, person_id: UUID, day: date) -> None:
    """Close what was due to a person who was cared for; what is due still is opened again."""
    items = WorkItem.objects.select_for_update().filter(
        kind=Kind.CARE, person=person_id, closed_on__isnull=True
    )
    for item in items:
        item.closed_on, item.closing = max(day, item.opened_on), Closing.DONE
        item.save(update_fields=["closed_on", "closing"])


def close_visit(*, person_id: UUID, kind: str, day: date) -> None:
    """Close the first open visit of this kind to a person: it was made."""
    items = WorkItem.objects.select_for_update().filter(
        kind=Kind.HOME_VISIT, person=person_id, visit_kind=kind, closed_on__isnull=True
    )
    item = items.order_by("due_on").first()
    if item is not None:
        item.closed_on, item.closing = max(day, item.opened_on), Closing.DONE
        item.save(update_fields=["closed_on", "closing"])


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


def _visit(due: care.VisitDue, on: date) -> WorkItem:
    return WorkItem(
        kind=Kind.HOME_VISIT,
        village_id=due.village_id,
        household_id=due.household_id,
        person_id=due.person_id,
        line=due.visit.line,
        visit_kind=due.visit.kind,
        opened_on=on,
        due_on=due.visit.due,
    )


def _bring_up_to_date(item: WorkItem, case: Assessment) -> None:
    if (item.village_id, item.due_on) != (case.village_id, case.due_on):
        item.village, item.due_on = case.village, case.due_on
        item.save(update_fields=["village", "due_on"])


def _close(item: WorkItem, case: Assessment, on: date) -> None:
    item.closed_on = max(on, item.opened_on)
    item.closing = Closing.DONE if case.interviewed_on else Closing.NO_LONGER_DUE
    item.save(update_fields=["closed_on", "closing"])
