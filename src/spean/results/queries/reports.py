"""A facility's monthly report, counted from the records: never typed again.

Births and contacts that name a facility are in its report. Those that name none, and all other
records, are in that of the facility to which the families of the village go first (ADR 27).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from django.db.models import QuerySet

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, SpeanError
from spean.kernel.policy import Indicator, IndicatorSet, policy
from spean.locations import queries as locations
from spean.locations.queries import Facility
from spean.maternal_child.queries import countable
from spean.results.models import MonthlyReport
from spean.results.queries import indicators
from spean.results.queries.counting import Asked, count, parts_of
from spean.results.rules import BadPeriod, Doubt, Span, before, checked, part, span

VIEW_REPORTS, CLOSE = "results.view_reports", "results.close_report"
HISTORY = 13  # months: this one and the last twelve


class ServesNobody(SpeanError):
    """Say that no villages go to this facility first, and no record names it."""

    code = "results.serves_nobody"
    message = N_(
        "No villages are recorded that go to this facility first, and no birth or contact of these "
        "months names it. Ask the health district to record its catchment."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row: what it counts, the count (of the closed report where there is one), and now."""

    indicator: Indicator
    count: int
    now: int

    @property
    def difference(self) -> int:
        """How many records were added (or withdrawn) after the report was closed."""
        return self.now - self.count


@dataclass(frozen=True, slots=True)
class Report:
    """A facility's month, in sections, with what is to be looked at."""

    facility: Facility
    period: Span
    sections: Sequence[tuple[IndicatorSet, Sequence[ReportRow]]]
    doubts: Sequence[Doubt]
    closed: MonthlyReport | None
    over: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """The count of each row."""
        return {row.indicator.code: row.count for _, rows in self.sections for row in rows}

    @property
    def late(self) -> bool:
        """Say whether records came after the report was closed."""
        return any(row.difference for _, rows in self.sections for row in rows)


def month(code: str) -> Span:
    """Read a month. Raises BadPeriod."""
    found = span(code)
    if found.kind != "month":
        raise BadPeriod(period=code[:20])
    return found


def facilities(*, by: Actor, on: date) -> list[Facility]:
    """Give the facilities of the actor's areas."""
    areas = access.areas(by, VIEW_REPORTS)
    return [one for area in areas for one in locations.facilities(on, area=area)]


def closed_reports(facility_codes: Sequence[str]) -> QuerySet[MonthlyReport]:
    """Give the closed reports of these facilities, whom the caller may see."""
    rows = MonthlyReport.objects.filter(facility__code__in=facility_codes)
    return rows.select_related("facility").order_by("-period", "facility__code")


def report(facility: str, period: Span, *, by: Actor, on: date) -> Report:
    """Count a facility's month from the records as they are now.

    Raises NotAllowed, UnknownFacility, ServesNobody; the reading is audited.
    """
    found = locations.facility(facility, on)
    access.require(by, VIEW_REPORTS, area=found.place.code)
    audit.read(by=by, action="results.read_report", subject=found, area=found.place.code,
               period=period.code)  # fmt: skip
    last = min(period.end - timedelta(days=1), on)
    sections = indicators.report_groups(last)
    months = count_months(found, period, sections, on=last)
    now, *past = [months[one.code] for one in reversed(before(period, HISTORY))]
    closed = MonthlyReport.objects.filter(facility=found, period=period.code).first()
    kept: Mapping[str, int] = closed.counts if closed else now
    return Report(
        found, period,
        [(one, [ReportRow(row, kept.get(row.code, 0), now[row.code]) for row in one.rows])
         for one in sections.values()],
        checked(now, past, policy.table("results.data_quality", on=last)),
        closed, period.end <= on,
    )  # fmt: skip


def count_months(
    facility: Facility, period: Span, sections: Mapping[str, IndicatorSet], *, on: date
) -> dict[str, dict[str, int]]:
    """Count every row for this month and the twelve before, in one go. Raises ServesNobody."""
    villages = locations.served_first(facility, on)
    rows = [row for one in sections.values() for row in one.rows]
    spans = before(period, HISTORY)
    with TemporaryDirectory() as folder, duckdb.connect() as engine:
        since = spans[0].start
        countable.read(
            engine, Path(folder), places=villages, facility=facility.pk, since=since, on=on
        )
        countable.work_out(engine, since=since, on=on)
        tables = {kind: kind for kind in countable.flags(on)}
        found = count(engine, tables, parts_of(rows), Asked("", spans, "period"))
    if not villages and not any(any(one.values()) for one in found.values()):
        raise ServesNobody
    return {
        one.code: {row.code: found.get(one.code, {}).get(part(row.counts), 0) for row in rows}
        for one in spans
    }
