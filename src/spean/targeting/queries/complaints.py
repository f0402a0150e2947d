"""Reads of complaints."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotAllowed, NotFound
from spean.targeting.models import Complaint, ComplaintState

SEE = ("targeting.receive_complaint", "targeting.resolve_complaint")


def complaints(
    *,
    by: Actor,
    state: str = "",
    area: str = "",
    overdue_on: date | None = None,
) -> QuerySet[Complaint]:
    """Give the complaints of the areas where the actor takes or answers them, newest first."""
    rows = Complaint.objects.select_related("village", "household", "assessment")
    if state:
        rows = rows.filter(state=state)
    if area:
        rows = rows.filter(village__code__startswith=area)
    if overdue_on is not None:
        rows = rows.filter(state=ComplaintState.OPEN, due_on__lt=overdue_on)
    seen = Q(pk__in=[])
    for permission in SEE:
        for held in access.areas(by, permission):
            seen |= Q(village__code__startswith=held)
    return rows.filter(seen).order_by("-id")


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
    if not any(access.allows(by, permission, area=area) for permission in SEE):
        raise NotAllowed(permission=SEE[0], area=area)
    audit.read(by=by, action="targeting.read_complaint", subject=found, area=area)
    return found
