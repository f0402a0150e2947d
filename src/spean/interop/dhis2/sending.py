"""A facility's month fetched by who may see its report: as a file, or by another system."""

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from ninja import Router

from spean.interop.dhis2.mapping import codes
from spean.interop.dhis2.values import Month, adx, data_value_set
from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.api import PROBLEMS
from spean.kernel.edge import WithActor
from spean.results import queries

router = Router(tags=["results"])
XML = "application/adx+xml"


def month_of(facility: str, period: str, *, by: Actor) -> Month:
    """Give a month as it was closed, else as it counts now. Raises what `queries.report` raises."""
    found = queries.report(facility, queries.month(period), by=by, on=timezone.localdate())
    closed_on = found.closed.closed_on if found.closed else None
    return Month(found.facility.code, found.period.start, found.counts, closed_on)


def _json(facility: str, period: str, *, by: Actor) -> HttpResponse:
    return JsonResponse(data_value_set(month_of(facility, period, by=by), codes()))


def _xml(facility: str, period: str, *, by: Actor) -> HttpResponse:
    month = month_of(facility, period, by=by)
    return HttpResponse(adx(month, codes(), exported=timezone.now()), content_type=XML)


def _as_file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def dhis2(request: WithActor, facility: str, period: str) -> HttpResponse:
    """Download a month as DHIS2's JSON."""
    return _as_file(_json(facility, period, by=request.actor), f"{facility}-{period}.json")


@require_GET
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def adx_file(request: WithActor, facility: str, period: str) -> HttpResponse:
    """Download a month as ADX."""
    return _as_file(_xml(facility, period, by=request.actor), f"{facility}-{period}.adx.xml")


@router.get("/reports/{facility}/{period}/dhis2", response={200: dict, **PROBLEMS})
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def report_as_dhis2(request: WithActor, facility: str, period: str) -> HttpResponse:
    """Give a facility's month (202609) as DHIS2's dataValueSets JSON, ready to be posted there.

    409 where a row or the facility has no code there: nothing is left out silently.
    """
    return _json(facility, period, by=request.actor)


@router.get("/reports/{facility}/{period}/adx", response={200: str, **PROBLEMS})
@access.declared(queries.VIEW_REPORTS, purpose=Purpose.CARE)
def report_as_adx(request: WithActor, facility: str, period: str) -> HttpResponse:
    """Give a facility's month as an ADX document (application/adx+xml)."""
    return _xml(facility, period, by=request.actor)
