"""A month's sample: drawn, taken, checked, closed; what a facility must mend; what stands out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from spean.health_equity import actions
from spean.health_equity.forms.verification import CheckForm, DrawForm, MendForm
from spean.health_equity.models import Sample, SampledClaim
from spean.health_equity.queries import verification as queries
from spean.health_equity.queries.words import LEVELS, OUTLIERS, STAYS
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.i18n import explain

READS = (Purpose.PAYMENT, Purpose.OVERSIGHT)
PAGE = 50


@require_http_methods(["GET", "POST"])
@access.declared(queries.SEE, purpose=READS)
def samples(request: WithActor) -> HttpResponse:
    """List the samples, the newest first; draw one."""
    may = access.allows(request.actor, queries.DRAW, area="")
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draw_sample(**form.cleaned_data, by=request.actor)
        except SpeanError as error:
            if error.status == 403:
                raise
            form.add_refusal(error)
        else:
            return redirect("health_equity:sample", made.pk)
    rows, following = page_of(
        queries.samples(by=request.actor), cursor=request.GET.get("cursor"), limit=PAGE, key="-id"
    )
    context = {"rows": rows, "next_cursor": following, "form": form, "may_draw": may}
    status = 422 if form.errors else 200
    return render(request, "health_equity/samples.html", context, status=status)


@require_GET
@access.declared(queries.SEE, purpose=READS)
def sample(request: WithActor, sample_id: UUID) -> HttpResponse:
    """Show a sample: its strata, its claims, what came of it, and what stands out in the month."""
    found = queries.sample(sample_id, by=request.actor)
    rows = list(queries.to_check(found, by=request.actor))
    context = {
        "sample": found,
        "strata": [_stratum(one) for one in found.strata],
        "rows": rows,
        "left": sum(not one.checked_by for one in rows),
        "estimate": (found.result or {}).get("estimate"),
        "facilities": _of_facilities(found, rows),
        "outliers": [
            (one, OUTLIERS[one.reason])
            for one in queries.outliers(found.scheme, found.month, by=request.actor)
        ],
        "may_check": access.allows(request.actor, queries.CHECK_CLAIMS, area=""),
        "may_close": found.result is None and access.allows(request.actor, queries.DRAW, area=""),
        "back_url": reverse("health_equity:samples"),
    }
    return render(request, "health_equity/sample.html", context)


def _of_facilities(found: Sample, rows: Sequence[SampledClaim]) -> list[tuple[str, Any]]:
    """Give what each facility gives back, by its name."""
    names = {one.claim.facility.code: one.claim.facility.name for one in rows}
    of_each = (found.result or {}).get("facilities", {})
    return [(names.get(code, code), one) for code, one in of_each.items()]


def _stratum(one: dict[str, object]) -> dict[str, object]:
    level, _colon, kind = str(one["code"]).partition(":")
    return one | {"level": LEVELS.get(level, level), "kind": STAYS[kind]}


@require_POST
@access.declared(queries.DRAW, purpose=Purpose.PAYMENT)
def close(request: WithActor, sample_id: UUID) -> HttpResponse:
    """Close a sample that is checked whole."""
    try:
        actions.close_sample(
            sample_id=sample_id, by=request.actor, on=timezone.localdate(), at=timezone.now()
        )
    except (actions.NotAllChecked, actions.SampleClosed) as error:
        messages.error(request, explain(error))
    else:
        messages.success(request, _("The sample is closed, and what follows is worked out."))
    return redirect("health_equity:sample", sample_id)


@require_http_methods(["GET", "POST"])
@access.declared(queries.CHECK_CLAIMS, purpose=Purpose.PAYMENT)
def check(request: WithActor, sampled_id: int) -> HttpResponse:
    """Check a claim of a sample; whoever opens it takes it, if it is free."""
    found = queries.sampled(sampled_id, by=request.actor)
    form = CheckForm(request.POST or None, initial=_before(found))
    if request.method == "POST":
        if form.carry_out(lambda: _check(request, found, form)):
            return redirect("health_equity:sample", found.sample_id)
    elif not found.taken_by and found.sample.result is None:
        found.taken_by = actions.take_claim(sampled_id=found.pk, by=request.actor).taken_by
    context = {
        "row": found,
        "lines": found.claim.lines.order_by("place"),
        "form": form,
        "is_mine": found.taken_by == request.actor.name and found.sample.result is None,
        "back_url": reverse("health_equity:sample", args=[found.sample_id]),
    }
    status = 422 if form.errors else 200
    return render(request, "health_equity/check.html", context, status=status)


def _before(found: SampledClaim) -> dict[str, object]:
    if found.checked_by:
        names = ("on_paper", "by_phone", "finding", "right_amount", "note")
        return {name: getattr(found, name) for name in names}
    return {"right_amount": found.amount}


def _check(request: WithActor, found: SampledClaim, form: CheckForm) -> None:
    actions.check_claim(
        sampled_id=found.pk, found=actions.Found(**form.cleaned_data), by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


@require_GET
@access.declared(queries.MEND, purpose=Purpose.PAYMENT)
def to_mend(request: WithActor) -> HttpResponse:
    """List what facilities must mend, and what they say they have done."""
    rows = queries.actions_of(by=request.actor)[:200]
    context = {
        "rows": [
            (one, None if one.answer else MendForm(auto_id=f"mend{one.pk}_%s")) for one in rows
        ],
        "today": timezone.localdate(),
    }
    return render(request, "health_equity/to_mend.html", context)


@require_POST
@access.declared(queries.MEND, purpose=Purpose.PAYMENT)
def mend(request: WithActor, action_id: UUID) -> HttpResponse:
    """Say what a facility has done."""
    try:
        actions.answer_action(
            action_id=action_id, answer=request.POST.get("answer", ""), by=request.actor,
            on=timezone.localdate(),
        )  # fmt: skip
    except (actions.GroundsNeeded, actions.MendedAlready) as error:
        messages.error(request, explain(error))
    return redirect("health_equity:to_mend")
