"""Deaths of mothers and children: told of, listed, reviewed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import page_of
from spean.kernel.edge import WithActor
from spean.kernel.form_page import answer
from spean.maternal_child import actions, queries
from spean.maternal_child.forms import DeathForm, ReviewForm
from spean.maternal_child.models import Delay

NOTIFY, VIEW = "maternal_child.notify_death", "maternal_child.view_deaths"
REVIEW = "maternal_child.review_death"
PAGE = 25


@require_http_methods(["GET", "POST"])
@access.declared(NOTIFY, purpose=Purpose.CARE)
def notify(request: WithActor, person_id: UUID) -> HttpResponse:
    """Tell of a death."""
    today = timezone.localdate()
    home = queries.home_for(person_id, permission=NOTIFY, by=request.actor, on=today)
    back = reverse("maternal_child:care", args=[home.household_id])
    form = DeathForm(request.POST or None)
    return answer(
        request, form,
        lambda: actions.notify_death(
            person_id=person_id, **form.cleaned_data, by=request.actor, on=today
        ),
        title=_("Tell of a death"), done=_("The death is notified."),
        then=lambda made: back, caption=str(home.person), back_url=back,
    )  # fmt: skip


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def deaths(request: WithActor) -> HttpResponse:
    """List the deaths of the actor's areas, the newest first."""
    found = queries.deaths(by=request.actor)
    rows, following = page_of(found, cursor=request.GET.get("cursor"), limit=PAGE, key="-id")
    context = {"rows": rows, "next_cursor": following}
    return render(request, "maternal_child/deaths.html", context)


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def death(request: WithActor, death_id: UUID) -> HttpResponse:
    """Show one death and its review."""
    found = queries.death(death_id, by=request.actor)
    may = access.allows(request.actor, REVIEW, area=found.village.code)
    context = {
        "death": found,
        "delays": [Delay(one).label for one in found.delays],
        "may_review": may and found.reviewed_on is None,
    }
    return render(request, "maternal_child/death.html", context)


@require_http_methods(["GET", "POST"])
@access.declared(REVIEW, purpose=Purpose.CARE)
def review(request: WithActor, death_id: UUID) -> HttpResponse:
    """Write down what the review found."""
    found = queries.death(death_id, by=request.actor)
    form = ReviewForm(request.POST or None)
    back = reverse("maternal_child:death", args=[death_id])
    return answer(
        request, form,
        lambda: actions.review_death(
            death_id=death_id, review=form.review(), by=request.actor, on=timezone.localdate()
        ),
        title=_("Review of a death"), done=_("The review is recorded."),
        then=lambda made: back, caption=str(found.person), back_url=back,
    )  # fmt: skip
