"""What one household is owed today, and why; and the programmes on whose list it stands."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.i18n import explain
from spean.programmes import actions, queries
from spean.programmes.queries.words import CRITERIA, per, programme_name

PURPOSES = (Purpose.TARGETING, Purpose.OVERSIGHT)


@require_GET
@access.declared("programmes.view_entitlements", purpose=PURPOSES)
def entitlements(request: WithActor, household_id: UUID) -> HttpResponse:
    """Show, for each programme in force today, what the household is owed and what held."""
    found = queries.entitlements_of(household_id, by=request.actor, on=timezone.localdate())
    standing = queries.states_of(household_id, by=request.actor)
    may_ask = access.allows(request.actor, queries.ASK, area=found.village)
    shown = [
        {
            "code": code,
            "name": programme_name(code),
            "per": per(code),
            "amount": one.facts["amount"],
            "criteria": [(CRITERIA[test.name], test.held) for test in one.criteria],
            "sources": one.policies,
            "enrolment": standing.get(code),
            "may_ask": may_ask and one.facts["amount"] and code not in standing,
        }
        for one in found.decisions
        for code in (one.kind.removeprefix("programmes."),)
    ]
    context = {
        "found": found,
        "programmes": shown,
        "back_url": reverse("registry:household", args=[household_id]),
    }
    return render(request, "programmes/entitlements.html", context)


@require_POST
@access.declared(queries.ASK, purpose=Purpose.TARGETING)
def ask_for(request: WithActor, household_id: UUID, programme: str) -> HttpResponse:
    """Put a family that asks on the list of candidates."""
    try:
        actions.ask_for(
            programme=programme, household_id=household_id, by=request.actor,
            on=timezone.localdate(),
        )  # fmt: skip
    except (actions.InAlready, actions.NotEntitled) as error:
        messages.error(request, explain(error))
        return redirect("programmes:entitlements", household_id)
    return redirect("programmes:enrolment", programme, household_id)
