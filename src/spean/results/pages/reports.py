"""A facility's monthly report: counted from the records, looked at, closed, printed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spean.kernel import access, navigation
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.formats import language
from spean.results import actions, queries
from spean.results.queries.words import period_name
from spean.results.rules import CHECKS, before, of_day

MONTHS = 6


@require_GET
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def reports(request: WithActor) -> HttpResponse:
    """List the facilities of the reader's areas with their last months, closed or not."""
    today = timezone.localdate()
    found = queries.facilities(by=request.actor, on=today)
    closed = {
        (one.facility.code, one.period)
        for one in queries.closed_reports([one.code for one in found])
    }
    months = list(reversed(before(of_day(today, "month"), MONTHS)))
    rows = [
        {
            "facility": one,
            "months": [
                {"code": month.code, "name": period_name(month),
                 "closed": (one.code, month.code) in closed, "over": month.end <= today}
                for month in months
            ],
        }
        for one in found
    ]  # fmt: skip
    return render(request, "results/reports.html", {"rows": rows})


@require_GET
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def report(request: WithActor, facility: str, period: str) -> HttpResponse:
    """Show a month: the counts in their sections, what to look at, and what came late."""
    today = timezone.localdate()
    found = queries.report(facility, queries.month(period), by=request.actor, on=today)
    area = found.facility.place.code
    context = {
        "found": found,
        "when": period_name(found.period),
        "sections": [
            (queries.name_of(one.title, language()),
             [(queries.name_of(row.indicator.text, language()), row) for row in rows])
            for one, rows in found.sections
        ],
        "doubts": _doubts(found),
        "may_close": found.over and not found.closed
        and access.allows(request.actor, queries.CLOSE, area=area),
        "links": navigation.about("monthly_report", by=request.actor, area=area),
    }  # fmt: skip
    return render(request, "results/report.html", context)


def _doubts(found: queries.Report) -> list[dict[str, Any]]:
    names = {
        row.indicator.code: queries.name_of(row.indicator.text, language())
        for _, rows in found.sections
        for row in rows
    }
    return [
        {"name": names.get(one.row, one.row), "doubt": one, "text": CHECKS[one.rule][0]}
        for one in found.doubts
    ]


@require_POST
@access.declared(queries.CLOSE, purpose=Purpose.CARE)
def close(request: WithActor, facility: str, period: str) -> HttpResponse:
    """Close a month."""
    today = timezone.localdate()
    actions.close_report(facility=facility, period=period, by=request.actor, on=today)
    messages.success(request, _("The report is closed."))
    return redirect("results:report", facility, period)
