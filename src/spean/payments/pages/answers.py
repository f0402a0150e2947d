"""What channels answered: files taken in, what each did, and rows about which a person decides."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.formats import riel
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain_stored
from spean.payments import actions, queries
from spean.payments.forms import AnswersForm, GroundsForm
from spean.payments.models import VERDICTS, AnswerFile
from spean.payments.queries import EFFECTS, VIEW
from spean.payments.rules import Verdict

PAGE = 25
SHOWN = 200
MONEY = (Purpose.PAYMENT, Purpose.OVERSIGHT)


@require_http_methods(["GET", "POST"])
@access.declared(VIEW, purpose=MONEY)
def answer_files(request: WithActor) -> HttpResponse:
    """List the files that channels sent, and take one in."""
    form = AnswersForm(request.POST or None, request.FILES or None)
    kept: list[AnswerFile] = []
    if request.method == "POST" and form.carry_out(lambda: kept.append(_receive(request, form))):
        if kept[0].was_known:
            said = _("This file was taken in before. It changed nothing; this is what it did then.")
            messages.warning(request, said)
        return redirect("payments:answer_file", kept[0].pk)
    rows, following = page_of(
        queries.answer_files(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE,
        key="-id",
    )  # fmt: skip
    context = {
        "form": form, "rows": rows, "next_cursor": following,
        "may_send": access.allows(request.actor, queries.RELEASE, area=""),
    }  # fmt: skip
    return render(request, "payments/answer_files.html", context)


def _receive(request: WithActor, form: AnswersForm) -> AnswerFile:
    file = form.cleaned_data["file"]
    return actions.receive_answers(
        file=file, name=file.name, by=request.actor, on=timezone.localdate()
    )


@require_GET
@access.declared(VIEW, purpose=MONEY)
def answer_file(request: WithActor, file_id: UUID) -> HttpResponse:
    """Show what a file did: rows that paid, rows that can't be read, rows for a person."""
    return _answer_file(request, queries.answer_file(file_id, by=request.actor))


def _answer_file(
    request: WithActor, kept: AnswerFile, refused: SpeanForm | None = None
) -> HttpResponse:
    context = {
        "file": kept,
        "effects": [(EFFECTS[effect], count) for effect, count in kept.effects.items()],
        "unreadable": [(one["row"], explain_stored(one)) for one in kept.unreadable],
        "odd": list(_odd(kept, refused)),
        "form": refused,
        "sees_payees": access.allows(request.actor, queries.VIEW_PAYEES, area=""),
        "may_decide": access.allows(request.actor, queries.APPROVE, area=""),
        "back_url": reverse("payments:answer_files"),
    }
    status = 422 if refused else 200
    return render(request, "payments/answer_file.html", context, status=status)


def _odd(kept: AnswerFile, refused: SpeanForm | None) -> Iterator[dict[str, Any]]:
    """Give the rows about which a person decides, each with what can be decided and its form."""
    rows = list(queries.answers_for_a_person(kept)[:SHOWN])
    possible = queries.possible(rows)
    for row in rows:
        yield {
            "row": row,
            "effect": EFFECTS[row.effect],
            "verdicts": [(one.value, _said(one, holds)) for one, holds in possible[row.pk].items()],
            "form": _form(row.pk).or_refused(refused),
        }


def _said(verdict: Verdict, holds: Decimal) -> str:
    words = str(VERDICTS[verdict])
    return f"{words}: {riel(holds)}" if verdict == Verdict.PARTLY else words


def _form(answer_id: int, data: Any = None) -> GroundsForm:
    return GroundsForm.of_row(f"row{answer_id}", data)


@require_POST
@access.declared(queries.APPROVE, purpose=Purpose.PAYMENT)
def decide_answer(request: WithActor, answer_id: int) -> HttpResponse:
    """Decide about an answer that goes against the books."""
    found, form = queries.answer_for(answer_id), _form(answer_id, request.POST)
    if not form.carry_out(lambda: actions.decide_answer(
        answer_id=answer_id, verdict=request.POST.get("verdict", ""),
        grounds=form.cleaned_data["grounds"], by=request.actor, on=timezone.localdate(),
    )):  # fmt: skip
        return _answer_file(request, queries.answer_file(found.file_id, by=request.actor), form)
    messages.success(request, _("Your decision is on record."))
    return redirect("payments:answer_file", found.file_id)
