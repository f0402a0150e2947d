"""One household: as it is now, or as it was recorded for a past day."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access, navigation
from spean.kernel.access import Actor, Purpose
from spean.kernel.edge import WithActor
from spean.kernel.navigation import Link
from spean.locations import queries as locations
from spean.registry import queries
from spean.registry.forms.households import DayForm
from spean.registry.models.households import Relation
from spean.registry.queries import HouseholdState

SEE = (Purpose.REGISTRATION, Purpose.TARGETING, Purpose.CARE, Purpose.OVERSIGHT)


@require_GET
@access.declared("registry.view_household", purpose=SEE)
def household(request: WithActor, household_id: UUID) -> HttpResponse:
    """Show a household on a day (today if none is asked for), its cards and its changes."""
    today = timezone.localdate()
    form = DayForm(request.GET if DayForm.asked(request.GET) else None, today=today)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    try:
        state = queries.household_as_of(household_id, by=request.actor, on=day)
    except queries.NotYetRegistered as error:
        form.add_refusal(error)
        state = queries.household_as_of(household_id, by=request.actor, on=today)
    changes = queries.changes_of(state.household, by=request.actor)[:10]
    context = {
        "state": state,
        "members": [(member, Relation(member.relation).label) for member in state.members],
        "place": locations.path(state.village.code, on=state.on),
        "changes": changes,
        "day_form": form,
        "is_past": state.on < today,
        "links": _links(state, request.actor) if state.on == today else [],
    }
    return render(request, "registry/household.html", context)


def _links(state: HouseholdState, by: Actor) -> list[Link]:
    """Give what the actor may do with the household, unless it is closed."""
    if state.household.dissolved_on is not None:
        return []
    return navigation.about("household", by=by, area=state.household.village.code)
