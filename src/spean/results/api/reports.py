"""A facility's monthly report over the API."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Schema

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import PROBLEMS, Router, idempotent
from spean.kernel.edge import WithActor
from spean.results import actions, queries

router = Router(tags=["results"])


class ReportRowOut(Schema):
    """One row: its count (that of the closed report) and how many records came later."""

    code: str
    name_km: str
    name_en: str
    count: int
    came_later: int


class DoubtOut(Schema):
    """What is to be looked at: the rule, the row, its count, and the range expected."""

    rule: str
    row: str
    count: int
    expected: tuple[int, int]


class MonthlyReportOut(Schema):
    """A facility's month, counted from the records."""

    facility: str
    period: str
    closed_on: date | None
    rows: list[ReportRowOut]
    doubts: list[DoubtOut]


def _out(facility: str, period: str, by: Actor) -> dict[str, Any]:
    found = queries.report(facility, queries.month(period), by=by, on=timezone.localdate())
    return {
        "facility": found.facility.code, "period": found.period.code,
        "closed_on": found.closed.closed_on if found.closed else None,
        "doubts": found.doubts,
        "rows": [
            {"code": row.indicator.code, "name_km": row.indicator.text.km,
             "name_en": row.indicator.text.en, "count": row.count, "came_later": row.difference}
            for _, rows in found.sections
            for row in rows
        ],
    }  # fmt: skip


@router.get("/reports/{facility}/{period}", response={200: MonthlyReportOut, **PROBLEMS})
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def report(request: WithActor, facility: str, period: str) -> Any:
    """Give a facility's month (202609), as it was closed or as it counts now."""
    return _out(facility, period, request.actor)


@router.post("/reports/{facility}/{period}/close", response={200: MonthlyReportOut, **PROBLEMS})
@idempotent
@access.declared(queries.CLOSE, purpose=Purpose.CARE)
def close(request: WithActor, facility: str, period: str) -> Any:
    """Close a month that is over: its counts stay."""
    actions.close_report(
        facility=facility, period=period, by=request.actor, on=timezone.localdate()
    )
    return _out(facility, period, request.actor)
