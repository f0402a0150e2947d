"""Units, beds and staff: who is there now, and where somebody is missing."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.forms import SpeanForm
from spean.supplies import actions, queries
from spean.supplies.forms import BedsForm, CensusForm, DutyForm, EndForm, StaffForm, UnitForm
from spean.supplies.models import Cadre, Shift
from spean.supplies.pages.equipment import units_of
from spean.supplies.pages.forms import asked
from spean.supplies.pages.stock import READS


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def units(request: WithActor, code: str) -> HttpResponse:
    """Show the units of a facility, who is on duty now, and the roster of the week."""
    now = timezone.localtime()
    found = queries.facility_for(code, by=request.actor, on=now.date())
    cadres, shifts = dict(Cadre.choices), dict(Shift.choices)
    context = {
        "facility": found,
        "shift": shifts[queries.shift_of(now)[1]],
        "units": [
            (one, [(gap, cadres[gap.cadre], shifts[gap.shift]) for gap in one.missing])
            for one in queries.in_units(facility=found, moment=now)
        ],
        "staff": queries.staff(facility=found, on=now.date()),
        "roster": queries.roster(
            facility=found, since=now.date(), until=now.date() + timedelta(days=6)
        ),
        "may_record": access.allows(request.actor, queries.RECORD, area=found.place.code),
        "may_manage": access.allows(request.actor, queries.MANAGE, area=found.place.code),
        "back_url": reverse("supplies:facility", args=[code]),
    }
    return render(request, "supplies/units.html", context)


def _of_facility(
    request: WithActor, code: str, title: str, form: SpeanForm, act: Callable[[], Any]
) -> HttpResponse:
    return asked(request, form, act, title=title, back=reverse("supplies:units", args=[code]))


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def open_unit(request: WithActor, code: str) -> HttpResponse:
    """Open a unit."""
    today = timezone.localdate()
    queries.facility_for(code, by=request.actor, on=today, permission=queries.MANAGE)
    form = UnitForm(request.POST or None, initial={"since": today})
    return _of_facility(request, code, _("Open a unit"), form, lambda: actions.open_unit(
        facility=code, by=request.actor, on=today, **form.cleaned_data
    ))  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def enter(request: WithActor, code: str) -> HttpResponse:
    """Say that somebody works here."""
    today = timezone.localdate()
    queries.facility_for(code, by=request.actor, on=today, permission=queries.MANAGE)
    form = StaffForm(request.POST or None, initial={"since": today})
    return _of_facility(request, code, _("Add staff"), form, lambda: actions.enter_staff(
        facility=code, by=request.actor, on=today, **form.cleaned_data
    ))  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def plan(request: WithActor, code: str) -> HttpResponse:
    """Put somebody on duty."""
    today = timezone.localdate()
    found = queries.facility_for(code, by=request.actor, on=today, permission=queries.MANAGE)
    people = [(one.pk, str(one)) for one in queries.staff(facility=found, on=today)]
    form = DutyForm(
        request.POST or None, chosen={"unit_id": units_of(found), "staff_id": people},
        initial={"day": today},
    )  # fmt: skip
    return _of_facility(request, code, _("Put on duty"), form, lambda: actions.put_on_duty(
        by=request.actor, **form.cleaned_data
    ))  # fmt: skip


def _of_unit(
    request: WithActor, unit_id: int, permission: str, title: str, form: SpeanForm,
    act: Callable[..., Any],
) -> HttpResponse:  # fmt: skip
    found = queries.unit_for(unit_id)
    access.require(request.actor, permission, area=found.facility.place.code)
    return _of_facility(request, found.facility.code, title, form, lambda: act(
        unit_id=unit_id, by=request.actor, **form.cleaned_data
    ))  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def beds(request: WithActor, unit_id: int) -> HttpResponse:
    """Say how many beds a unit has."""
    form = BedsForm(request.POST or None, initial={"since": timezone.localdate()})
    return _of_unit(request, unit_id, queries.MANAGE, _("Set the beds"), form, actions.set_beds)


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def census(request: WithActor, unit_id: int) -> HttpResponse:
    """Write down the patients of a midnight."""
    today = timezone.localdate()
    form = CensusForm(request.POST or None, initial={"day": today - timedelta(days=1)})
    act = partial(actions.record_census, on=today)
    return _of_unit(request, unit_id, queries.RECORD, _("Count the patients"), form, act)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def close(request: WithActor, unit_id: int) -> HttpResponse:
    """Close a unit."""
    form = EndForm(request.POST or None, initial={"end": timezone.localdate()})
    return _of_unit(request, unit_id, queries.MANAGE, _("Close the unit"), form, actions.close_unit)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def leave(request: WithActor, staff_id: int) -> HttpResponse:
    """Say that somebody works here no longer."""
    found = queries.staff_for(staff_id)
    access.require(request.actor, queries.MANAGE, area=found.facility.place.code)
    form = EndForm(request.POST or None, initial={"end": timezone.localdate()})
    return _of_facility(request, found.facility.code, found.name, form,
                        lambda: actions.end_staff(staff_id=staff_id, by=request.actor,
                                                  **form.cleaned_data))  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def take_off(request: WithActor, duty_id: int) -> HttpResponse:
    """Take somebody off a shift."""
    found = queries.duty_for(duty_id)
    actions.take_off_duty(duty_id=duty_id, by=request.actor)
    return redirect("supplies:units", found.unit.facility.code)
