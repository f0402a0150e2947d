"""What facilities are paid: statements of a month, their claims, scores of quality."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.health_equity import actions
from spean.health_equity.forms.verification import MonthForm, ScoreForm, VerifyScoreForm
from spean.health_equity.queries import statements as queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain
from spean.payments import queries as paid

READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 50


@require_http_methods(["GET", "POST"])
@access.declared(queries.SEE_STATEMENTS, purpose=READS)
def statements(request: WithActor) -> HttpResponse:
    """List the statements, the newest first; make those of a month."""
    form = MonthForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda: _make(request, form)):
        return redirect("health_equity:statements")
    rows, following = page_of(
        queries.statements(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE,
        key="-id",
    )  # fmt: skip
    context = {
        "rows": rows,
        "next_cursor": following,
        "form": form,
        "may_make": access.allows(request.actor, queries.MAKE, area=""),
        "may_order": access.allows(request.actor, paid.PREPARE, area=""),
        "order_form": MonthForm(auto_id="order_%s"),
    }
    status = 422 if form.errors else 200
    return render(request, "health_equity/statements.html", context, status=status)


def _make(request: WithActor, form: MonthForm) -> None:
    made = actions.make_statements(**form.cleaned_data, by=request.actor, on=timezone.localdate())
    words = ngettext("%(n)s statement is made.", "%(n)s statements are made.", len(made))
    messages.success(request, words % {"n": len(made)})


@require_POST
@access.declared(paid.PREPARE, purpose=Purpose.PAYMENT)
def order(request: WithActor) -> HttpResponse:
    """Prepare the payment of a month's statements."""
    form = MonthForm(request.POST, auto_id="order_%s")
    made: list[UUID] = []
    if form.carry_out(
        lambda: made.append(
            actions.order_statements(**form.cleaned_data, by=request.actor, on=timezone.localdate())
        )
    ):
        return redirect("payments:order", made[0])
    messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("health_equity:statements")


@require_GET
@access.declared(queries.SEE_STATEMENTS, purpose=READS)
def statement(request: WithActor, statement_id: UUID) -> HttpResponse:
    """Show what a facility is paid for a month, what was cut, and why."""
    found = queries.statement(statement_id, by=request.actor)
    context = {
        "statement": found,
        "rows": queries.stated(found)[:500],
        "back_url": reverse("health_equity:statements"),
    }
    return render(request, "health_equity/statement.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(queries.SCORE, purpose=Purpose.PAYMENT)
def score(request: WithActor) -> HttpResponse:
    """Give a facility its first score of a quarter."""
    form = ScoreForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda: actions.score_quality(
            **form.cleaned_data, by=request.actor, on=timezone.localdate()
        )
    ):
        messages.success(request, _("The score is on record."))
        return redirect("health_equity:score")
    status = 422 if form.errors else 200
    return render(request, "health_equity/score.html", {"form": form}, status=status)


@require_GET
@access.declared(queries.VERIFY_SCORE, purpose=Purpose.PAYMENT)
def scores(request: WithActor) -> HttpResponse:
    """List the scores of quality, those that wait for verification with a form."""
    rows = queries.scores(by=request.actor)[:200]
    listed = [
        (one, VerifyScoreForm(auto_id=f"score{one.pk}_%s") if one.after is None else None)
        for one in rows
    ]
    return render(request, "health_equity/scores.html", {"rows": listed})


@require_POST
@access.declared(queries.VERIFY_SCORE, purpose=Purpose.PAYMENT)
def verify_score(request: WithActor, score_id: UUID) -> HttpResponse:
    """Give the score after verification."""
    form = VerifyScoreForm(request.POST)
    if not form.carry_out(
        lambda: actions.verify_score(score_id=score_id, **form.cleaned_data, by=request.actor)
    ):
        messages.error(request, explain(actions.ScoreImpossible()))
    return redirect("health_equity:scores")
