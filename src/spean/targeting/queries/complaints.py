"""Reads of complaints."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.targeting.models import Complaint, ComplaintKind, ComplaintState

SEE = "targeting.view_complaint"
SEE_STAFF = "targeting.check"  # those complained about sit in the commune


def complaints(
    *,
    by: Actor,
    state: str = "",
    area: str = "",
    overdue_on: date | None = None,
) -> QuerySet[Complaint]:
    """Give the complaints of the areas where the actor may see them, newest first.

    Complaints about staff are for the district alone, and for whoever took them down.
    """
    rows = Complaint.objects.select_related("village", "household", "assessment")
    if state:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(village__code__startswith=area)
    if overdue_on is not None:
        rows = rows.filter(state=ComplaintState.OPEN, due_on__lt=overdue_on)
    ordinary = access.within(rows.exclude(kind=ComplaintKind.STAFF), by, SEE)
    about_staff = access.within(rows.filter(kind=ComplaintKind.STAFF), by, SEE_STAFF)
    taken_down = access.within(rows.filter(received_by=by.name), by, SEE)
    return (ordinary | about_staff | taken_down).order_by("-id")


def complaint(complaint_id: UUID, *, by: Actor) -> Complaint:
    """Give one complaint; reading it is audited. Raises NotFound, NotAllowed."""
    found = (
        Complaint.objects.select_related("village", "household", "assessment")
        .filter(pk=complaint_id)
        .first()
    )
    if found is None:
        raise NotFound
    area = found.village.code
    for_district = found.kind == ComplaintKind.STAFF and found.received_by != by.name
    access.require(by, SEE_STAFF if for_district else SEE, area=area)
    audit.read(by=by, action="targeting.read_complaint", subject=found, area=area)
    return found
