"""Visits of a facility, and one of them: what is done, how it ends, who pays."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.health_equity import actions, queries
from spean.health_equity.forms import CloseForm, ServiceForm
from spean.health_equity.models import Document, ReportedCase, Visit
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.decisions import Decision
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain
from spean.kernel.models import StoredDecision

PAGE, SHOWN = 25, 100
READS = (Purpose.CARE, Purpose.OVERSIGHT)


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def visits(request: WithActor) -> HttpResponse:
    """List the visits of the actor's facilities, who is there now first."""
    facility = request.GET.get("facility", "")
    found = queries.visits(by=request.actor, facility=facility)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    begun = queries.visits(by=request.actor, facility=facility, open_only=True)
    first = not request.GET.get("cursor")
    context = {
        "rows": rows,
        "reported": queries.reported_cases(by=request.actor).exists(),
        "here": begun.filter(source_key=None)[:SHOWN] if first else [],
        "to_complete": begun.exclude(source_key=None)[:SHOWN] if first else [],
        "next_cursor": following,
    }
    return render(request, "health_equity/visits.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def reported(request: WithActor) -> HttpResponse:
    """List what the record of care reported, and whether it is claimed or why not."""
    became = request.GET.get("became", "")
    rows, following = page_of(
        queries.reported_cases(by=request.actor, became=became), key="-id", limit=PAGE,
        cursor=request.GET.get("cursor"),
    )  # fmt: skip
    context = {
        "rows": [(one, why(one.cover)) for one in rows],
        "next_cursor": following,
        "became": became,
        "choices": ReportedCase.Became.choices,
        "back_url": reverse("health_equity:visits"),
    }
    return render(request, "health_equity/reported.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.VIEW, purpose=READS)
def visit(request: WithActor, visit_id: UUID) -> HttpResponse:
    """Show a visit; while the patient is there, add what is done."""
    found = queries.visit(visit_id, by=request.actor)
    form = ServiceForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.carry_out(lambda: _give(request, found, form)):
        return redirect("health_equity:visit", visit_id)
    may = found.left_on is None and access.allows(request.actor, queries.RECORD, area=found.area)
    context = {
        "visit": found,
        "criteria": why(found.cover),
        "documents": [Document(one).label for one in found.documents],
        "form": form,
        "may_record": may,
        "back_url": reverse("health_equity:visits"),
    }
    status = 422 if form.errors else 200
    return render(request, "health_equity/visit.html", context, status=status)


def _give(request: WithActor, found: Visit, form: ServiceForm) -> None:
    actions.give_service(
        visit_id=found.pk, given=actions.Given(**form.cleaned_data), by=request.actor,
        on=timezone.localdate(),
    )  # fmt: skip


def why(cover: StoredDecision | None) -> list[tuple[object, bool, object]]:
    """Give the criteria of a kept decision on cover, in words, each with its source."""
    if cover is None:
        return []
    return [
        (queries.CRITERIA[line.criterion.name], line.criterion.held, line.source)
        for line in Decision.from_json(cover.body).explain()
    ]


@require_POST
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def remove_service(request: WithActor, visit_id: UUID, service_id: UUID) -> HttpResponse:
    """Take back a service recorded in error."""
    try:
        actions.remove_service(visit_id=visit_id, service_id=service_id, by=request.actor)
    except actions.VisitOver as error:
        messages.error(request, explain(error))
    return redirect("health_equity:visit", visit_id)


@require_http_methods(["GET", "POST"])
@access.declared(queries.RECORD, purpose=Purpose.CARE)
def close(request: WithActor, visit_id: UUID) -> HttpResponse:
    """End a visit."""
    found = queries.visit(visit_id, by=request.actor)
    form = CloseForm(request.POST or None, initial=_proposed(found))
    if request.method == "POST" and form.carry_out(lambda: _close(request, found, form)):
        messages.success(request, _("The visit has ended."))
        return redirect("health_equity:visit", visit_id)
    context = {
        "visit": found,
        "form": form,
        "back_url": reverse("health_equity:visit", args=[visit_id]),
    }
    status = 422 if form.errors else 200
    return render(request, "health_equity/close_visit.html", context, status=status)


def _proposed(found: Visit) -> dict[str, object]:
    """Give what the end of a visit probably is: of one that care reported, what it said."""
    left = found.came_on if found.source_key else timezone.localdate()
    return {"left_on": left, "diagnoses": " ".join(found.diagnoses)}


def _close(request: WithActor, found: Visit, form: CloseForm) -> None:
    actions.close_visit(
        visit_id=found.pk, left=actions.Left(**form.cleaned_data), by=request.actor,
        on=timezone.localdate(), at=timezone.now(),
    )  # fmt: skip
