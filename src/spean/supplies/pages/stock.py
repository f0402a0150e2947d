"""The stock of an area, of a facility, and of one item there."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.locations.queries import Facility
from spean.supplies import queries
from spean.supplies.forms import FIELDS
from spean.supplies.models import MovementKind
from spean.supplies.queries import STATUS_COLOURS, STATUS_NAMES, Supplied
from spean.supplies.rules import Status

READS = (Purpose.CARE, Purpose.OVERSIGHT)
COUNTED = (Status.STOCKED_OUT, Status.BELOW_MIN, Status.ADEQUATE, Status.OVERSTOCK)
PAGE = 25


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def area(request: WithActor) -> HttpResponse:
    """List the facilities of the actor's areas, with how they are supplied."""
    today = timezone.localdate()
    facilities = queries.facilities_for(by=request.actor, on=today)
    found: dict[int, list[Supplied]] = {}
    for one in queries.supplied(facilities=facilities, on=today):
        found.setdefault(one.facility.pk, []).append(one)
    context = {
        "rows": [_summary(one, found.get(one.pk, [])) for one in facilities],
        "statuses": [STATUS_NAMES[status] for status in COUNTED],
    }
    return render(request, "supplies/area.html", context)


def _summary(facility: Facility, found: list[Supplied]) -> dict[str, Any]:
    statuses = Counter(one.judged.status for one in found)
    return {
        "facility": facility,
        "counts": [(STATUS_NAMES[status], statuses[status]) for status in COUNTED],
        "tracers_out": [
            one.item for one in found
            if one.item.tracer and one.judged.status == Status.STOCKED_OUT
        ],
        "expiring": sum(one.expires_soon or one.expired > 0 for one in found),
    }  # fmt: skip


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def facility(request: WithActor, code: str) -> HttpResponse:
    """Show what a facility has, the worst supplied first."""
    today = timezone.localdate()
    found = queries.facility_for(code, by=request.actor, on=today)
    rows = queries.supplied(facilities=[found], on=today)
    held = {one.item.pk for one in rows}
    context = {
        "facility": found,
        "rows": [(one, *_said(one.judged.status)) for one in rows],
        "never_here": [item for item in queries.items() if item.pk not in held],
        "may_record": access.allows(request.actor, queries.RECORD, area=found.place.code),
        "back_url": reverse("supplies:area"),
    }
    return render(request, "supplies/facility.html", context)


def _said(status: Status) -> tuple[Any, str]:
    return STATUS_NAMES[status], STATUS_COLOURS.get(status, "grey")


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def item(request: WithActor, code: str, item_code: str) -> HttpResponse:
    """Show the stock card of an item: its batches, why the numbers are so, what moved."""
    today = timezone.localdate()
    found = queries.facility_for(code, by=request.actor, on=today)
    known = queries.item(item_code)
    rows = queries.movements(facility=found, by=request.actor, item=known)
    page, following = page_of(rows, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    supplied = queries.supplied(facilities=[found], on=today)
    one = next((one for one in supplied if one.item.pk == known.pk), None)
    context = {
        "facility": found,
        "item": known,
        "one": one,
        "status": _said(one.judged.status) if one else None,
        "today": today,
        "batches": queries.batches_of(facility=found, item=known),
        "without": queries.stock_outs(facility=found, item=known, on=today) if one else [],
        "sources": queries.sources(today),
        "rows": page,
        "next_cursor": following,
        "kinds": [(kind, MovementKind(kind).label) for kind in FIELDS if one or kind == "receipt"],
        "may_record": access.allows(request.actor, queries.RECORD, area=found.place.code),
        "undoable": [kind for kind in FIELDS if kind != MovementKind.COUNT],
        "back_url": reverse("supplies:facility", args=[code]),
    }
    return render(request, "supplies/item.html", context)
