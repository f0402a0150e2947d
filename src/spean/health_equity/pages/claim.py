"""One claim: its lines, how each was judged and why; appeal, answer, and a reviewer's judgement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from spean.health_equity import actions
from spean.health_equity.forms.claims import (
    AnswerForm,
    AppealForm,
    JudgementForm,
    WithdrawClaimForm,
)
from spean.health_equity.models import Claim, Document
from spean.health_equity.queries import claims as queries
from spean.health_equity.queries.cases import case_of
from spean.health_equity.queries.judgements import explained
from spean.health_equity.queries.statements import correction_of
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.formats import riel
from spean.kernel.i18n import explain

READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)


@require_GET
@access.declared(queries.VIEW, purpose=READS)
def claim(request: WithActor, claim_id: UUID) -> HttpResponse:
    """Show one claim: its lines, how each was judged and why, and what can be done."""
    return _show(request, claim_id)


def _show(request: WithActor, claim_id: UUID, **refused: Any) -> HttpResponse:
    """Show a claim, with the forms that were refused in place of empty ones."""
    found = queries.claim(claim_id, by=request.actor)
    judged = [explained(found, one) for one in found.judged]
    context = {
        "claim": found,
        "judged": judged,
        "case": case_of(found),
        "correction": correction_of(found),
        "documents": [Document(one).label for one in found.documents],
        **_own_forms(request, found),
        **_review_forms(request, found),
        **refused,
        "back_url": reverse("health_equity:claims"),
    }
    status = 422 if refused else 200
    return render(request, "health_equity/claim.html", context, status=status)


def _own_forms(request: WithActor, found: Claim) -> dict[str, Any]:
    """Give the forms with which the facility may go on."""
    if not access.allows(request.actor, queries.SUBMIT, area=found.area):
        return {}
    state = Claim.State(found.state)
    last = queries.objectionable(found)
    appealable = last and timezone.localdate() <= queries.last_day_of_appeal(last)
    withdrawable = state in (Claim.State.SUBMITTED, Claim.State.HELD, Claim.State.REJECTED)
    return {
        "appeal_form": AppealForm() if appealable else None,
        "withdraw_form": WithdrawClaimForm() if withdrawable else None,
        "may_claim_rest": state in (Claim.State.REDUCED, Claim.State.REJECTED),
    }


@require_POST
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
def withdraw(request: WithActor, claim_id: UUID) -> HttpResponse:
    """Withdraw a claim that is wrong."""
    form = WithdrawClaimForm(request.POST)
    if form.carry_out(lambda: actions.withdraw_claim(
        claim_id=claim_id, reason=form.cleaned_data["reason"], by=request.actor,
        on=timezone.localdate(),
    )):  # fmt: skip
        messages.success(request, _("The claim is withdrawn."))
        return redirect("health_equity:claim", claim_id)
    return _show(request, claim_id, withdraw_form=form)


@require_POST
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
def remainder(request: WithActor, claim_id: UUID) -> HttpResponse:
    """Claim what the payers asked so far left from the next one."""
    try:
        made = actions.claim_remainder(claim_id=claim_id, by=request.actor, on=timezone.localdate())
    except actions.NothingLeft as error:
        messages.error(request, explain(error))
        return redirect("health_equity:claim", claim_id)
    messages.success(request, _("The rest is claimed from the next payer."))
    return redirect("health_equity:claim", made.pk)


@require_POST
@access.declared(queries.SUBMIT, purpose=Purpose.PAYMENT)
def appeal(request: WithActor, claim_id: UUID) -> HttpResponse:
    """Appeal against the last judgement."""
    form = AppealForm(request.POST)
    if form.carry_out(lambda: actions.appeal_claim(
        claim_id=claim_id, text=form.cleaned_data["text"], by=request.actor,
        on=timezone.localdate(),
    )):  # fmt: skip
        messages.success(request, _("The appeal is made; a reviewer answers."))
        return redirect("health_equity:claim", claim_id)
    return _show(request, claim_id, appeal_form=form)


def _review_forms(request: WithActor, found: Claim) -> dict[str, Any]:
    """Give the forms with which a reviewer may go on."""
    by = request.actor
    judged = found.state not in (Claim.State.SUBMITTED, Claim.State.WITHDRAWN)
    if not judged or not access.allows(by, queries.REVIEW, area=found.area):
        return {}
    open_appeal = queries.open_appeal(found)
    if open_appeal is not None:
        return {"answer_form": _form(found, AnswerForm), "open_appeal": open_appeal}
    return {"judgement_form": _form(found, JudgementForm)}


def _form(found: Claim, kind: type[JudgementForm], data: Any = None) -> Any:
    last = queries.last_judgement(found)
    proposed = {one["place"]: one["amount"] for one in last.lines} if last else {}
    lines = list(found.lines.order_by("place"))
    return kind(data, lines=lines, proposed=proposed)


@require_POST
@access.declared(queries.REVIEW, purpose=Purpose.PAYMENT)
def override(request: WithActor, claim_id: UUID) -> HttpResponse:
    """Judge a claim by a person."""
    form = _form(queries.claim_for(claim_id), JudgementForm, request.POST)
    if form.carry_out(lambda: actions.override_claim(
        claim_id=claim_id, amounts=form.amounts, reason=form.cleaned_data["reason"],
        by=request.actor, on=timezone.localdate(),
    )):  # fmt: skip
        messages.success(request, _kept(queries.claim_for(claim_id)))
        return redirect("health_equity:claim", claim_id)
    return _show(request, claim_id, judgement_form=form)


def _kept(found: Claim) -> str:
    """Say that a judgement is kept and, of a claim that was stated, what follows."""
    correction = correction_of(found)
    if correction is None or not correction.next:
        return _("The judgement is kept.")
    words = _("The judgement is kept. The next statement of the facility adds %(amount)s.")
    return words % {"amount": riel(correction.next)}


@require_POST
@access.declared(queries.REVIEW, purpose=Purpose.PAYMENT)
def answer(request: WithActor, appeal_id: UUID) -> HttpResponse:
    """Answer a facility's appeal."""
    appeal = queries.appeal_for(appeal_id)
    form = _form(appeal.claim, AnswerForm, request.POST)
    if form.carry_out(lambda: actions.answer_appeal(
        appeal_id=appeal_id, upheld=form.cleaned_data["upheld"] == "yes", amounts=form.amounts,
        answer=form.cleaned_data["reason"], by=request.actor, on=timezone.localdate(),
    )):  # fmt: skip
        messages.success(request, _("The appeal is answered."))
        return redirect("health_equity:claim", appeal.claim_id)
    return _show(request, appeal.claim_id, answer_form=form, open_appeal=appeal)
