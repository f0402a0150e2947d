"""Pages of long work: what runs, how far it is, what came of it; start, cancel, resume."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access, runs
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain, explain_stored
from spean.kernel.models import LongRun
from spean.kernel.office.forms import WorkForm

ADMINISTRATION = Purpose.ADMINISTRATION
SHOWN = 30


@require_http_methods(["GET", "POST"])
@access.declared("kernel.run_long_work", purpose=ADMINISTRATION)
def long_work(request: WithActor) -> HttpResponse:
    """List the runs, and start one."""
    form = WorkForm(request.POST or None, files=intake_files())
    if request.method == "POST" and form.is_valid():
        try:
            runs.start(kind=form.cleaned_data["kind"], parameters=form.parameters, by=request.actor)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("The work is in the queue."))
            return redirect("long_work")
    return render(request, "kernel/office/long_work.html", _shown(request) | {"form": form})


@require_GET
@access.declared("kernel.run_long_work", purpose=ADMINISTRATION)
def long_work_rows(request: WithActor) -> HttpResponse:
    """Give the list alone, which the page asks for again while something runs."""
    return render(request, "kernel/office/long_work_rows.html", _shown(request))


@require_POST
@access.declared("kernel.run_long_work", purpose=ADMINISTRATION)
def cancel_work(request: WithActor, run_id: UUID) -> HttpResponse:
    """Cancel a run."""
    try:
        runs.cancel(run_id=run_id, by=request.actor)
        messages.success(request, _("The work stops at its next step."))
    except runs.NotOpen as error:
        messages.error(request, explain(error))
    return redirect("long_work")


@require_POST
@access.declared("kernel.run_long_work", purpose=ADMINISTRATION)
def resume_work(request: WithActor, run_id: UUID) -> HttpResponse:
    """Resume a run."""
    try:
        runs.resume(run_id=run_id, by=request.actor)
        messages.success(request, _("The work is in the queue."))
    except (runs.CannotResume, runs.RunsAlready) as error:
        messages.error(request, explain(error))
    return redirect("long_work")


def intake_files() -> list[str]:
    """Give the names of the files that the operator has put in the intake folder."""
    folder = Path(settings.INTAKE)
    return sorted(path.name for path in folder.glob("*.csv")) if folder.is_dir() else []


def _shown(request: WithActor) -> dict[str, object]:
    listed = list(runs.long_runs(by=request.actor)[:SHOWN])
    rows = [(run, _label(run), explain_stored(run.error) if run.error else "") for run in listed]
    return {"rows": rows, "any_open": any(run.is_open for run in listed)}


def _label(run: LongRun) -> str:
    kind = runs.kinds().get(run.kind)
    return _(kind.label) if kind else run.kind
