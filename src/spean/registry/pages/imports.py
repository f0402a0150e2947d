"""Pages of import and export: a file is checked, then taken in; an area is written out."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.formats import number
from spean.kernel.spreadsheets import CSV_TYPE, XLSX_TYPE
from spean.registry import actions, queries
from spean.registry.forms.imports import ExportForm, ImportForm, TakeInForm
from spean.registry.models import ImportRun
from spean.registry.rules.import_columns import COLUMNS

TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
SHOWN = 200


@require_http_methods(["GET", "POST"])
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
def imports(request: WithActor) -> HttpResponse:
    """List the imports, and check a new file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.check_import(
                file=file, name=file.name, by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            return redirect("registry:import", run_id=run.pk)
    runs = queries.import_runs(by=request.actor)[:50]
    context = {
        "form": form,
        "runs": runs,
        "columns": COLUMNS,
        "may_export": bool(access.areas(request.actor, "registry.export")),
    }
    return render(request, "registry/imports.html", context)


@require_http_methods(["GET", "POST"])
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
def import_run(request: WithActor, run_id: UUID) -> HttpResponse:
    """Show what a file says and what is wrong with it; take in what is chosen."""
    run = queries.import_run(run_id, by=request.actor)
    form = TakeInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.take_in_import(
                run=run,
                all_or_none=form.cleaned_data["which"] == "all",
                also_likely_duplicates=form.cleaned_data["also_likely_duplicates"],
                by=request.actor,
                on=timezone.localdate(),
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            taken = run.household_count
            said = ngettext(
                "%(n)s household was taken in.", "%(n)s households were taken in.", taken
            )
            messages.success(request, said % {"n": number(taken)})
            return redirect("registry:import", run_id=run.pk)
    return render(request, "registry/import.html", _import_context(run, form))


def _import_context(run: ImportRun, form: TakeInForm) -> dict[str, object]:
    problems = queries.problems_of(run)
    return {
        "run": run,
        "form": form,
        "problems": problems[:SHOWN],
        "more_problems": max(0, len(problems) - SHOWN),
        "problem_count": len(problems),
        "bad_rows": len({problem.row for problem in problems}),
        "likely": run.likely_duplicates[:SHOWN],
        "back_url": reverse("registry:imports"),
    }


@require_GET
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
def import_errors(request: WithActor, run_id: UUID, form: str) -> HttpResponse:
    """Give the rows that were left out, each with what is wrong."""
    run = queries.import_run(run_id, by=request.actor)
    return _download(queries.error_file(run, form=_known(form), by=request.actor), "errors", form)


@require_GET
@access.declared("registry.import", purpose=Purpose.REGISTRATION)
def import_model(request: WithActor, form: str) -> HttpResponse:
    """Give an empty file with the right first row."""
    khmer = request.GET.get("header") == "km"
    return _download(queries.model_file(form=_known(form), khmer=khmer), "households", form)


@require_GET
@access.declared("registry.export", purpose=Purpose.REGISTRATION)
def export(request: WithActor) -> HttpResponse | StreamingHttpResponse:
    """Ask for the area and the kind of file, then write the households out."""
    asked = "form" in request.GET
    form = ExportForm(request.GET if asked else None)
    areas = access.areas(request.actor, "registry.export")
    if not asked:
        form = ExportForm(initial={"area": areas[0], "form": "xlsx"})
    if asked and form.is_valid():
        try:
            pieces = queries.export_households(
                **form.cleaned_data, by=request.actor, on=timezone.localdate()
            )
        except SpeanError as error:
            form.add_refusal(error)
        else:
            kind = form.cleaned_data["form"]
            answer = StreamingHttpResponse(pieces, content_type=TYPES[kind])
            answer["Content-Disposition"] = f'attachment; filename="households.{kind}"'
            answer["Cache-Control"] = "no-store"
            return answer
    return render(request, "registry/export.html", {"form": form, "areas": areas})


def _known(form: str) -> str:
    if form not in TYPES:
        raise Http404
    return form


def _download(content: bytes, name: str, form: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{form}"',
            "Cache-Control": "no-store",
        },
    )


urlpatterns = [
    path("households/imports", imports, name="imports"),
    path("households/imports/<uuid:run_id>", import_run, name="import"),
    path("households/imports/<uuid:run_id>/errors.<str:form>", import_errors, name="import_errors"),
    path("households/imports/model.<str:form>", import_model, name="import_model"),
    path("households/export", export, name="export"),
]
