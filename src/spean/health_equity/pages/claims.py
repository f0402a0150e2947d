"""A facility's claims by month: what was claimed, what was cut and why, what waits."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from spean.health_equity import actions
from spean.health_equity.forms.claims import AskForm, FileForm, MonthOfFacility
from spean.health_equity.models import Claim
from spean.health_equity.queries import claims as queries
from spean.health_equity.queries import facilities_for
from spean.health_equity.rules.adjudication import RULES
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.formats import number
from spean.kernel.i18n import explain
from spean.kernel.spreadsheets import CSV_TYPE, csv_pieces, write_csv

PAGE = 25
READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def claims(request: WithActor) -> HttpResponse:
    """List the claims of the actor's facilities, the newest first, with what became of them."""
    by, today = request.actor, timezone.localdate()
    listed = facilities_for(queries.VIEW, by=by, on=today)
    form = AskForm(request.GET or None, facilities=listed, today=today)
    rows, following = page_of(
        queries.claims(form.asked, by=by), cursor=request.GET.get("cursor"), limit=PAGE,
        key="-number",
    )  # fmt: skip
    became = queries.month_of(form.asked, by=by)
    context = {
        "form": form,
        "rows": rows,
        "next_cursor": following,
        "states": [(state, Claim.State(state).label, *sums) for state, *sums in became.states],
        "reasons": [(RULES[code].text, count) for code, count in became.codes],
        "may_submit": bool(access.areas(by, queries.SUBMIT)),
        "may_judge": access.allows(by, queries.JUDGE, area=""),
        "asked": request.GET.urlencode(),
    }
    return render(request, "health_equity/claims.html", context)


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def export(request: WithActor) -> StreamingHttpResponse:
    """Give the claims that the list would show as a CSV file."""
    today = timezone.localdate()
    listed = facilities_for(queries.VIEW, by=request.actor, on=today)
    form = AskForm(request.GET or None, facilities=listed, today=today)
    return StreamingHttpResponse(
        csv_pieces(queries.exported(form.asked, by=request.actor)), content_type=CSV_TYPE,
        headers={"Content-Disposition": 'attachment; filename="claims.csv"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
def build(request: WithActor) -> HttpResponse:
    """Build a facility's claims of a month from its visits."""
    by, today = request.actor, timezone.localdate()
    listed = facilities_for(queries.SUBMIT, by=by, on=today)
    form = MonthOfFacility(request.POST or None, facilities=listed, today=today)
    made: list[Any] = []
    if request.method == "POST" and form.carry_out(
        lambda: made.extend(actions.build_claims(
            facility=form.cleaned_data["facility"], month=form.day, by=by, on=today))
    ):  # fmt: skip
        told = ngettext("%(n)s claim is made.", "%(n)s claims are made.", len(made))
        messages.success(request, told % {"n": number(len(made))})
        said = f"?facility={form.cleaned_data['facility']}&month={form.cleaned_data['month']}"
        return redirect(reverse("health_equity:claims") + said)
    context = {"form": form, "back_url": reverse("health_equity:claims")}
    status = 422 if form.errors else 200
    return render(request, "health_equity/build_claims.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
def file(request: WithActor) -> HttpResponse:
    """Take a facility's claims in from a file, and tell each row that is bad."""
    by, today = request.actor, timezone.localdate()
    listed = facilities_for(queries.SUBMIT, by=by, on=today)
    form = FileForm(request.POST or None, request.FILES or None, facilities=listed)
    taken: list[actions.TakenFile] = []
    if request.method == "POST":
        form.carry_out(lambda: taken.append(_take(request, form)))
    found = next(iter(taken), None)
    context = {
        "form": form,
        "taken": found,
        "refused": [(row, explain(error)) for row, error in found.refused] if found else [],
        "columns": actions.COLUMNS,
        "back_url": reverse("health_equity:claims"),
    }
    status = 422 if form.errors else 200
    return render(request, "health_equity/claim_file.html", context, status=status)


def _take(request: WithActor, form: FileForm) -> actions.TakenFile:
    said = form.cleaned_data
    return actions.take_claims(
        facility=said["facility"], file=said["file"], name=said["file"].name,
        keep_good=said["keep"] == "good", by=request.actor, on=timezone.localdate(),
    )  # fmt: skip


@require_GET
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
def model(request: WithActor) -> HttpResponse:
    """Give an empty file with the columns of claims."""
    return HttpResponse(
        write_csv([actions.COLUMNS]), content_type=CSV_TYPE,
        headers={"Content-Disposition": 'attachment; filename="claims-model.csv"'},
    )  # fmt: skip


@require_GET
@access.declared(queries.REVIEW, purpose=Purpose.PAYMENT)
def queue(request: WithActor) -> HttpResponse:
    """List the claims that are held or appealed, the oldest first."""
    rows, following = page_of(
        queries.to_review(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE,
        key="number",
    )  # fmt: skip
    context = {"rows": rows, "next_cursor": following}
    return render(request, "health_equity/claims_to_review.html", context)
