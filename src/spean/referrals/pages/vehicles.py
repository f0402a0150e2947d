"""The fleet; one vehicle with where it stood and who is on it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Actor, Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.form_page import answer, refuse
from spean.locations.queries import Facility
from spean.referrals import actions, queries
from spean.referrals.forms import CrewForm, ReportForm, VehicleForm


def _address(vehicle_id: UUID) -> str:
    return reverse("referrals:vehicle", args=[vehicle_id])


def _mine(by: Actor, permission: str) -> list[Facility]:
    """Give the facilities where the actor may do something."""
    found = queries.facilities_to(on=timezone.localdate())
    return [one for one in found if access.allows(by, permission, area=one.place.code)]


@require_GET
@access.declared(queries.VIEW_VEHICLES, purpose=Purpose.CARE)
def vehicles(request: WithActor) -> HttpResponse:
    """List the vehicles of the reader's areas: where each is, and whether it is out."""
    rows = queries.vehicles(by=request.actor, on=timezone.localdate())
    may = bool(access.areas(request.actor, queries.MANAGE))
    return render(request, "referrals/vehicles.html", {"rows": rows, "may_manage": may})


@require_GET
@access.declared(queries.VIEW_VEHICLES, purpose=Purpose.CARE)
def vehicle(request: WithActor, vehicle_id: UUID) -> HttpResponse:
    """Show a vehicle."""
    found = queries.vehicle(vehicle_id, by=request.actor, on=timezone.localdate())
    context = {
        "vehicle": found,
        "may_report": access.allows(request.actor, queries.DISPATCH, area=found.area),
        "may_manage": access.allows(request.actor, queries.MANAGE, area=found.area),
        "back_url": reverse("referrals:vehicles"),
    }
    return render(request, "referrals/vehicle.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def register(request: WithActor) -> HttpResponse:
    """Take a vehicle into the fleet."""
    form = VehicleForm(request.POST or None, facilities=_mine(request.actor, queries.MANAGE))
    return answer(
        request, form,
        lambda: actions.register_vehicle(
            **form.cleaned_data, by=request.actor, now=timezone.now()
        ),
        title=_("Add a vehicle"), done=_("The vehicle is recorded."),
        then=lambda made: _address(made.pk), back_url=reverse("referrals:vehicles"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.DISPATCH, purpose=Purpose.CARE)
def report(request: WithActor, vehicle_id: UUID) -> HttpResponse:
    """Say how a vehicle is, and where it stands."""
    now = timezone.now()
    found = queries.vehicle(vehicle_id, by=request.actor, on=timezone.localdate())
    places = {one.code: one for one in (found.facility, *_mine(request.actor, queries.MANAGE))}
    known = {"state": found.state, "facility": found.facility.code}
    form = ReportForm(request.POST or None, facilities=places.values(), now=now, initial=known)
    return answer(
        request, form,
        lambda: actions.report_vehicle(
            vehicle_id=vehicle_id, **form.said("state", "facility", "reason"), at=form.moment(),
            by=request.actor, now=now,
        ),
        title=_("Report on the vehicle"), done=_("It is recorded."),
        then=lambda made: _address(made.pk), caption=found.number, back_url=_address(vehicle_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def add_crew(request: WithActor, vehicle_id: UUID) -> HttpResponse:
    """Put somebody on a vehicle."""
    found = queries.vehicle(vehicle_id, by=request.actor, on=timezone.localdate())
    form = CrewForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.add_crew(
            vehicle_id=vehicle_id, **form.cleaned_data, by=request.actor, on=timezone.localdate()
        ),
        title=_("Put somebody on it"), done=_("It is recorded."),
        then=lambda made: _address(made.vehicle_id), caption=found.number,
        back_url=_address(vehicle_id),
    )  # fmt: skip


@require_POST
@access.declared(queries.MANAGE, purpose=Purpose.CARE)
def end_crew(request: WithActor, vehicle_id: UUID, member_id: UUID) -> HttpResponse:
    """Take somebody off a vehicle."""
    try:
        actions.end_crew(member_id=member_id, by=request.actor, on=timezone.localdate())
    except SpeanError as error:
        refuse(request, error)
    return redirect("referrals:vehicle", vehicle_id)
