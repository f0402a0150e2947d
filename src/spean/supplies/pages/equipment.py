"""Equipment and the cold chain: what is there, how warm it was, what is held back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access, formats
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain
from spean.locations.queries import Facility
from spean.supplies import actions, queries
from spean.supplies.forms import (
    EquipmentEventForm,
    EquipmentForm,
    LoggerForm,
    QuarantineForm,
    ReadingForm,
)
from spean.supplies.pages.forms import asked
from spean.supplies.pages.stock import READS

SHOWN = 60


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def equipment_of(request: WithActor, code: str) -> HttpResponse:
    """List the equipment of a facility."""
    found = queries.facility_for(code, by=request.actor, on=timezone.localdate())
    context = {
        "facility": found,
        "rows": queries.equipment(facility=found),
        "today": timezone.localdate(),
        "may_manage": access.allows(request.actor, queries.MANAGE, area=found.place.code),
        "back_url": reverse("supplies:facility", args=[code]),
    }
    return render(request, "supplies/equipment_of.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def add(request: WithActor, code: str) -> HttpResponse:
    """Put equipment on record."""
    today = timezone.localdate()
    found = queries.facility_for(code, by=request.actor, on=today, permission=queries.MANAGE)
    form = EquipmentForm(
        request.POST or None, chosen={"unit_id": units_of(found)}, initial={"day": today}
    )
    return asked(
        request, form,
        lambda: actions.add_equipment(
            facility=code, by=request.actor, on=today, **form.cleaned_data
        ),
        title=_("Add equipment"), caption=found.name,
        back=reverse("supplies:equipment_of", args=[code]),
    )  # fmt: skip


def units_of(facility: Facility) -> list[tuple[int, Any]]:
    """Give the open units of a facility as choices."""
    rows = queries.units(facility=facility, on=timezone.localdate())
    return [(one.pk, one.get_kind_display()) for one in rows]


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def equipment(request: WithActor, equipment_id: UUID) -> HttpResponse:
    """Show a piece of equipment: its history, and what cools its temperatures."""
    found = queries.one_equipment(equipment_id, by=request.actor)
    today = timezone.localdate()
    here = found.facility.place.code
    allowed = queries.degrees(found, on=today)
    context = {
        "equipment": found,
        "events": found.events.order_by("-day", "-pk"),
        "allowed": allowed,
        "excursions": queries.excursions_of(found, until=today),
        "readings": [
            (one, allowed.hold(one.celsius))
            for one in queries.readings(found, until=today)[:SHOWN]
        ] if allowed else [],
        "may_record": access.allows(request.actor, queries.RECORD, area=here),
        "today": today,
        "back_url": reverse("supplies:equipment_of", args=[found.facility.code]),
    }  # fmt: skip
    return render(request, "supplies/equipment.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def note(request: WithActor, equipment_id: UUID) -> HttpResponse:
    """Write down what happened to a piece of equipment."""
    found = queries.one_equipment(equipment_id, by=request.actor)
    today = timezone.localdate()
    form = EquipmentEventForm(
        request.POST or None, chosen={"unit_id": units_of(found.facility)},
        initial={"day": today, "service_due": found.service_due},
    )  # fmt: skip
    return asked(
        request, form,
        lambda: actions.note_equipment(
            equipment_id=equipment_id, by=request.actor, on=today, **form.cleaned_data
        ),
        title=_("What happened"), caption=str(found),
        back=reverse("supplies:equipment", args=[equipment_id]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def read(request: WithActor, equipment_id: UUID) -> HttpResponse:
    """Write down the temperature of now."""
    found = queries.one_equipment(equipment_id, by=request.actor)
    now = timezone.now().replace(second=0, microsecond=0)
    form = ReadingForm(request.POST or None)
    return asked(
        request, form,
        lambda: actions.record_reading(
            equipment_id=equipment_id, at=now, by=request.actor, now=now, **form.cleaned_data
        ),
        title=_("Temperature now"), caption=str(found),
        back=reverse("supplies:equipment", args=[equipment_id]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def load(request: WithActor, equipment_id: UUID) -> HttpResponse:
    """Take a logger's file; each bad row is named."""
    found = queries.one_equipment(equipment_id, by=request.actor)
    back = reverse("supplies:equipment", args=[equipment_id])
    form = LoggerForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = actions.take_readings(
                equipment_id=equipment_id, file=file, name=file.name or "", by=request.actor,
                now=timezone.now(),
            )  # fmt: skip
        except SpeanError as error:
            if error.status in (403, 404):
                raise
            form.add_refusal(error)
    if report is not None:
        said = _("Temperatures taken: %(taken)s. Known already: %(known)s.")
        messages.success(request, said % {"taken": formats.number(report.taken),
                                          "known": formats.number(report.known)})  # fmt: skip
        if not report.problems:
            return redirect(back)
    context = {
        "form": form, "caption": str(found), "back_url": back,
        "problems": [(row, explain(why)) for row, why in report.problems] if report else [],
    }  # fmt: skip
    return render(request, "supplies/load.html", context, status=422 if form.errors else 200)


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def quarantines(request: WithActor) -> HttpResponse:
    """List the batches that are held back."""
    rows = [
        (one, access.allows(request.actor, queries.MANAGE, area=one.facility.place.code))
        for one in queries.quarantines(by=request.actor)[:200]
    ]
    context = {"rows": rows, "back_url": reverse("supplies:area")}
    return render(request, "supplies/quarantines.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def decide(request: WithActor, quarantine_id: UUID) -> HttpResponse:
    """Release a batch that was held back, or discard it."""
    found = queries.quarantine_for(quarantine_id)
    access.require(request.actor, queries.MANAGE, area=found.facility.place.code)
    form = QuarantineForm(request.POST or None)
    return asked(
        request, form,
        lambda: actions.decide_quarantine(
            quarantine_id=quarantine_id, by=request.actor, on=timezone.localdate(),
            **form.cleaned_data,
        ),
        title=_("Decide about a batch"), caption=f"{found.batch.item}, {found.batch}",
        back=reverse("supplies:quarantines"),
    )  # fmt: skip
