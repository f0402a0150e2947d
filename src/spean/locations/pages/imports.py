"""Taking in catalogues of facilities: a file is tried, shown row by row, then written."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access, formats
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.errors import N_, NotFound, SpeanError
from spean.kernel.i18n import explain
from spean.kernel.spreadsheets import CSV_TYPE, Row, write_csv
from spean.locations import actions
from spean.locations.actions import COLUMNS, MODEL_ROWS, ImportReport, Kind
from spean.locations.forms import KIND_LABELS, ImportForm

PERMISSION = "locations.import"
KEPT_FOR = 60 * 60
SHOWN = 100


class ImportGone(NotFound):
    """Say that a tried file is no longer kept (an hour), or is another person's."""

    code = "locations.import_gone"
    message = N_("This file is no longer kept here. Send it again.")


@require_http_methods(["GET", "POST"])
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
def import_file(request: WithActor) -> HttpResponse:
    """Read a file and keep its rows for an hour, to be looked at before anything is written."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kind, file = Kind(form.cleaned_data["kind"]), form.cleaned_data["file"]
        try:
            rows = actions.read_catalogue(kind=kind, file=file, name=file.name)
        except SpeanError as error:
            form.add_refusal(error)
        else:
            token = uuid4().hex
            kept = {"kind": kind.value, "rows": [(r.number, r.values) for r in rows]}
            cache.set(_key(request, token), kept, KEPT_FOR)
            return redirect("locations:imported", token)
    models = [(kind, KIND_LABELS[kind], ", ".join(COLUMNS[kind])) for kind in Kind]
    context = {"form": form, "models": models, "back_url": reverse("locations:facilities")}
    return render(request, "locations/import.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
def imported(request: WithActor, token: str) -> HttpResponse:
    """Show what the file would change and what is wrong with it; write it when told to."""
    kind, rows = _kept(request, token)
    report = _run(request, kind, rows, dry_run=request.method == "GET")
    if report.written:
        cache.delete(_key(request, token))
        number = report.added + report.amended
        text = ngettext("%(number)s row was taken in.", "%(number)s rows were taken in.", number)
        messages.success(request, text % {"number": formats.number(number)})
        return redirect("locations:facilities")
    context = {
        "report": report,
        "kind": KIND_LABELS[kind],
        "token": token,
        "problems": report.problems[:SHOWN],
        "explained": [(p, explain(p.error)) for p in report.problems[:SHOWN]],
        "bad_rows": len({p.number for p in report.problems}),
        "back_url": reverse("locations:import"),
    }
    return render(request, "locations/imported.html", context)


@require_GET
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
def import_errors(request: WithActor, token: str) -> HttpResponse:
    """Give the rows at fault as a file to be mended: the same columns, and what is wrong."""
    kind, rows = _kept(request, token)
    report = _run(request, kind, rows, dry_run=True)
    by_number = {row.number: row for row in rows}
    table: list[list[Any]] = [[*COLUMNS[kind], "row", "column", "error"]]
    for problem in report.problems:
        values = by_number[problem.number].values
        cells = [values.get(column, "") for column in COLUMNS[kind]]
        table.append([*cells, problem.number, problem.column, explain(problem.error)])
    return _file(f"{kind.value}-errors.csv", table)


@require_GET
@access.declared(PERMISSION, purpose=Purpose.ADMINISTRATION)
def import_model(request: WithActor, kind: str) -> HttpResponse:
    """Give a file with the columns of one kind and an example."""
    if kind not in set(Kind):
        raise NotFound
    return _file(f"{kind}.csv", [COLUMNS[Kind(kind)], MODEL_ROWS[Kind(kind)]])


def _run(request: WithActor, kind: Kind, rows: list[Row], *, dry_run: bool) -> ImportReport:
    return actions.import_catalogue(
        kind=kind, rows=rows, dry_run=dry_run, by=request.actor, on=timezone.localdate()
    )


def _key(request: WithActor, token: str) -> str:
    return f"locations.import:{request.user.pk}:{token}"


def _kept(request: WithActor, token: str) -> tuple[Kind, list[Row]]:
    kept = cache.get(_key(request, token))
    if kept is None:
        raise ImportGone
    return Kind(kept["kind"]), [Row(number, values) for number, values in kept["rows"]]


def _file(name: str, table: Any) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write_csv(table), content_type=CSV_TYPE, headers=headers)
