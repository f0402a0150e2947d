"""A facility's month is closed by its chief."""

from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict
from spean.kernel.policy import policy
from spean.locations import queries as locations
from spean.results.models import MonthlyReport
from spean.results.queries.reports import CLOSE, month, report


class MonthNotOver(Conflict):
    """Refuse to close a month that still goes on."""

    code = "results.month_not_over"
    message = N_("This month is not over. Close the report from %(day)s on.")


class ClosedAlready(Conflict):
    """Refuse to close a month twice."""

    code = "results.report_closed_already"
    message = N_("This report is closed. Records that came later show as a difference beside it.")


def close_report(*, facility: str, period: str, by: Actor, on: date) -> MonthlyReport:
    """Keep what the month counts today; nothing in it changes any more.

    Raises NotAllowed, UnknownFacility, BadPeriod, MonthNotOver, ClosedAlready, ServesNobody.
    """
    asked = month(period)
    access.require(by, CLOSE, area=locations.facility(facility, on).place.code)
    if asked.end > on:
        raise MonthNotOver(day=asked.end.isoformat())
    found = report(facility, asked, by=by, on=on)
    if found.closed is not None:
        raise ClosedAlready
    try:
        with transaction.atomic():
            closed = MonthlyReport.objects.create(
                facility=found.facility, period=period, counts=dict(found.counts),
                doubts=[asdict(one) for one in found.doubts], policy_version=policy.version(),
                closed_on=on, closed_by=by.name,
            )  # fmt: skip
            audit.write(by=by, action="results.close_report", subject=closed,
                        area=found.facility.place.code, period=period)  # fmt: skip
    except IntegrityError as error:
        raise ClosedAlready from error
    return closed
