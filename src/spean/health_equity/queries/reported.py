"""Reads of what care reported as a case, and what became of it."""

from django.db.models import QuerySet

from spean.health_equity.models import ReportedCase
from spean.health_equity.queries.visits import VIEW
from spean.kernel import access
from spean.kernel.access import Actor


def reported_cases(*, by: Actor, became: str = "") -> QuerySet[ReportedCase]:
    """Give the cases that care reported of the actor's areas, the newest first."""
    rows = ReportedCase.objects.select_related("person", "facility", "visit", "cover")
    if became:
        rows = rows.filter(became=became)
    return access.within(rows, by, VIEW, code="area").order_by("-id")
