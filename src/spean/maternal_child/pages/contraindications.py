"""What stands against giving a child a vaccine: recorded, ended, taken back."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.form_page import answer, taken_back
from spean.maternal_child import actions, queries
from spean.maternal_child.forms import ContraindicationForm, EndContraindicationForm

RECORD = "maternal_child.record_contact"


def _page(person_id: UUID) -> str:
    return reverse("maternal_child:child", args=[person_id])


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def record(request: WithActor, person_id: UUID) -> HttpResponse:
    """Record what stands against vaccines."""
    today, by = timezone.localdate(), request.actor
    home = queries.home_for(person_id, permission=RECORD, by=by, on=today)
    form = ContraindicationForm(request.POST or None, initial={"since": today})
    return answer(
        request, form,
        lambda: actions.record_contraindication(
            person_id=person_id, **form.cleaned_data, by=by, on=today
        ),
        title=_("Not to be vaccinated"), done=_("The condition is recorded."),
        then=lambda made: _page(person_id), caption=str(home.person), back_url=_page(person_id),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@access.declared(RECORD, purpose=Purpose.CARE)
def end(request: WithActor, person_id: UUID, contraindication_id: UUID) -> HttpResponse:
    """Say that it has passed."""
    today, by = timezone.localdate(), request.actor
    home = queries.home_for(person_id, permission=RECORD, by=by, on=today)
    form = EndContraindicationForm(request.POST or None, initial={"until": today})
    return answer(
        request, form,
        lambda: actions.end_contraindication(
            contraindication_id=contraindication_id, **form.cleaned_data, by=by, on=today
        ),
        title=_("It has passed"), done=_("The end is recorded."),
        then=lambda made: _page(person_id), caption=str(home.person), back_url=_page(person_id),
    )  # fmt: skip


@require_POST
@access.declared(RECORD, purpose=Purpose.CARE)
def withdraw(request: WithActor, person_id: UUID, contraindication_id: UUID) -> HttpResponse:
    """Take back what was recorded in error."""
    return taken_back(
        request,
        lambda reason: actions.withdraw_contraindication(
            contraindication_id=contraindication_id, reason=reason, by=request.actor,
            on=timezone.localdate(),
        ),
        done=_("It is taken back."), back_url=_page(person_id),
    )  # fmt: skip
